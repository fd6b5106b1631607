import { unreachable } from '../diagnostics/index.js'
import type {
  Binding,
  Condition,
  HeaderForwarding,
  ParamEntry,
  Params,
  Role,
  Script
} from '../model/index.js'
import { cacheStatus } from './cache.js'
import { evaluate } from './condition.js'
import { completeEnvironment, ownEnvironment } from './environment.js'
import { withChanges } from './header-changes.js'
import { scriptParts } from './script.js'
import type { Groups } from './regex.js'
import type { RenderContext, State, Taken } from './state.js'
import { renderExisting, renderText } from './template.js'
import type { Param } from './types.js'
import { variableValue } from './variables.js'

/** What the application is told, in order; `differ`: what was measured and what was written have not the same length. */
export function renderParams(
  state: State,
  taken: Taken,
  binding: Binding,
  role: Role,
  script: Script,
  params: Params
): readonly Param[] | 'differ' {
  const context = {
    state,
    script: scriptParts(state, binding.match, script, taken.stage, taken.groups, taken.member),
    rule: taken.groups,
    member: taken.member
  }
  completeEnvironment(state)
  const measured = renderOnce(params, role, context)
  if (params.measured !== true) return measured
  const written = renderOnce(params, role, context)
  return lengthOf(measured) === lengthOf(written) ? written : 'differ'
}

function lengthOf(params: readonly Param[]): number {
  return params.reduce((sum, { value }) => sum + value.length, params.length)
}

function renderOnce(params: Params, role: Role, context: RenderContext): readonly Param[] {
  const { state } = context
  const out = new ParamList(params)
  for (const entry of params.entries) {
    switch (entry.kind) {
      case 'param': {
        if (entry.except?.includes(role) === true) break
        if (entry.unlessKnown !== undefined && variableValue(entry.unlessKnown, context) !== undefined) break
        const value = paramValue(entry, context)
        if (value === undefined) break
        out.add(
          { name: entry.name, value, ...(entry.origin ? { origin: entry.origin } : {}) },
          entry.unlessSet === true
        )
        break
      }
      case 'headers':
        for (const param of forwardedHeaders(state, role, entry.rules, params.entries)) out.add(param)
        break
      case 'environment':
        for (const [name, value] of environmentPart(state, entry.part)) {
          out.add({ name: entry.names === 'upper-underscore' ? upperName(name) : name, value })
        }
        break
      default:
        unreachable(entry)
    }
  }
  const finished = out.finished()
  return params.changed === true ? changed(state, finished) : finished
}

/** Changes that the configuration makes at the end see what was said so far. */
function changed(state: State, params: readonly Param[]): readonly Param[] {
  let list = params
  // One that is made for whatever it is reads what the last expression before it captured (mod_proxy_fcgi: `fix_cgivars`).
  let last: Groups | undefined
  for (const { name, when, value, origin } of state.settings.paramChanges?.value ?? []) {
    const seen: State = { ...state, environment: list.map((param) => [param.name, param.value] as const) }
    const { holds, groups } = evaluate(when, seen)
    if (asksExpression(when)) last = groups
    if (!holds) continue
    const is = (param: Param): boolean => param.name.toLowerCase() === name.toLowerCase()
    if (value === undefined) {
      list = list.filter((param) => !is(param))
      continue
    }
    const text = renderText(value, { state: seen, rule: last })
    list = list.some(is)
      ? list.map((param) => (is(param) ? { ...param, value: text, origin } : param))
      : [...list, { name, value: text, origin }]
  }
  return list
}

function asksExpression(condition: Condition): boolean {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return false
    case 'not':
      return asksExpression(condition.of)
    case 'all':
    case 'any':
      return condition.of.some(asksExpression)
    case 'test':
      return condition.test.kind === 'regex'
    default:
      return unreachable(condition)
  }
}

function environmentPart(state: State, part: 'carried' | 'rest' | undefined): State['environment'] {
  switch (part) {
    case 'carried':
      return state.carried
    case 'rest':
      return ownEnvironment(state)
    case undefined:
      return state.environment
  }
}

type Entry<K extends ParamEntry['kind']> = Extract<ParamEntry, { kind: K }>

