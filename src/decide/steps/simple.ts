import { evaluate } from '../condition.js'
import { isCollected } from '../environment.js'
import { escapingAlias, mapPath, rootDirectory } from '../mapping.js'
import { baseName } from '../path.js'
import { answer, statusAnswer, type Mapped, type State, type StepResult } from '../state.js'
import type { LabelRule, SettingOf, Step } from '../../model/index.js'
import { refusedByChecks } from './bind.js'
import { becomeUri, ownLocation } from './redirected.js'
import { scriptParts } from '../script.js'
import { atStandingPath } from '../standing-path.js'
import { renderText } from '../template.js'

type Of<K extends Step['step']> = Extract<Step, { step: K }>

/** Internal redirects are read by the rules in force as well. */
export function target(state: State): StepResult {
  if (state.settings.targetRules === undefined || state.redirects > 0 || state.before !== undefined)
    return undefined
  return becomeUri(state, state.received)
}

export function internalOnly(state: State): StepResult {
  const setting = state.settings.internalOnly
  if (setting?.value !== true || state.inner || state.internal) return undefined
  return statusAnswer(404, 'only internal redirects come here', setting.origin)
}

export function fileMethods(state: State, step: Of<'file-methods'>): StepResult {
  if (state.taken !== undefined || state.inner || step.methods.includes(state.method)) return undefined
  return statusAnswer(step.otherwise, `no file is answered to ${state.method}`, undefined)
}

/** Such a method has no file: the application is told none. */
export function untakenMethods(state: State, step: Of<'untaken-methods'>): StepResult {
  if (!step.methods.includes(state.method)) return undefined
  if (state.taken === undefined) {
    return statusAnswer(step.status, `nobody takes ${state.method} by its URL`, undefined)
  }
  state.urlSettled = true
  state.mapped = {
    documentRoot: '',
    context: undefined,
    filename: '',
    pathInfo: '',
    located: undefined,
    programs: undefined
  }
  return undefined
}

export function bodyLimit(state: State, step: Of<'body-limit'>): StepResult {
  const setting = state.settings.maxBodySize
  if (step.label !== undefined && step.label !== (state.label ?? state.mediaLabel)) return undefined
  const { body } = state.request
  if (setting === undefined || body.kind === 'none' || body.bytes === undefined) return undefined
  // Chunks are counted where they are read; a handler with a limit of its own asks once all of them are there.
  const isOfHandler = step.label !== undefined
  if (body.kind === 'chunked' && !isOfHandler && !state.bodyMeasured) return undefined
  const isLimit = setting.value > 0 || step.zero === 'limits'
  if (!isLimit || body.bytes <= setting.value || state.bodyDropped || state.withoutBody) return undefined
  state.bodyDropped = step.once === true
  const refused = step.label === undefined ? undefined : refusedByChecks(state)
  const why = `the body is larger than ${String(setting.value)} bytes`
  return refused ?? statusAnswer(step.status ?? 413, why, setting.origin)
}

export function slashLocation(state: State, step: Of<'slash-location'>): StepResult {
  if (!state.slashLocation) return undefined
  const location = ownLocation(state, `${state.path}/`, step.location ?? 'absolute')
  return answer({ kind: 'redirect', status: 301, location })
}

export function access(state: State): StepResult {
  const { access: rules, furtherAccess } = state.settings
  return refusedBy(rules, state) ?? refusedBy(furtherAccess, state)
}

function refusedBy(setting: SettingOf<'access' | 'furtherAccess'> | undefined, state: State): StepResult {
  if (setting === undefined) return undefined
  const rule = atStandingPath(state, () =>
    setting.value.rules.find((candidate) => evaluate(candidate.when, state).holds)
  )
  const allowed = rule === undefined ? setting.value.otherwise === 'allow' : rule.allow
  return allowed ? undefined : statusAnswer(403, 'access is denied', rule?.origin ?? setting.origin)
}

/** TRACE goes back as it came (RFC 9110, section 9.3.8). */
export function trace(state: State, step: Of<'trace'>): StepResult {
  if (state.method !== 'TRACE' || state.taken !== undefined) return undefined
  const setting = state.settings.traceEchoed
  if (setting?.value !== true) return statusAnswer(step.otherwise, 'TRACE is not answered', setting?.origin)
  const { method, target, protocol, headers } = state.request
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return answer({
    kind: 'status',
    status: 200,
    why: 'TRACE is answered by the server',
    body: `${method} ${target} ${protocol}\r\n${lines}\r\n`,
    mediaType: 'message/http'
  })
}

export function map(state: State): StepResult {
  if (state.mapped !== undefined && state.urlSettled) return undefined
  const escaping = escapingAlias(state)
  if (escaping !== undefined)
    return statusAnswer(403, 'the path leads out of the directory of the alias', escaping.origin)
  state.mapped = mapTaken(state) ?? mapPath(state)
  state.trace?.push({ step: 'map', text: `the path is mapped to ${state.mapped.filename}` })
  return undefined
}

/** What was taken by its URL is split already: where its script is, is mapped. */
function mapTaken(state: State): State['mapped'] {
  const { taken, path } = state
  if (taken?.kind !== 'application' || taken.stage !== 'url' || taken.binding.target.kind !== 'fastcgi')
    return undefined
  const { passedTo } = taken.binding.target
  if (passedTo !== undefined) return passedOn(state, renderText(passedTo, { state, rule: taken.groups }))
  const script = taken.member.overrides?.script ?? taken.binding.target.script
  const { name, pathInfo } = scriptParts(state, taken.binding.match, script, 'url', taken.groups)
  if (isCollected(state)) state.leftPathInfo = pathInfo
  // A script without a name lies where the root does.
  const mapped = mapPath(state, name === '' ? '/' : name)
  return { ...mapped, filename: mapped.filename + path.slice(Math.max(name.length, 1)) }
}

/** What goes on to another URL has no file here. */
export function passedOn(state: State, passedTo: string): Mapped {
  return {
    documentRoot: rootDirectory(state),
    context: undefined,
    filename: passedTo,
    pathInfo: '',
    located: 'missing',
    programs: undefined,
    passedTo
  }
}

/** The handler name and media type of the mapped file: by the scope, else by its extensions. */
export function label(state: State): StepResult {
  if (state.taken !== undefined || state.mapped === undefined) return undefined
  const { programs, filename } = state.mapped
  const names = state.settings.labels?.value ?? []
  const setting = state.settings.label
  state.mediaLabel = labelOf(names, 'media-type', filename)
  state.label ??= setting?.value ?? programs ?? labelOf(names, 'handler', filename)
  if (state.label !== undefined && state.trace !== undefined) {
    const origin = setting?.origin
    state.trace.push({
      step: 'label',
      text: `the handler is ${state.label}`,
      ...(origin === undefined ? {} : { origin })
    })
  }
  return undefined
}

/** Of several extensions that fit, the last one in the name counts. */
function labelOf(rules: readonly LabelRule[], what: LabelRule['what'], filename: string): string | undefined {
  const [, ...extensions] = baseName(filename).toLowerCase().split('.')
  let found: string | undefined
  for (const [index, extension] of extensions.entries()) {
    const rule = rules.find(
      (candidate) =>
        candidate.what === what &&
        candidate.extension.toLowerCase() === `.${extension}` &&
        (candidate.counts === 'any' || index === extensions.length - 1)
    )
    if (rule !== undefined) found = rule.label === '' ? undefined : rule.label
  }
  return found
}
