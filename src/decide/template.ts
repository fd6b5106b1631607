import { unreachable } from '../diagnostics/index.js'
import type {
  AnswerFact,
  ComputedVariable,
  Regex,
  Template,
  TemplateFunction,
  TemplatePart
} from '../model/index.js'
import {
  encodePath,
  encodePathSmall,
  encodePathButSlashes,
  encodeQuery,
  escapeAll,
  escapeOnce,
  unescapePercent
} from './path.js'
import { evaluate } from './condition.js'
import { murmur2 } from './murmur.js'
import { encodeBytes } from '../diagnostics/index.js'
import type { Groups } from './regex.js'
import { Unsupported, type RenderContext } from './state.js'
import type { AnswerParts } from './types.js'
import { variableValue } from './variables.js'

/** The text of a template; what does not exist is empty. */
export function renderText(template: Template, context: RenderContext): string {
  if (template.length === 1) {
    const [only] = template
    return only === undefined ? '' : (partValue(only, context) ?? '')
  }
  let text = ''
  for (const part of template) text += partValue(part, context) ?? ''
  return text
}

/** As `renderText`; undefined if the template has variables and none of them exists. */
export function renderExisting(template: Template, context: RenderContext): string | undefined {
  let text = ''
  let asked = false
  let found = false
  for (const part of template) {
    const value = partValue(part, context)
    text += value ?? ''
    if (part.kind === 'text') continue
    asked = true
    if (value !== undefined) found = true
  }
  return asked && !found ? undefined : text
}

function partValue(part: TemplatePart, context: RenderContext): string | undefined {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'variable':
      return part.first === true
        ? firstValue(part.name, context, () => variableValue(part.name, context))
        : variableValue(part.name, context)
    case 'header':
      return header(part, context)
    case 'header-like':
      return headerLike(part.name, context)
    case 'argument':
      return pairValue(context.state.query ?? '', '&', part.name)
    case 'cookie':
      return pairValue(context.state.headers.get('cookie')?.join('; ') ?? '', ';', part.name)
    case 'capture':
      return capture(part, context)
    case 'user':
      return userVariable(part, context)
    case 'environment':
      return environmentValue(part.name, context)
    case 'first-of':
      for (const template of part.of) {
        const value = renderExisting(template, context)
        if (value !== undefined && value !== '') return value
      }
      return undefined
    case 'listed':
      return listed(part, context)
    case 'part': {
      const runnable = context.state.site.regexes.get(part.matching)
      if (runnable.kind === 'cannot-run') throw new Unsupported(runnable.why)
      return runnable.exec(renderText(part.of, context))?.numbered[1]
    }
    case 'tls':
      if (context.state.request.tls) throw new Unsupported(`what TLS says of \`${part.fact}\``)
      return undefined
    case 'answer':
      return part.first === true
        ? firstValue(JSON.stringify(part.of), context, () => ofAnswer(part.of, context))
        : ofAnswer(part.of, context)
    case 'apply':
      return applied(part.function, part.to, context)
    default:
      return unreachable(part)
  }
}

/** What is still to be read (`State.wantsBody`) was not told yet. */
function firstValue(
  key: string,
  { state }: RenderContext,
  value: () => string | undefined
): string | undefined {
  if (state.firstValues.has(key)) return state.firstValues.get(key)
  const told = value()
  if (!state.wantsBody) state.firstValues.set(key, told)
  return told
}

function environmentValue(name: string, { state }: RenderContext): string | undefined {
  const key = name.toLowerCase()
  return state.environment.findLast(([other]) => other.toLowerCase() === key)?.[1]
}

function headerLike(name: Regex, { state }: RenderContext): string | undefined {
  const runnable = state.site.regexes.get(name)
  if (runnable.kind === 'cannot-run') throw new Unsupported(runnable.why)
  const found = new Map<string, string>()
  for (const [header] of state.headerList) {
    const key = header.toLowerCase()
    if (!found.has(key)) found.set(key, header)
  }
  const last = [...found].findLast(([, sent]) => runnable.exec(sent) !== undefined)?.[0]
  return last === undefined ? undefined : state.headers.get(last)?.join(', ')
}

/** Lines that begin with a blank or `#` say nothing (mod_rewrite: `lookup_map_txtfile`). */
function listed(part: Extract<TemplatePart, { kind: 'listed' }>, context: RenderContext): string | undefined {
  const key = renderText(part.key, context)
  const text = context.state.surroundings.files.readText(part.in) ?? ''
  for (const line of text.split('\n')) {
    if (!line.startsWith(key) || line.startsWith('#') || /^\s/.test(line)) continue
    const value = /^\s+(\S+)/.exec(line.slice(key.length))?.[1]
    if (value !== undefined) return value
  }
  return renderText(part.otherwise, context)
}

/** Empty where what sets it was not reached; but what nothing sets is something that is not known here. */
function userVariable(
  { name, otherwise }: Extract<TemplatePart, { kind: 'user' }>,
  context: RenderContext
): string | undefined {
  const { state } = context
  const value = state.variables.get(name)
  const rule = value === undefined ? state.site.computed.get(name) : undefined
  if (rule !== undefined) return compute(rule, context)
  if (value === undefined && otherwise !== undefined) return renderExisting(otherwise, context)
  if (value === undefined && !state.site.variables.has(name))
    throw new Unsupported(`the variable \`$${name}\``)
  return value
}

