import type { PathRule, Template } from '../../model/index.js'
import { evaluate, testText } from '../condition.js'
import { environmentOf } from '../environment.js'
import { escapeForm, joined } from '../path.js'
import { regexGroups } from '../match.js'
import type { Groups } from '../regex.js'
import { statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { ownOrigin } from './redirected.js'

/** Rules run one after the other over this; the request changes at the end. */
export interface Round {
  /** The path; of a folder's rules the file's name, behind which `pathInfo` stands. Behind a redirect it is a whole URL. */
  text: string
  pathInfo: string
  /** The rule that gave the path last. */
  changedBy: PathRule | undefined
  /** The path is handed on as a URL. */
  mapped: boolean
  /** Of the redirect that the path has become. */
  status: number | undefined
  /** The rule whose application takes the request. */
  taker: PathRule | undefined
}

/** What begins a URL of another place, and whether such a URL can have a query (`is_absolute_uri`). */
const withQuery = /^(?:(?:ajp|balancer|fcgi|https?|h2c?|scgi|wss?):\/\/|(?:mailto|unix):)/i
const withoutQuery = /^(?:(?:ftp|gopher|ldap|nntp):\/\/|news:)/i

export function isWhole(text: string): boolean {
  return text.length > 5 && (withQuery.test(text) || withoutQuery.test(text))
}

interface Fit {
  readonly rule: Groups | undefined
  readonly scope: Groups | undefined
}

/** What a rule and its conditions captured; undefined where it does not fit. */
export function fits(state: State, rule: PathRule, text: string): Fit | undefined {
  const groups = regexGroups(rule.match, text, state)
  if ((groups !== undefined) === rule.negated) return undefined
  let scope: Groups | undefined
  let passed = false
  for (const condition of rule.conditions) {
    const { negated, or } = condition
    // One of those joined by `or` is enough.
    if (passed) {
      passed = or
      continue
    }
    const holding =
      'when' in condition
        ? evaluate(condition.when, state)
        : testText(renderText(condition.subject, { state, rule: groups, scope }), condition.test, state)
    const holds = holding.holds !== negated
    if (!holds && !or) return undefined
    if (holds && holding.groups !== undefined) scope = holding.groups
    passed = holds && or
  }
  return { rule: groups, scope }
}

/** Does what a rule says that fits. An answer ends all rules. */
export function apply(
  state: State,
  rule: PathRule,
  groups: Fit,
  round: Round,
  folder: string | undefined
): StepResult {
  if (rule.unsupported !== undefined) throw new Unsupported(rule.unsupported, rule.origin)
  state.trace?.push({ step: 'path-rules', text: `a rule fits ${round.text}`, origin: rule.origin })
  const status = rule.answer?.kind === 'status' ? rule.answer.status : undefined
  const to = status === undefined ? rule.to : undefined
  // The new path is made ahead of the variables.
  const written = to === undefined ? undefined : writtenBy(state, rule, to, groups)
  if (typeof written === 'object') return written
  setVariables(state, rule, groups, folder)
  if (status !== undefined) {
    return refusedQuery(state, round) ?? statusAnswer(status, 'a rule on the path says so', rule.origin)
  }
  if (written === undefined) {
    if (rule.label !== undefined) state.label = rule.label
    round.mapped ||= rule.mapped
    return undefined
  }
  become(state, rule, written, round, folder)
  return undefined
}

function writtenBy(state: State, rule: PathRule, to: Template, groups: Fit): string | StepResult {
  const captures = rule.capturesEscaped === true ? escapedGroups(groups) : groups
  const pieces = to.map((part) => ({
    isOwn: part.kind === 'text',
    text: renderText([part], { state, ...captures })
  }))
  const written = pieces.map(({ text }) => text).join('')
  // The `?` that begins the query must be the rule's own.
  const marked = pieces.filter(({ text }) => text.includes('?'))
  const beginning = rule.lastMark === true ? marked.at(-1) : marked[0]
  return rule.escapedMark !== 'kept' && beginning?.isOwn === false
    ? statusAnswer(403, 'an escaped `?` would begin a query', rule.origin)
    : written
}

function setVariables(state: State, rule: PathRule, groups: Fit, folder: string | undefined): void {
  for (const { name, value } of rule.environment) {
    state.ruled = [
      ...state.ruled,
      [name, value === undefined ? undefined : renderText(value, { state, ...groups })]
    ]
    if (folder === undefined) state.ruledOnUrl = state.ruled.length
    state.environment = environmentOf(state)
  }
}

/** The round goes on with what a rule has written. */
function become(
  state: State,
  rule: PathRule,
  written: string,
  round: Round,
  folder: string | undefined
): void {
  const isHanded = rule.application !== undefined
  const isComplete = written.startsWith('/') || isWhole(written)
  const isPrefixed = !isComplete && (folder !== undefined || !(isHanded || rule.answer !== undefined))
  const whole = isPrefixed ? joined(folder ?? '/', written) : written
  const [path, query] = partedQuery(rule, whole)
  state.query = withoutQuery.test(path) ? undefined : joinedQuery(rule, query, state.query)
  if (folder !== undefined && rule.dropsPathInfo === true) round.pathInfo = ''
  round.changedBy = rule
  round.mapped ||= rule.mapped
  round.text = path
  if (isHanded) round.taker = rule
  else if (rule.answer !== undefined) {
    if (!isWhole(path)) round.text = ownOrigin(state) + (path.startsWith('/') ? path : `/${path}`)
    round.status = rule.answer.status
  } else if (isWhole(path)) round.status = 302
  else {
    // Slashes that the rule has written itself stay.
    if (!isPrefixed && !plain(rule.to ?? []).startsWith('//')) round.text = path.replace(/^\/+(?=\/)/, '')
    if (rule.label !== undefined) state.label = rule.label
  }
  state.soFar = round.text
}

/** A query of control characters or blanks is not passed on (`ap_scan_vchar_obstext`); that of a redirect is escaped. */
export function refusedQuery({ query }: State, { text, changedBy }: Round): StepResult {
  if (query === undefined || !/[\0-\x20\x7f]/.test(query)) return undefined
  if (isWhole(text) && changedBy?.escaped !== false) return undefined
  return statusAnswer(403, 'rules gave a query with blanks or control characters', changedBy?.origin)
}

function escapedGroups({ rule, scope }: Fit): Fit {
  const escaped = (groups: Groups | undefined): Groups | undefined =>
    groups && { ...groups, numbered: groups.numbered.map(escapeForm) }
  return { rule: escaped(rule), scope: escaped(scope) }
}

/** What of a text no request has a part in, up to the first place where one has. */
export function beginningOf(template: Template): string {
  const at = template.findIndex(({ kind }) => kind !== 'text')
  return plain(at < 0 ? template : template.slice(0, at))
}

function plain(template: Template): string {
  return template.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}

/** `splitout_queryargs` */
function partedQuery(
  { query, lastMark }: PathRule,
  text: string
): readonly [path: string, query: string | undefined] {
  if (query === 'dropped' || withoutQuery.test(text)) return [text, undefined]
  const mark = lastMark === true ? text.lastIndexOf('?') : text.indexOf('?')
  return mark < 0 ? [text, undefined] : [text.slice(0, mark), text.slice(mark + 1)]
}

function joinedQuery(
  { query }: PathRule,
  written: string | undefined,
  before: string | undefined
): string | undefined {
  if (query === 'dropped') return undefined
  const kept = query === 'replaced' ? undefined : before
  if (written === undefined) return kept
  const all = query === 'appended' ? (written === '' ? (kept ?? '') : `${written}&${kept ?? ''}`) : written
  const whole = all.endsWith('&') ? all.slice(0, -1) : all
  return all === '' ? undefined : whole
}