/** Undefined for a param that is left out. */
function paramValue(entry: Entry<'param'>, context: RenderContext): string | undefined {
  switch (entry.omit) {
    case 'never':
      return renderText(entry.value, context)
    case 'absent':
      return renderExisting(entry.value, context)
    case 'empty':
      return renderText(entry.value, context) || undefined
    default:
      return unreachable(entry.omit)
  }
}

/** Params in order, under the rules for names that come again. */
class ParamList {
  private readonly list: Param[] = []
  private readonly byName = new Map<string, number>()

  constructor(private readonly rules: Params) {}

  add(param: Param, unlessSet = false): void {
    const key = param.name.toLowerCase()
    const index = this.byName.get(key)
    if (index !== undefined && unlessSet) return
    if (index !== undefined && this.rules.sameName === 'overwrites') {
      const before = this.list[index]
      if (before !== undefined) this.list[index] = { ...param, name: before.name }
      return
    }
    if (index === undefined) this.byName.set(key, this.list.length)
    this.list.push(param)
  }

  finished(): readonly Param[] {
    if (this.rules.safeNames !== true) return this.list
    const own = new Set(
      this.list.filter(({ name }) => safeName(name) === name).map(({ name }) => name.toLowerCase())
    )
    return this.list
      .filter((param) => safeName(param.name) === param.name || !own.has(safeName(param.name).toLowerCase()))
      .map((param) => ({ ...param, name: safeName(param.name) }))
  }
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '_').replace(/^\d/, '_')
}

function upperName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '_')
}

/** Each header of the request as the param that carries it. */
function forwardedHeaders(
  state: State,
  role: Role,
  rules: HeaderForwarding,
  entries: readonly ParamEntry[]
): readonly Param[] {
  const passed = state.settings.passedHeaders?.value ?? []
  const { body } = state.request
  // Whoever answers has it read first, and thrown away if it is not for them.
  const isRead =
    role !== 'authorizer' && (body.kind === 'chunked' || (body.kind === 'length' && body.bytes > 0))
  const overridden = rules.overriddenByParams ? new Set(entries.map(overrides)) : undefined
  const out: { name: string; value: string }[] = []
  const unkept = cacheStatus(state) === undefined ? [] : (rules.dropWhenKept ?? [])
  const seen = new Map<string, { name: string; value: string }>()
  for (const [header, value] of changedHeaders(state)) {
    const lower = header.toLowerCase()
    if (state.lengthGone && lower === 'content-length') continue
    if (rules.drop.includes(lower) && !passed.includes(lower)) continue
    if (unkept.includes(lower)) continue
    if (isRead && rules.dropWithBody?.includes(lower) === true) continue
    if (rules.dropEmpty && value === '') continue
    const name = paramName(lower, rules)
    if (name === undefined || overridden?.has(name) === true) continue
    const earlier = rules.repeated === 'apart' ? undefined : seen.get(lower)
    if (earlier === undefined) {
      const param = { name, value }
      seen.set(lower, param)
      out.push(param)
    } else if (rules.repeated === 'joined') {
      earlier.value = joinedValue(lower, earlier.value, value, rules)
    }
  }
  return out
}

/** The request's headers under the changes in force, unless those were made on the way. */
function changedHeaders(state: State): State['headerList'] {
  const setting = state.settings.requestHeaders
  return setting === undefined || state.site.changesHeaders || state.site.editsHeaders
    ? state.headerList
    : withChanges(state, setting.value)
}

function overrides(entry: ParamEntry): string {
  return entry.kind === 'param' && entry.name.startsWith('HTTP_') ? entry.name : ''
}

function joinedValue(header: string, first: string, second: string, rules: HeaderForwarding): string {
  if (first === second && (header === 'host' || header === 'content-type')) return first
  return first + (header === 'cookie' ? rules.cookieJoin : ', ') + second
}

function paramName(header: string, rules: HeaderForwarding): string | undefined {
  const renamed = rules.rename.find((rule) => rule.header === header)
  if (renamed !== undefined) return renamed.param
  const upper = header.toUpperCase()
  switch (rules.oddNames) {
    case 'underscore':
      return `HTTP_${upper.replace(/[^A-Z0-9]/g, '_')}`
    case 'kept':
      return `HTTP_${upper.replaceAll('-', '_')}`
    case 'dropped':
      return /^[A-Z0-9-]+$/.test(upper) ? `HTTP_${upper.replaceAll('-', '_')}` : undefined
    default:
      return unreachable(rules.oddNames)
  }
}
