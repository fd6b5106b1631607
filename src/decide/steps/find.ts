import { unreachable } from '../../diagnostics/index.js'
import type { Step, Template } from '../../model/index.js'
import { isLost, mapPath, mappedFilename, rootDirectory } from '../mapping.js'
import { handedOn, tell } from '../environment.js'
import { joined } from '../path.js'
import { answer, statusAnswer, type Mapped, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { countRedirect, forget, leavePhase, ownLocation, redirectInside } from './redirected.js'

/** Tries names in turn; the first that exists becomes the current path, else the last one answers. */
export function tryFiles(state: State): StepResult {
  const setting = state.settings.tryFiles
  if (setting === undefined || state.taken !== undefined) return undefined
  if (isLost(state)) return statusAnswer(500, 'the path was rewritten below an alias', setting.origin)
  const { candidates, last } = setting.value
  const root = state.settings.root?.value
  for (const candidate of candidates) {
    const path = currentPath(state, candidate.path)
    const filename = root === undefined ? path : lookedUp(state, root, path)
    if (state.surroundings.files.kind(filename.replace(/(.)\/$/, '$1')) !== candidate.what) continue
    if (candidate.what === 'file' && filename.endsWith('/')) continue
    state.trace?.push({
      step: 'try-files',
      text: `${filename} is there`,
      ...(setting.origin === undefined ? {} : { origin: setting.origin })
    })
    state.path = locationPrefix(state) + path
    state.foundBelow = root?.kind === 'whole'
    state.mapped = undefined
    return undefined
  }
  switch (last.kind) {
    case 'none':
      return undefined
    case 'status':
      return statusAnswer(last.status, 'none of the names tried is there', setting.origin)
    case 'named': {
      const over = countRedirect(state)
      if (over !== undefined) return over
      leavePhase(state)
      forget(state)
      state.named = last.name
      return { kind: 'restart', from: 'url-scopes' }
    }
    case 'uri': {
      if (last.lookedUp !== undefined) return lookedUpFirst(state, setting)
      const text = currentPath(state, last.to)
      const mark = text.indexOf('?')
      const path = mark < 0 ? text : text.slice(0, mark)
      return redirectInside(state, path, mark < 0 ? undefined : text.slice(mark + 1))
    }
  }
}

/** Where what is no file and has no handler goes on, if that is there (mod_dir: `fixup_dflt`). */
export function fallbackOf(state: State): { readonly path: string; readonly method: string } | undefined {
  const { mapped, label, settings } = state
  const last = settings.tryFiles?.value.last
  if (last?.kind !== 'uri' || last.lookedUp === undefined) return undefined
  if (label !== undefined || mapped?.located !== 'missing' || mapped.passedTo !== undefined) return undefined
  const name = renderText(last.to, { state }).replace(/\?[^]*/, '')
  return { path: requested(state, name), method: last.lookedUp }
}

/** Looked up as an index is: what is refused stays so, and what is not there changes nothing. */
function lookedUpFirst(state: State, { origin }: TryFilesSetting): StepResult {
  const fallback = fallbackOf(state)
  if (fallback === undefined) return undefined
  const { path, method } = fallback
  const look = state.looks.index(state, path, method)
  switch (look.kind) {
    case 'none':
      return undefined
    case 'answered':
      return look.outcome.kind === 'status' && look.outcome.status === 404 ? undefined : answer(look.outcome)
    case 'found':
      state.trace?.push({ step: 'try-files', text: `${path} is there`, ...(origin && { origin }) })
      return toFound(state, method, look.inner)
    default:
      return unreachable(look)
  }
}

/** What has no slash at its begin is a name in the same folder. */
function requested({ path }: State, name: string): string {
  return name.startsWith('/') ? name : path.slice(0, path.lastIndexOf('/') + 1) + name
}

type TryFilesSetting = NonNullable<State['settings']['tryFiles']>
type Root = NonNullable<State['settings']['root']>['value']

function lookedUp(state: State, root: Root, path: string): string {
  const directory = renderText(root.path, { state })
  // Below an alias the text is what follows the location's name.
  return root.kind === 'root' ? mappedFilename(root, directory, path) : directory + path
}

/** Below an alias a text with variables loses the location's name where it begins with it. */
function currentPath(state: State, template: Template): string {
  const text = renderText(template, { state })
  const prefix = locationPrefix(state)
  const hasVariables = template.some((part) => part.kind !== 'text')
  return hasVariables && text.startsWith(prefix) ? text.slice(prefix.length) : text
}

/** What an alias puts its directory in place of. */
function locationPrefix(state: State): string {
  const root = state.settings.root?.value
  return root?.kind === 'alias' ? state.path.slice(0, root.prefixLength) : ''
}

/** A directory asked for with its slash: the first index file that exists goes on instead. */
export function index(state: State, step: Extract<Step, { step: 'index' }>): StepResult {
  const setting = state.settings.index
  if (setting === undefined || state.taken !== undefined || !state.path.endsWith('/')) return undefined
  if ((step.methods !== undefined && !step.methods.includes(state.method)) || isLeftAlone(state))
    return undefined
  const mapped = (state.mapped ??= mapPath(state))
  if (mapped.pathInfo !== '') return undefined
  const { askedWith } = setting.value
  if (askedWith !== undefined) return askedIndex(state, mapped, setting, askedWith)
  const root = mapped.context === undefined ? mapped.documentRoot : rootDirectory(state)
  for (const [position, template] of setting.value.names.entries()) {
    const name = renderText(template, { state })
    const absolute = name.startsWith('/')
    const path = absolute ? name : state.path + name
    if (absolute && setting.value.how === 'redirect') return redirectInside(state, path, state.query)
    // Behind an alias without a slash a name follows at once.
    const own = setting.value.how === 'redirect' ? mapped.filename + name : joined(mapped.filename, name)
    const filename = absolute ? joined(root, name) : own
    const kind = state.surroundings.files.kind(filename)
    if (kind === 'forbidden') return statusAnswer(403, `no right to look at ${filename}`, setting.origin)
    if (kind === 'missing') {
      const objection =
        setting.value.how === 'redirect' ? noFolder(state, mapped.filename, setting) : undefined
      if (objection !== undefined) return objection
      continue
    }
    found(state, setting, filename, position)
    if (setting.value.how === 'redirect') return redirectInside(state, path, state.query)
    if (absolute) {
      tell(state, 'PATH_TRANSLATED_DIRINDEX', mapped.filename)
    }
    state.path = path
    state.mapped = { ...mapped, filename, located: kind === 'directory' ? 'directory' : 'file' }
    return undefined
  }
  return undefined
}

/** The first name that is missing has the folder looked for, before any other name is (`ngx_http_index_test_dir`). */
function noFolder(state: State, mapped: string, { origin }: IndexSetting): StepResult {
  const isClosed = mapped.length > 1 && mapped.endsWith('/')
  const folder = isClosed ? mapped.slice(0, -1) : mapped
  switch (state.surroundings.files.kind(folder)) {
    case 'directory':
    case 'forbidden':
      return undefined
    case 'missing':
      return statusAnswer(404, `${folder} does not exist`, origin)
    case 'file':
      return statusAnswer(isClosed ? 404 : 500, `${folder} is no folder`, origin)
  }
}

/** Whoever has the handler's name answers for the folder (mod_dir: `checkhandler`). */
function isLeftAlone({ settings, label }: State): boolean {
  return settings.handledFoldersLeft?.value === true && label !== undefined
}

type IndexSetting = NonNullable<State['settings']['index']>

function found(state: State, { origin }: IndexSetting, what: string, position: number): void {
  state.trace?.push({
    step: 'index',
    text: `${what} is there (name ${String(position + 1)} of the list)`,
    ...(origin === undefined ? {} : { origin })
  })
}

/**
 * Each name is looked up as a request of its own. One that is refused is passed over for those behind it; where none of
 * them is there, the last refusal stands, so that nobody is shown a list of the folder (mod_dir: `fixup_dir`).
 */
function askedIndex(state: State, mapped: Mapped, setting: IndexSetting, method: string): StepResult {
  if (mapped.located !== 'directory') return undefined
  const { names } = setting.value
  let refused: StepResult
  for (const [position, template] of names.entries()) {
    const name = renderText(template, { state })
    const path = name.startsWith('/') ? name : state.path + name
    const look = state.looks.index(state, path, method)
    if (look.kind === 'none') continue
    if (look.kind === 'found') {
      found(state, setting, look.inner.mapped?.filename ?? path, position)
      return toFound(state, method, look.inner)
    }
    const { outcome } = look
    // A redirect is handed on; and for anything but a refusal somebody must be asked first.
    if (outcome.kind !== 'status') return answer(outcome)
    const isLast = position === names.length - 1
    if (outcome.status === 401 && isLast) return answer(outcome)
    if (outcome.status !== 404) refused = statusAnswer(outcome.status, outcome.why, outcome.origin)
  }
  return refused
}

/** What guards said of it when it was looked up stays. */
function toFound(state: State, method: string, inner: State): StepResult {
  const { clientHeaders, leftType, leftStatus } = inner
  const told = inner.told.length > 0 ? inner.told : state.told
  state.ownMethod ??= state.method
  state.method = method
  const { ofFolder } = Object.assign(state, handedOn(state))
  const result = redirectInside(state, inner.path, state.query)
  Object.assign(state, { told, ofFolder, clientHeaders, leftType, leftStatus, cleared: true })
  return result
}

/** 301 to the same URL with a slash. */
export function slashDirectory(state: State, step: Extract<Step, { step: 'slash-directory' }>): StepResult {
  if (state.taken !== undefined || state.path.endsWith('/')) return undefined
  if (state.settings.slashRedirect?.value === false) return undefined
  const mapped = (state.mapped ??= mapPath(state))
  const kind = mapped.located ?? state.surroundings.files.kind(mapped.filename)
  if (kind !== 'directory' || mapped.pathInfo !== '') return undefined
  return answer({
    kind: 'redirect',
    status: 301,
    location: ownLocation(state, `${state.path}/`, step.location)
  })
}