/** Kept for the rest of the request, unless it is found anew each time. */
function compute({ name, cases, volatile }: ComputedVariable, context: RenderContext): string {
  const value = computed(cases, context)
  if (volatile !== true) context.state.variables.set(name, value)
  return value
}

function computed(cases: ComputedVariable['cases'], context: RenderContext): string {
  const { state, answer } = context
  for (const { when, value } of cases) {
    const { holds, groups } = evaluate(when, state, answer)
    if (holds) return renderText(value, { state, answer, rule: groups ?? state.last })
  }
  return ''
}

/** Empty where no application was asked yet. */
function ofAnswer(of: AnswerFact, context: RenderContext): string | undefined {
  const answer = context.answer ?? context.state.history.answer
  if (answer === undefined) return undefined
  switch (of) {
    case 'status':
      return answer.status
    case 'address':
      return answer.address
    case 'header-time':
      return answer.headerTime
    case 'response-time':
      return answer.responseTime
    case 'cache-status':
      return answer.cacheStatus
    case 'sent-status':
      return answer.sent === undefined ? undefined : String(answer.sent.status)
    default:
      break
  }
  if ('header' in of) return named(answer.headers, of.header)
  if ('sent' in of) return joined(answer.sent?.headers ?? [], of)
  return cookieOf(answer.headers, of.cookie)
}

function named(headers: AnswerParts['headers'], wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase().replaceAll('_', '-') === wanted)?.[1]
}

function joined(
  headers: AnswerParts['headers'],
  { sent, join }: Extract<AnswerFact, { sent: string }>
): string | undefined {
  if (join === undefined) return named(headers, sent)
  const values = headers.filter(([name]) => name.toLowerCase().replaceAll('_', '-') === sent)
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(join)
}

function cookieOf(headers: AnswerParts['headers'], wanted: string): string | undefined {
  for (const [name, value] of headers) {
    if (name.toLowerCase() !== 'set-cookie') continue
    const [pair = ''] = value.split(';')
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim().toLowerCase() === wanted)
      return pair.slice(equals + 1).trim()
  }
  return undefined
}

function header(part: Extract<TemplatePart, { kind: 'header' }>, context: RenderContext): string | undefined {
  const values = part.alike === true ? alike(part.name, context) : context.state.headers.get(part.name)
  return part.join === undefined ? values?.[0] : values?.join(part.join)
}

function alike(name: string, { state }: RenderContext): readonly string[] {
  return state.headerList
    .filter(([sent]) => sent.toLowerCase().replaceAll('_', '-') === name)
    .map(([, value]) => value)
}

/** Found without regard to case; the first one counts. */
function pairValue(text: string, separator: string, name: string): string | undefined {
  const wanted = name.toLowerCase()
  for (const piece of text.split(separator)) {
    const trimmed = separator === ';' ? piece.trim() : piece
    const equals = trimmed.indexOf('=')
    if (equals > 0 && trimmed.slice(0, equals).toLowerCase() === wanted) return trimmed.slice(equals + 1)
  }
  return undefined
}

function capture(
  part: Extract<TemplatePart, { kind: 'capture' }>,
  context: RenderContext
): string | undefined {
  const groups = groupsOf(part.from, context)
  if (typeof part.group === 'number') return groups?.numbered[part.group]
  return groups?.named.get(part.group) ?? context.state.variables.get(part.group)
}

function groupsOf(
  from: Extract<TemplatePart, { kind: 'capture' }>['from'],
  context: RenderContext
): Groups | undefined {
  switch (from) {
    case 'rule':
      return context.rule
    case 'scope':
      return context.scope ?? context.state.chosen.findLast((chosen) => chosen.groups !== undefined)?.groups
    case 'host':
      return context.state.chosen.find((chosen) => chosen.hostGroups !== undefined)?.hostGroups
    case 'last':
      return context.state.last
    default:
      return unreachable(from)
  }
}

function applied(name: TemplateFunction, to: Template, context: RenderContext): string | undefined {
  const inner = renderExisting(to, context)
  if (inner === undefined) return undefined
  switch (name) {
    case 'lower-case':
      return inner.toLowerCase()
    case 'lower-case-outside-escapes':
      return inner.replace(/%[0-9a-f]{2}|[A-Z]+/gi, (found) =>
        found.startsWith('%') ? found : found.toLowerCase()
      )
    case 'upper-case':
      return inner.toUpperCase()
    case 'escape-path':
      return encodePathSmall(inner)
    case 'escape-passed-path':
      return context.state.settings.escapedSlashesStay?.value === true
        ? encodePathButSlashes(inner)
        : encodePath(inner)
    case 'escape-query':
      return encodeQuery(inner)
    case 'escape-all':
      return escapeAll(inner)
    case 'escape-once':
      return escapeOnce(inner)
    case 'unescape':
      return unescapePercent(inner)
    case 'base64url':
      return base64url(encodeBytes(inner))
    case 'murmur2':
      return String(murmur2(encodeBytes(inner)))
    default:
      return unreachable(name)
  }
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function base64url(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const length = Math.min(bytes.length - at, 3) + 1
    for (let digit = 0; digit < length; digit++) text += digits[(group >> (18 - 6 * digit)) & 63] ?? ''
  }
  return text
}
