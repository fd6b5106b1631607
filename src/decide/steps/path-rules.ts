import { always, type Binding, type PathRule, type PathRules, type Step } from '../../model/index.js'
import { evaluate } from '../condition.js'
import { mapPath } from '../mapping.js'
import { completeLate, environmentOf } from '../environment.js'
import { encodePath, encodePathSmall, joined } from '../path.js'
import { statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { takeAsUrl, takeOver } from './bind.js'
import { apply, beginningOf, fits, isWhole, refusedQuery, type Round } from './path-rule.js'
import { redirect } from './redirect.js'
import { requestHeaders } from './request-headers.js'
import { redirectToText } from './redirected.js'

/** A configuration that starts its rules over this often leads in circles, and so does one that makes the path this long. */
const mostRounds = 10_000
const longestPath = 16_380

export function pathRules(state: State, step: Extract<Step, { step: 'path-rules' }>): StepResult {
  const setting = step.on === 'url' ? state.settings.urlRules : state.settings.folderRules
  const isOff = state.settings.pathRulesOn?.value !== true
  if (setting === undefined || isOff || state.taken !== undefined || state.rewritesOver) return undefined
  const rules = setting.value
  const before = step.on === 'url' ? { text: state.path, pathInfo: '' } : fileIn(state, rules)
  if (before === undefined) return undefined
  const { folderRulesRefused } = state.settings
  if (step.on === 'folder' && folderRulesRefused?.value === true)
    return statusAnswer(403, 'rules of folders are refused here', folderRulesRefused.origin)
  const { query } = state
  const round: Round = { ...before, changedBy: undefined, mapped: false, status: undefined, taker: undefined }
  tellOfRules(state, rules)
  state.soFar = before.text
  const answered = tryRules(state, rules, round)
  state.soFar = undefined
  if (answered !== undefined) return answered
  if (round.changedBy === undefined && !round.mapped) return undefined
  // Where a folder's rules lead elsewhere, that is done behind all that looks at the request.
  if (step.on === 'folder' && round.changedBy !== undefined) completeLate(state)
  const refused = refusedQuery(state, round)
  if (refused !== undefined) return refused
  if (round.mapped && (round.taker !== undefined || isWhole(round.text)))
    return statusAnswer(400, 'rules hand on a whole URL as a path', round.changedBy?.origin)
  if (round.taker !== undefined) return handedOver(state, round.taker, round)
  if (isWhole(round.text)) return redirected(state, rules, query, round)
  if (!round.text.startsWith('/'))
    return statusAnswer(400, 'rules gave a path without a slash at its begin', undefined)
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

function tellOfRules(state: State, { told = [] }: PathRules): void {
  const isKnown = (name: string): boolean => state.environment.some(([other]) => other === name)
  const values = told
    .filter(({ name }) => !isKnown(name))
    .map(({ name, value }) => [name, renderText(value, { state })] as const)
  if (values.length === 0) return
  state.ruled = [...state.ruled, ...values]
  state.ruledOnUrl = state.ruled.length
  state.environment = environmentOf(state)
}

/** The answer that one of them gives. */
function tryRules(state: State, { rules, folder }: PathRules, round: Round): StepResult {
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
    const answered = apply(state, rule, groups, round, folder)
    if (answered !== undefined) return answered
    if (round.text.length > longestPath)
      return statusAnswer(500, 'rules make the path longer and longer', rule.origin)
    if (rule.mapped) break
    if (rule.then === 'end') state.rewritesOver = true
    if (rule.then === 'end' || rule.then === 'last') break
    if (typeof rule.then === 'number') at += rule.then
    if (rule.then === 'again') {
      rounds += 1
      if (rounds >= (rule.mostRounds ?? mostRounds) - 1)
        return statusAnswer(500, 'rules start over without end', rule.origin)
      at = -1
    }
  }
  return undefined
}

/** Rules of a folder see what lies below it. */
function within(text: string, folder: string | undefined): string {
  return folder !== undefined && text.startsWith(withSlash(folder))
    ? text.slice(withSlash(folder).length)
    : text
}

/** The path has become a whole URL. It is escaped, and with it its query unless that is the one that came. */
function redirected(state: State, rules: PathRules, came: string | undefined, round: Round): StepResult {
  const { changedBy, status } = round
  const isEscaped = changedBy?.escaped !== false
  const [, start = '', path = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/]*\/?|[a-z]+:)([^]*)$/i.exec(round.text) ?? []
  const rest = ofBase(rules, path)
  const { query } = state
  const isAsItCame = !isEscaped || query === came
  const behind = query === undefined ? '' : `?${isAsItCame ? query : encodePathSmall(query)}`
  const to = start + (isEscaped ? encodePathSmall(rest) : rest) + behind
  return redirectToText(state, status ?? 302, to, changedBy?.origin)
}

