import {
  always,
  type Binding,
  type PathRule,
  type PathRules,
  type Step,
  type Template
} from '../../model/index.js'
import { evaluate, testText } from '../condition.js'
import { mapPath } from '../mapping.js'
import { regexGroups } from '../match.js'
import { completeLate, environmentOf } from '../environment.js'
import { encodePath, escapeForm, joined } from '../path.js'
import type { Groups } from '../regex.js'
import { statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { takeAsUrl, takeOver } from './bind.js'
import { redirect } from './redirect.js'
import { requestHeaders } from './request-headers.js'
import { redirectToText } from './redirected.js'

/** Rules run one after the other over this; the request changes at the end. */
interface Round {
  /** The path; of a folder's rules the file's name, behind which `pathInfo` stands. */
  text: string
  pathInfo: string
  changed: boolean
  mapped: boolean
  /** The rule whose application takes the request. */
  taker?: PathRule
}

type Ended =
  | { readonly kind: 'done'; readonly rule?: PathRule }
  | { readonly kind: 'answered'; readonly result: StepResult; readonly rule: PathRule }

/** A configuration that starts its rules over this often leads in circles. */
const mostRounds = 1000

export function pathRules(state: State, step: Extract<Step, { step: 'path-rules' }>): StepResult {
  const setting = step.on === 'url' ? state.settings.urlRules : state.settings.folderRules
  const isOff = state.settings.pathRulesOn?.value !== true
  if (setting === undefined || isOff || state.taken !== undefined || state.rewritesOver) return undefined
  const rules = setting.value
  const before = step.on === 'url' ? { text: state.path, pathInfo: '' } : fileIn(state, rules)
  if (before === undefined) return undefined
  const round: Round = { ...before, changed: false, mapped: false }
  state.soFar = before.text
  const ended = tryRules(state, rules, round)
  state.soFar = undefined
  if (ended.kind === 'answered') return ended.result
  // Where a folder's rules lead elsewhere, that is done behind all that looks at the request.
  if (step.on === 'folder' && (round.changed || round.taker !== undefined)) completeLate(state)
  if (round.taker !== undefined) return handedOver(state, round.taker, round)
  if (!round.changed) return undefined
  return rules.folder === undefined
    ? placed(state, round)
    : moved(state, rules, rules.folder, before.text, round)
}

/** The file's name and what follows it in the path; undefined where the folder's rules are not for it. */
function fileIn(
  state: State,
  { folder, sees, options }: PathRules
): { readonly text: string; readonly pathInfo: string } | undefined {
  if (folder === undefined) return undefined
  const { filename, pathInfo } = (state.mapped ??= mapPath(state))
  const slash = pathInfo === '' && state.path.endsWith('/') && !filename.endsWith('/') ? '/' : ''
  const text = filename + slash
  const isBare = text === folder && options?.bareFolder !== true
  const isWithin = sees === 'whole-name' || text === folder || (text + pathInfo).startsWith(withSlash(folder))
  return isBare || !isWithin ? undefined : { text, pathInfo }
}

function withSlash(folder: string): string {
  return folder.endsWith('/') ? folder : `${folder}/`
}

function tryRules(state: State, { rules, folder }: PathRules, round: Round): Ended {
  let rounds = 0
  for (let at = 0; at < rules.length; at++) {
    const rule = rules[at]
    if (rule === undefined) break
    if (rule.onlyAsked === true && state.lookedUp) continue
    const groups = fits(state, rule, within(round.text + round.pathInfo, folder))
    if (groups === undefined) {
      while (rules[at]?.chained === true) at += 1
      continue
    }
    const result = apply(state, rule, groups, round, folder)
    if (result !== undefined) return { kind: 'answered', result, rule }
    if (rule.then === 'end') state.rewritesOver = true
    if (rule.then === 'end' || rule.then === 'last') return { kind: 'done', rule }
    if (typeof rule.then === 'number') at += rule.then
    if (rule.then === 'again') {
      rounds += 1
      if (rounds > mostRounds) throw new Unsupported('rules that start over without end', rule.origin)
      at = -1
    }
  }
  return { kind: 'done' }
}

interface Fit {
  readonly rule: Groups | undefined
  readonly scope: Groups | undefined
}

/** Rules of a folder see what lies below it. */
function within(text: string, folder: string | undefined): string {
  return folder !== undefined && text.startsWith(withSlash(folder))
    ? text.slice(withSlash(folder).length)
    : text
}

function fits(state: State, rule: PathRule, text: string): Fit | undefined {
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

function apply(
  state: State,
  rule: PathRule,
  groups: Fit,
  round: Round,
  folder: string | undefined
): StepResult {
  const context = { state, ...groups }
  if (rule.unsupported !== undefined) throw new Unsupported(rule.unsupported, rule.origin)
  state.trace?.push({ step: 'path-rules', text: `a rule fits ${round.text}`, origin: rule.origin })
  for (const { name, value } of rule.environment) {
    state.ruled = [...state.ruled, [name, value === undefined ? undefined : renderText(value, context)]]
    if (folder === undefined) state.ruledOnUrl = state.ruled.length
    state.environment = environmentOf(state)
  }
  if (rule.label !== undefined) state.label = rule.label
  if (rule.answer?.kind === 'status') {
    return statusAnswer(rule.answer.status, 'a rule on the path says so', rule.origin)
  }
  if (rule.to !== undefined) {
    const captures = rule.capturesEscaped === true ? escapedGroups(groups) : groups
    const written = renderText(rule.to, { state, ...captures })
    const whole = round.text + round.pathInfo
    if (rule.escapedMark !== 'kept' && whole.includes('?') && marks(written) > marks(plain(rule.to))) {
      return statusAnswer(403, 'an escaped `?` would begin a query', rule.origin)
    }
    const mark = written.indexOf('?')
    const text = mark < 0 ? written : written.slice(0, mark)
    const absolute = folder === undefined || text.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    state.query = joinedQuery(rule, mark < 0 ? undefined : written.slice(mark + 1), state.query)
    round.text = absolute ? text : joined(folder, text)
    if (rule.dropsPathInfo === true) round.pathInfo = ''
    round.changed = true
    state.soFar = round.text
    round.mapped ||= rule.mapped
  }
  if (rule.application !== undefined) round.taker = rule
  return rule.answer === undefined ? undefined : redirected(state, rule, rule.answer.status, round, folder)
}

function escapedGroups({ rule, scope }: Fit): Fit {
  const escaped = (groups: Groups | undefined): Groups | undefined =>
    groups && { ...groups, numbered: groups.numbered.map(escapeForm) }
  return { rule: escaped(rule), scope: escaped(scope) }
}

function plain(template: Template): string {
  return template.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}

function marks(text: string): number {
  return text.split('?').length - 1
}

function joinedQuery(
  rule: PathRule,
  written: string | undefined,
  before: string | undefined
): string | undefined {
  if (rule.query === 'appended' && written !== undefined && written !== '') {
    return before === undefined || before === '' ? written : `${written}&${before}`
  }
  if (rule.query === 'appended') return before
  if (written !== undefined) return written === '' ? undefined : written
  return rule.query === 'replaced' ? undefined : before
}

function redirected(
  state: State,
  rule: PathRule,
  status: number,
  round: Round,
  folder: string | undefined
): StepResult {
  const path =
    folder === undefined ? round.text : urlOf(state, state.settings.folderRules?.value, folder, round)
  const [, origin = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/]*)?([^]*)$/i.exec(path) ?? []
  const query = state.query === undefined || state.query === '' ? '' : `?${state.query}`
  return redirectToText(state, status, origin + (rule.escaped ? encodePath(rest) : rest) + query, rule.origin)
}

/** What a file in the rules' folder is asked by; what an alias leads to, by the alias. */
function urlOf(state: State, rules: PathRules | undefined, folder: string, { text }: Round): string {
  const { documentRoot, context } = (state.mapped ??= mapPath(state))
  if (rules?.base !== undefined) {
    if (text === folder || text.startsWith(`${folder}/`)) return joined(rules.base, text.slice(folder.length))
  } else {
    const root = documentRoot.replace(/\/$/, '')
    if (text.startsWith(`${root}/`)) return text.slice(root.length)
  }
  if (context === undefined || rules?.options?.keepsTarget === true) return text
  const target = context.root.replace(/\/$/, '')
  return text.startsWith(`${target}/`) ? joined(context.prefix, text.slice(target.length)) : text
}

/** Rules on the URL give a URL that aliases see, or a file: what exists from the root on, else below the document root. */
function placed(state: State, round: Round): StepResult {
  const { text } = round
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return redirectToText(state, 302, text, undefined)
  if (!text.startsWith('/'))
    return statusAnswer(400, 'rules gave a path without a slash at its begin', undefined)
  if (round.mapped) {
    state.path = text
    state.uri = encodePath(text) + (state.query === undefined ? '' : `?${state.query}`)
    return undefined
  }
  const { documentRoot } = mapPath(state)
  const [, first = ''] = /^(\/[^/]*)/.exec(text) ?? []
  const isFile = first !== '/' && state.surroundings.files.kind(first) !== 'missing'
  state.urlSettled = true
  state.mapped = {
    documentRoot,
    context: undefined,
    filename: isFile ? text : joined(documentRoot, text),
    pathInfo: '',
    located: undefined,
    programs: undefined
  }
  return undefined
}

/** An application is asked for what the rules made of the path. */
function handedOver(state: State, rule: PathRule, { text }: Round): StepResult {
  const chosen = rule.application?.find(({ when }) => evaluate(when, state).holds)
  if (chosen === undefined) throw new Unsupported('a rule that hands over to nobody', rule.origin)
  const { origin } = rule
  const binding: Binding = {
    match: { kind: 'any' },
    when: always,
    target: chosen.target,
    at: ['url'],
    origin
  }
  return takeAsUrl(state, binding, { numbered: [text, text], named: new Map() })
}

/** Rules of a folder lead to another URL of the site, unless all is as it was. */
function moved(state: State, rules: PathRules, folder: string, before: string, round: Round): StepResult {
  if (round.text === before) return undefined
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(round.text)) return redirectToText(state, 302, round.text, undefined)
  // A redirect of the folder is asked for the URL as it was, ahead of where the rules lead.
  const asked = redirect(state, { step: 'redirect', at: 'file' })
  if (asked !== undefined) return asked
  // The rest of the fixups comes ahead of where they lead.
  if (!state.lookedUp) requestHeaders(state, { at: 'file' })
  return takeOver(state, urlOf(state, rules, folder, round), undefined)
}
