import { quote } from '../quote.js'
import type { Binding, Condition, FastcgiTarget, InForce } from '../../../model/index.js'
import { inside, literalText, origins } from '../../../model/index.js'
import { bindingFields, markFields, markReplaced, poolFields } from '../../account.js'
import { askedFor } from '../../answer-rules.js'
import { answering } from '../../answering.js'
import { authorizerOf, ruleGuard, suffixGuards, type Guard } from './authorizers.js'
import { markSaid, onlyRewrites, withSaid } from './ahead.js'
import { block, commented, directive, type Item } from './document.js'
import { networkOf } from './access.js'
import { answerItems, type Place } from './fastcgi.js'
import { covers, type OpenRule, type UrlNode } from './nodes.js'
import { markSetting } from './marks.js'
import type { Output } from './output.js'
import { escaped, ofRegex, patternOf, type Pattern } from './patterns.js'
import { placeItems } from './settings.js'

/** Everything of a node: what its location says, and the locations inside it. */
export function nodeItems(node: UrlNode, around: InForce, out: Output): readonly Item[] {
  const outer = out.said.has(node) ? withSaid(around, node.settings) : around
  for (const rule of node.applied) {
    out.ledger.mark(rule.origin, 'exact')
    markReplaced(out.ledger, rule.settings, node.settings)
  }
  const folder = aliasOf(node, out)
  const alias = folder === undefined ? undefined : [directive('alias', quote(folder))]
  const guard = authorizerOf(node, out)
  const settings = guard === undefined ? node.settings : inside(node.settings, guard.changes)
  const place: Place = {
    settings,
    aliased: folder !== undefined,
    ...(folder?.endsWith('/') === true && !node.exact ? { alias: { prefix: node.path, folder } } : {})
  }
  const content = contentOf(node, place, guard, out)
  if (node.path !== '') tellLateRewrites(settings, outer, out)
  if (node.exact && refusesUrl(node.path, settings)) return [directive('return', '403')]
  const isBlock = (item: Item): boolean => item.body !== undefined && item.words[0] === 'location'
  return [
    ...(alias ?? []),
    ...placeItems(settings, outer, out),
    ...(guard?.inherited ?? []),
    ...(guard?.leaf ?? []),
    ...content.locations.filter((item) => !isBlock(item)),
    ...content.own,
    ...content.locations.filter(isBlock)
  ]
}

/** Rules for all URLs are tried before a location is chosen, those for some of them once theirs is. */
function tellLateRewrites({ rewrites }: InForce, outer: InForce, out: Output): void {
  if (rewrites === undefined || rewrites.value.length === 0 || rewrites === outer.rewrites) return
  markSetting(rewrites, 'approx', out, {
    message:
      'rules for some URLs are tried behind those for all, and once more where what they lead to is among these URLs',
    affects: ['status', 'routing', 'body', ...askedFor]
  })
}

/** Servers glue what follows an alias's prefix to its path as nginx does. */
function aliasOf(node: UrlNode, out: Output): string | undefined {
  const alias = (node.settings.aliases?.value ?? []).find(
    ({ match }) => match.kind === 'prefix' && node.path.startsWith(match.value)
  )
  if (alias?.match.kind !== 'prefix') return undefined
  const target = literalText(alias.to)
  if (target !== undefined) out.ledger.mark(alias.origin, 'exact')
  return target === undefined ? undefined : target + node.path.slice(alias.match.value.length)
}

interface Content {
  /** What the location itself does with requests no location inside it takes. */
  readonly own: readonly Item[]
  readonly locations: readonly Item[]
}

