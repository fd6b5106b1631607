import {
  defaultHeadRules,
  parseSize,
  type FastcgiTarget,
  type ResponseRules,
  type SendRate,
  type Sendfile,
  type Template
} from '../model/index.js'
import { cacheStatus } from './cache.js'
import { evaluate } from './condition.js'
import { mediaTypeFor } from './media-type.js'
import { renderParams } from './params.js'
import { isPlainStatus } from './plain-status.js'
import { Unsupported, type State, type Taken } from './state.js'
import { renderText } from './template.js'
import type { AddedHeader, AnswerParts, Outcome } from './types.js'

/** What holds for answers where the configuration's reader says nothing. */
const plainResponse: ResponseRules = {
  hide: ['status'],
  location: 'redirect',
  statuses: { malformed: 502, closed: 502, timeout: 504, unreachable: 503 },
  invalidStatus: 'malformed',
  repeated: 'apart',
  ranges: false
}

export function unreachableStatus(state: State): number {
  return (state.settings.response?.value ?? plainResponse).statuses.unreachable
}

export function fastcgiOutcome(state: State, taken: Taken, target: FastcgiTarget): Outcome {
  const script = taken.member.overrides?.script ?? target.script
  const params = target.params ?? state.settings.params?.value ?? { entries: [] }
  const { overrides } = taken.member
  const own = overrides?.sendfile ?? target.sendfile ?? state.settings.sendfile?.value
  const sendfile = own === 'none' ? undefined : own
  const root = overrides?.rootWhenAllowed ?? target.rootWhenAllowed
  const rendered = renderParams(state, taken, taken.binding, target.role, script, params)
  if (rendered === 'differ') {
    const why = 'a param changed its length while the params were written'
    return { kind: 'status', status: 500, why, origin: taken.binding.origin }
  }
  const stored = cacheStatus(state)
  const told = state.settings.toldOfApplications
  const ownErrors = state.settings.ownErrors?.value
  const fileType = fileTypeOf(state)
  return {
    kind: 'fastcgi',
    role: target.role,
    pool: taken.pool,
    member: taken.member,
    params: rendered,
    ...(state.wantsBody ? { wantsBody: true } : {}),
    ...(stored === undefined ? {} : { cacheStatus: stored }),
    sendsBody:
      target.role === 'responder' &&
      target.withholdsBody !== true &&
      !state.withoutBody &&
      !state.bodyDropped,
    ...(streamsBody(state, target) && { streamsBody: true }),
    ...(chunksAtOnce(state, target) && { chunksAtOnce: true }),
    response: responseRules(state, target),
    ...(root === undefined || root === 'none' ? {} : { rootWhenAllowed: renderText(root, { state }) }),
    ...(sendfile === undefined ? {} : { sendfile: withLinks(state, sendfile) }),
    ...(sendfile?.named === 'in-folder' && { sendfileFolder: askedFolder(state) }),
    ...(target.ownErrors === true && ownErrors !== undefined ? { ownErrors } : {}),
    ...(fileType !== undefined && { fileType }),
    ...(state.errorPaged && { inPlaceOfError: true }),
    ...(told !== undefined && told.value > 0 && { told: told.value }),
    origin: taken.binding.origin
  }
}

/** Only what was looked at has a type; a folder has one that is never sent for it itself. */
function fileTypeOf(state: State): string | undefined {
  const { mapped } = state
  if (state.settings.response?.value.untypedAsFile !== true || mapped?.located === undefined) return undefined
  return mapped.located === 'directory' ? 'httpd/unix-directory' : mediaTypeFor(state, mapped.filename)
}

function streamsBody({ settings, request }: State, target: FastcgiTarget): boolean {
  return (
    target.streamsBody === true || (settings.streamsBody?.value === true && request.body.kind === 'length')
  )
}

function chunksAtOnce({ settings, request, withoutBody }: State, target: FastcgiTarget): boolean {
  if (target.streamsBody === true || withoutBody) return false
  return settings.streamsBody?.value === true && request.body.kind === 'chunked'
}

/** That of the file which the URL of the client stands for, whatever became of it since. */
function askedFolder(state: State): string {
  const { filename } = state.looks.up(state, state.receivedPath)
  return filename.slice(0, filename.lastIndexOf('/') + 1)
}

function withLinks({ settings }: State, sendfile: Sendfile): Sendfile {
  return settings.symlinks?.value === 'refused' ? { ...sendfile, symlinks: 'refused' } : sendfile
}

/** A header with something in it that is not known here is left out, rather than told wrong. */
export function addedHeaders(state: State, answer: AnswerParts | undefined): readonly AddedHeader[] {
  const ofGuards = state.clientHeaders.map(([name, value]) => ({ name, value, always: true }))
  const { settled, settings, site } = state
  const setting = site.changesHeaders ? settled?.responseHeaders : settings.responseHeaders
  let soFar = answer
  const asked = (setting?.value ?? []).flatMap(({ name, value, always, set }) => {
    const text = known(() => renderText(value, { state, answer: soFar }))
    if (text === undefined) {
      state.trace?.push({ step: 'answer', text: `the header ${name} is made of something not known here` })
      return []
    }
    const added = { name, value: text, always, ...(set && { set }) }
    soFar = withAdded(soFar, added)
    return [added]
  })
  return [...ofGuards, ...asked]
}

/** Headers that are made of the answer's see those that were added before them. */
function withAdded(
  answer: AnswerParts | undefined,
  { name, value, always, set }: AddedHeader
): typeof answer {
  const { sent } = answer ?? {}
  if (answer === undefined || sent === undefined || value === '') return answer
  if (!always && !isPlainStatus(sent.status)) return answer
  const kept =
    set === true ? sent.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase()) : sent.headers
  return { ...answer, sent: { ...sent, headers: [...kept, [name, value]] } }
}

/** What is made of something not known here is empty. */
export function renderedFor(state: State, template: Template, answer: AnswerParts | undefined): string {
  return known(() => renderText(template, { state, answer })) ?? ''
}

/** In bytes a second; a text that is no size counts as 0. */
export function sendRate(state: State, answer: AnswerParts | undefined): SendRate {
  const { bytesPerSecond, after } = state.settings.sendRate?.value ?? { bytesPerSecond: 0, after: 0 }
  const size = (of: number | Template): number =>
    typeof of === 'number' ? of : (parseSize(renderedFor(state, of, answer), false) ?? 0)
  return { bytesPerSecond: state.sendRate ?? size(bytesPerSecond), after: size(after) }
}

function known(render: () => string): string | undefined {
  try {
    return render()
  } catch (error) {
    if (error instanceof Unsupported) return undefined
    throw error
  }
}

function responseRules(state: State, { unparsed }: FastcgiTarget): ResponseRules {
  const rules = state.settings.response?.value ?? plainResponse
  if (unparsed === undefined || !evaluate(unparsed, state).holds) return rules
  return { ...rules, head: { ...(rules.head ?? defaultHeadRules), unparsed: true } }
}