/** What in a whole URL looks like the rules' folder is the base they are asked by; without a base it stays. */
function ofBase({ folder, base }: PathRules, path: string): string {
  if (folder === undefined || base === undefined) return path
  const bare = folder.replace(/\/$/, '')
  return `/${path}`.startsWith(`${bare}/`)
    ? joined(base, `/${path}`.slice(bare.length)).replace(/^\//, '')
    : path
}

/** What a file in the rules' folder is asked by; what an alias leads to, by the alias. */
function urlOf(state: State, rules: PathRules | undefined, folder: string, { text }: Round): string {
  const { documentRoot, context } = (state.mapped ??= mapPath(state))
  const root = documentRoot.replace(/\/$/, '')
  if (rules?.base !== undefined) {
    if (text === folder || text.startsWith(`${folder}/`)) return joined(rules.base, text.slice(folder.length))
  } else if (text.startsWith(`${root}/`)) return text.slice(root.length)
  if (rules?.options?.keepsTarget === true) return text
  // What no alias leads to is below the root, whose URL is told without its slash.
  if (context === undefined) return text.startsWith(`${root}/`) ? text.slice(root.length + 1) : text
  const target = context.root.replace(/\/$/, '')
  return text.startsWith(`${target}/`) ? joined(context.prefix, text.slice(target.length)) : text
}

/** Rules on the URL give a URL that aliases see, or a file: what exists from the root on, else below the document root. */
function placed(state: State, round: Round): StepResult {
  const { text, changedBy } = round
  if (round.mapped) {
    state.path = text
    state.uri = encodePath(text) + (state.query === undefined ? '' : `?${state.query}`)
    return undefined
  }
  const { documentRoot } = mapPath(state)
  state.urlSettled = true
  state.mapped = {
    documentRoot,
    context: undefined,
    filename: isFullName(state, text, changedBy, documentRoot) ? text : joined(documentRoot, text),
    pathInfo: '',
    located: undefined,
    programs: undefined
  }
  return undefined
}

/** Its first part is there, and was written in the rule or is that of the root (`prefix_stat`). */
function isFullName(state: State, text: string, rule: PathRule | undefined, documentRoot: string): boolean {
  const first = (/^\/*[^/]*/.exec(text)?.[0] ?? '').replace(/^\/+/, '/')
  if (state.surroundings.files.kind(first) === 'missing') return false
  if (rule === undefined || rule.anyFile === true || text.startsWith(documentRoot)) return true
  return beginningOf(rule.to ?? []).startsWith(first)
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
  // A redirect of the folder is asked for the URL as it was, ahead of where the rules lead.
  const asked = redirect(state, { step: 'redirect', at: 'file' })
  if (asked !== undefined) return asked
  // The rest of the fixups comes ahead of where they lead.
  if (!state.lookedUp) requestHeaders(state, { at: 'file' })
  const url = urlOf(state, rules, folder, round)
  return url.startsWith('/')
    ? takeOver(state, url, undefined)
    : statusAnswer(400, 'rules gave a path without a slash at its begin', round.changedBy?.origin)
}