function contentOf(node: UrlNode, place: Place, guard: Guard | undefined, out: Output): Content {
  const locations: Item[] = [...refusedItems(node, place, out), ...openItems(node, place, guard, out)]
  const answers = answersOf(place.settings)
  if (node.exact) {
    const first = answers.find(({ binding }) => covers(binding, node) || fitsUrl(binding, node.path))
    return {
      own: first === undefined ? [] : answerItems(first.binding, first.target, place, out),
      locations: []
    }
  }
  // An application that takes URLs before files are looked at leaves to the others only what ends as they say.
  const guards = suffixGuards(node, out)
  const takesUrls = answers.some(({ binding, target }) => covers(binding, node) && !target.mustExist)
  for (const { binding, target } of answers) {
    if (covers(binding, node)) {
      const own = answerItems(binding, target, place, out)
      // At the server's own level only a location can hand requests on.
      return node.path === ''
        ? { own: [], locations: [...locations, block(['location', '/'], leaf(guard, own))] }
        : { own, locations }
    }
    const pattern = patternFor(binding, target.mustExist && !takesUrls, place)
    if (pattern === undefined) {
      if (binding.match.kind === 'file-prefix' || binding.match.kind === 'label')
        unaskable(binding, target, out)
      continue
    }
    const before = guardBefore(binding, guards) ?? guard
    const body = leaf(before, answerItems(binding, target, place, out))
    const asks = before === undefined || before === guard ? [] : before.inherited
    locations.push(location(pattern, binding, [...asks, ...body], out))
  }
  const rest = guards.filter(({ suffix }) => !answers.some(({ binding }) => endsIn(binding, suffix)))
  const guarded = rest.map((each) =>
    block(
      ['location', '~', quote(`${escaped(each.suffix)}(/|$)`)],
      [...each.guard.inherited, ...each.guard.leaf]
    )
  )
  return { own: [], locations: [...locations, ...guarded, ...sourceItems(place.settings, answers, out)] }
}

/** Asked of the file rather than of the URL, and no URL is known that leads to it. */
function unaskable(binding: Binding, { pool }: FastcgiTarget, out: Output): void {
  if (pool.kind === 'pool') out.used.add(pool.id)
  const note = { message: 'nginx has no location for these files', affects: ['routing', 'status', 'body'] }
  markFields(out.ledger, [binding.origin], [...bindingFields, ...poolFields], 'lost', note)
  out.ledger.mark(binding.origin, 'lost', note)
}

type SuffixGuard = ReturnType<typeof suffixGuards>[number]

function guardBefore(binding: Binding, guards: readonly SuffixGuard[]): Guard | undefined {
  return guards.find(({ suffix }) => endsIn(binding, suffix))?.guard
}

function endsIn({ match }: Binding, suffix: string): boolean {
  return match.kind === 'suffix' && match.value.endsWith(suffix)
}

interface Answer {
  readonly binding: Binding
  readonly target: FastcgiTarget
}

function answersOf(settings: InForce): readonly Answer[] {
  const answers: Answer[] = []
  for (const binding of answering(settings)) {
    if (binding.target.kind === 'none' && binding.match.kind === 'any') break
    if (binding.target.kind === 'fastcgi' && binding.target.role === 'responder') {
      answers.push({ binding, target: binding.target })
    }
  }
  return answers
}

function fitsUrl({ match }: Binding, path: string): boolean {
  return match.kind === 'suffix' && path.endsWith(match.value)
}

/** Only `set` is not handed down to the locations inside, so each says it again. */
function leaf(guard: Guard | undefined, items: readonly Item[]): readonly Item[] {
  return guard === undefined ? items : [...guard.leaf, ...items]
}

function location(pattern: Pattern, binding: Binding, body: readonly Item[], out: Output): Item {
  const comments = out.ledger.takeComments(binding.origin)
  return commented(block(['location', pattern.operator, quote(pattern.source)], body), comments)
}

function patternFor(binding: Binding, pathInfo: boolean, place: Place): Pattern | undefined {
  const { match } = binding
  switch (match.kind) {
    case 'suffix':
      return { operator: '~', source: `${escaped(match.value)}${pathInfo ? '(/|$)' : '$'}` }
    case 'regex':
      return ofRegex(match.regex)
    case 'file-prefix': {
      const root =
        place.settings.root?.value.kind === 'root' ? literalText(place.settings.root.value.path) : undefined
      if (root === undefined || !match.value.startsWith(`${root}/`)) return undefined
      return { operator: '~', source: `^${escaped(match.value.slice(root.length))}(/|$)` }
    }
    case 'any':
    case 'prefix':
    case 'exact':
    case 'label':
      return undefined
  }
}

/** Refusals by the look of the URL stand first: the first pattern that fits decides. */
function refusedItems(node: UrlNode, place: Place, out: Output): readonly Item[] {
  const access = place.settings.access
  if (access === undefined || node.exact) return []
  const patterns = access.value.rules.flatMap((rule) => {
    const pattern = rule.allow ? undefined : patternOf(rule.when, true)
    if (pattern === undefined) return []
    out.ledger.mark(rule.origin, 'exact')
    return [pattern]
  })
  return (['~', '~*'] as const).flatMap((operator) => {
    const sources = patterns.filter((each) => each.operator === operator).map(({ source }) => source)
    return sources.length === 0
      ? []
      : [block(['location', operator, quote(joined(sources))], [directive('return', '403')])]
  })
}

/** Whether a refusal by the look of the URL holds for this one; a pattern that cannot be run here may. */
function refusesUrl(path: string, { access }: InForce): boolean {
  return (access?.value.rules ?? []).some(({ allow, when }) => {
    const pattern = allow || networkOf(when) !== undefined ? undefined : patternOf(when, true)
    return pattern !== undefined && fits(pattern, path)
  })
}

function fits({ operator, source }: Pattern, path: string): boolean {
  try {
    return new RegExp(source, operator === '~*' ? 'iu' : 'u').test(path)
  } catch (error) {
    if (error instanceof SyntaxError) return true
    throw error
  }
}

/** Plain suffixes share their end: `(~|\.inc)$`. */
function joined(sources: readonly string[]): string {
  const [first, ...others] = sources
  if (first === undefined || others.length === 0) return first ?? ''
  const isSuffix = (source: string): boolean => /^(?:[\w/~-]|\\.)+\$$/.test(source)
  return sources.every(isSuffix)
    ? `(${sources.map((source) => source.slice(0, -1)).join('|')})$`
    : sources.map((source) => `(?:${source})`).join('|')
}

/** Program texts that no application takes are not sent. */
function sourceItems(settings: InForce, answers: readonly Answer[], out: Output): readonly Item[] {
  const refused = settings.staticRefused
  if (refused === undefined) return []
  for (const origin of origins(refused)) out.ledger.mark(origin, 'exact')
  const taken = new Set(
    answers.flatMap(({ binding }) => (binding.match.kind === 'suffix' ? [binding.match.value] : []))
  )
  const left = refused.value.filter((suffix) => !taken.has(suffix) && !isRefused(suffix, settings))
  if (left.length === 0) return []
  const source = left.length === 1 ? escaped(left[0] ?? '') : `(${left.map(escaped).join('|')})`
  return [block(['location', '~', quote(`${source}$`)], [directive('return', '403')])]
}

/** Whether a rule on the URL refuses the suffix already. */
function isRefused(suffix: string, { access }: InForce): boolean {
  return (access?.value.rules ?? []).some(
    ({ allow, when }) =>
      !allow && when.kind === 'test' && when.test.kind === 'suffix' && when.test.value === suffix
  )
}

/** Rules that ask for more than a prefix: patterns become locations, later ones first because the first that fits decides. */
function openItems(node: UrlNode, place: Place, guard: Guard | undefined, out: Output): readonly Item[] {
  return [...node.open].reverse().flatMap((open) => openItem(node, open, place, guard, out))
}

function openItem(
  node: UrlNode,
  open: OpenRule,
  place: Place,
  outer: Guard | undefined,
  out: Output
): readonly Item[] {
  if (out.said.has(open.rule) && onlyRewrites([open.rule])) {
    markSaid([open.rule], out)
    return []
  }
  const settings = inside(place.settings, open.settings)
  const answers = answersOf(settings)
  const pattern = patternOf(open.when, answers.length > 0)
  if (pattern === undefined || open.rule.rules.length > 0) {
    return addressItems(open, out) ?? unwritable(open, out)
  }
  const own = answers.find(({ binding }) => binding.match.kind === 'any' || binding.match.kind === 'suffix')
  const guard = ruleGuard(node, open, out)
  const guarded = guard ?? outer
  const answer =
    own === undefined ? leaf(guarded, []) : openAnswer(own, pattern, { ...place, settings }, guarded, out)
  const named = namedFiles(answers, own, { ...place, settings }, guard ?? outer, out)
  const around = out.said.has(open.rule) ? withSaid(place.settings, settings) : place.settings
  const body = [...placeItems(settings, around, out), ...(guard?.inherited ?? []), ...answer, ...named]
  tellLateRewrites(settings, around, out)
  const comments = out.ledger.takeComments(open.rule.origin)
  out.ledger.mark(open.rule.origin, 'exact')
  return [commented(block(['location', pattern.operator, quote(pattern.source)], body), comments)]
}

/** What the pattern takes is the application's, or what of it ends as that one's files do. */
function openAnswer(
  { binding, target }: Answer,
  pattern: Pattern,
  place: Place,
  guard: Guard | undefined,
  out: Output
): readonly Item[] {
  const items = answerItems(binding, target, place, out)
  const { match } = binding
  if (match.kind !== 'suffix' || pattern.source.includes(escaped(match.value))) return leaf(guard, items)
  const inner = patternFor(binding, target.mustExist, place)
  return inner === undefined
    ? leaf(guard, items)
    : leaf(guard, [location(inner, binding, leaf(guard, items), out)])
}

/** Applications that stand for single files go before one that takes them by a name of theirs. */
function namedFiles(
  answers: readonly Answer[],
  own: Answer | undefined,
  place: Place,
  guard: Guard | undefined,
  out: Output
): readonly Item[] {
  const before = own === undefined ? answers : answers.slice(0, answers.indexOf(own))
  return before.flatMap(({ binding, target }) => {
    const pattern = binding.match.kind === 'file-prefix' ? patternFor(binding, false, place) : undefined
    if (pattern === undefined) return []
    return [location(pattern, binding, leaf(guard, answerItems(binding, target, place, out)), out)]
  })
}

/** Everything refused to some clients: nginx's own access rules. */
function addressItems({ when, rule }: OpenRule, out: Output): readonly Item[] | undefined {
  const [setting, ...others] = Object.values(rule.settings)
  const network = networkOf(when.kind === 'not' ? when.of : when)
  if (network === undefined || setting?.key !== 'access' || others.length > 0 || rule.rules.length > 0)
    return undefined
  const [refusal] = setting.value.rules
  if (refusal === undefined || refusal.allow || !holdsForAll(refusal.when)) return undefined
  for (const origin of [rule.origin, refusal.origin, ...origins(setting)]) out.ledger.mark(origin, 'exact')
  const comments = out.ledger.takeComments(rule.origin)
  if (when.kind !== 'not') return [commented(directive('deny', quote(network)), comments)]
  return [commented(directive('allow', quote(network)), comments), directive('deny', 'all')]
}

/** The empty suffix fits every path. */
function holdsForAll(condition: Condition): boolean {
  return (
    condition.kind === 'always' ||
    (condition.kind === 'test' && condition.test.kind === 'suffix' && condition.test.value === '')
  )
}

/** The server refuses before it looks for a location what the rule refuses; `refusalItems` accounts for it. */
function unwritable({ rule }: OpenRule, out: Output): readonly Item[] {
  out.unasked.add(rule)
  return []
}
