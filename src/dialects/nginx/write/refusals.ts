import { inQuotes } from '../quote.js'
import { unguarded } from '../../guarded.js'
import { originsOf, refusedBy, widened } from '../../closing.js'
import { bindingFields, markFields, poolFields } from '../../account.js'
import { eachTest, isTextTest } from '../../../model/index.js'
import type {
  Condition,
  ConditionRule,
  InForce,
  Note,
  PlannedRule,
  Subject,
  Template,
  Test
} from '../../../model/index.js'
import { block, commented, directive, type Item } from './document.js'
import type { Output } from './output.js'
import { escaped, globSource, patternOf } from './patterns.js'

/**
 * What a rule refuses whose condition no location asks: variables made by `map` and `geo` answer it, and the server says
 * 403 before it looks for a location. What not even they can ask is refused whatever the answer were.
 */
export function refusalItems(rule: ConditionRule, host: InForce, out: Output): readonly Item[] {
  const refused = refusedBy(rule, host)
  const asked = widened(refused, (subject, test) => questionOf(subject, test) !== undefined)
  const isWhole = JSON.stringify(asked) === JSON.stringify(refused)
  const closes = asked.kind !== 'never'
  for (const origin of originsOf(rule)) {
    if (isWhole && isRefusal(rule)) {
      if (asksNames(asked)) out.ledger.mark(origin, 'approx', byUrl)
      else out.ledger.mark(origin, 'exact')
    } else {
      out.ledger.mark(origin, 'lost', noteOn(rule, closes, out.allowOpen))
      for (const id of poolsOf(rule)) out.used.add(id)
      markFields(
        out.ledger,
        [origin],
        [...bindingFields, ...poolFields],
        'lost',
        noteOn(rule, closes, out.allowOpen)
      )
    }
  }
  const exact = isWhole && isRefusal(rule)
  if (!closes || (out.allowOpen && !exact)) return []
  const answer = directive('return', '403')
  const item = asked.kind === 'always' ? answer : block(['if', `(${variableOf(asked, out)})`], [answer])
  return [commented(item, out.ledger.takeComments(rule.origin))]
}

function poolsOf({ settings, rules }: PlannedRule): readonly string[] {
  const own = (settings.bindings?.value ?? []).flatMap(({ target }) =>
    target.kind === 'fastcgi' && target.pool.kind === 'pool' ? [target.pool.id] : []
  )
  return [...own, ...rules.flatMap(poolsOf)]
}

const byUrl: Note = { message: 'the name of the file is looked for in the URL', affects: ['status'] }

function asksNames(condition: Condition): boolean {
  let asks = false
  eachTest(condition, ({ of }) => {
    asks ||= of === 'basename'
  })
  return asks
}

function noteOn(rule: ConditionRule, closes: boolean, allowOpen: boolean): Note {
  const message = `nginx has no location for \`${rule.name}\``
  const advice = 'Express the condition by URL, or by a map whose variable the directives use.'
  const told = (rule.settings.environment?.value ?? []).map(({ name }) => name)
  return closes
    ? unguarded(message, allowOpen, advice)
    : { message, affects: ['routing', 'status', ...told], advice }
}

/** It does nothing but refuse. */
function isRefusal(rule: PlannedRule): boolean {
  const { access, authentication, ...others } = rule.settings
  return (
    rule.kind === 'condition' &&
    Object.keys(others).length === 0 &&
    authentication?.value.method !== 'basic' &&
    (access?.value.rules ?? []).every(({ allow }) => !allow) &&
    rule.rules.every(isRefusal)
  )
}

type Question =
  | { readonly kind: 'map'; readonly source: string; readonly match: string }
  | { readonly kind: 'geo'; readonly network: string }

/** The variable that is 1 where the condition holds, and 0 elsewhere. */
function variableOf(condition: Condition, out: Output): string {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return out.map('refused', '1', [['default', condition.kind === 'always' ? '1' : '0']])
    case 'not':
      return out.map('refused', variableOf(condition.of, out), [
        ['0', '1'],
        ['default', '0']
      ])
    case 'all':
    case 'any': {
      const isAll = condition.kind === 'all'
      const parts = condition.of.map((each) => variableOf(each, out))
      return out.map('refused', parts.join(''), [
        [(isAll ? '1' : '0').repeat(parts.length), isAll ? '1' : '0'],
        ['default', isAll ? '0' : '1']
      ])
    }
    case 'test':
      return testVariable(condition.subject, condition.test, out)
  }
}

function testVariable(subject: Subject, test: Test, out: Output): string {
  const question = questionOf(subject, test)
  // Nobody asks for what `widened` has taken out.
  if (question === undefined) return variableOf({ kind: 'always' }, out)
  if (question.kind === 'geo') return out.geo('from', question.network)
  return out.map('refused', question.source, [
    [question.match, '1'],
    ['default', '0']
  ])
}

function questionOf(subject: Subject, test: Test): Question | undefined {
  if (test.kind === 'address')
    return subject.of === 'remote-address' ? { kind: 'geo', network: test.network } : undefined
  if (subject.of === 'basename') {
    const pattern = patternOf({ kind: 'test', subject, test }, true)
    return pattern && { kind: 'map', source: '$uri', match: inQuotes(pattern.operator + pattern.source) }
  }
  const source = sourceOf(subject)
  const pattern = sourcePattern(test)
  return source === undefined || pattern === undefined
    ? undefined
    : { kind: 'map', source, match: inQuotes(pattern) }
}

function sourceOf(subject: Subject): string | undefined {
  switch (subject.of) {
    case 'path':
      return '$uri'
    case 'query':
      return '$args'
    case 'method':
      return '$request_method'
    case 'scheme':
      return '$scheme'
    case 'remote-address':
      return '$remote_addr'
    case 'header':
      return `$http_${subject.name.toLowerCase().replaceAll('-', '_')}`
    case 'host':
    case 'listener':
    case 'filename':
    case 'basename':
    case 'passed-to':
      return undefined
    case 'text':
      return textSource(subject.template)
  }
}

/** A text of one variable that is known before a location is chosen. */
function textSource([part, ...others]: Template): string | undefined {
  if (part === undefined || others.length > 0) return undefined
  if (part.kind === 'header') return sourceOf({ of: 'header', name: part.name })
  if (part.kind !== 'variable') return undefined
  switch (part.name) {
    case 'path':
      return '$uri'
    case 'query':
      return '$args'
    case 'request.method':
      return '$request_method'
    case 'request.scheme':
      return '$scheme'
    case 'request.target':
    case 'request.target.told':
      return '$request_uri'
    case 'remote.address':
      return '$remote_addr'
    default:
      return undefined
  }
}

/** Plain words in a map are compared without regard to case, so that each test is a pattern. */
function sourcePattern(test: Test): string | undefined {
  if (!isTextTest(test)) return undefined
  switch (test.kind) {
    case 'equals':
      return `${test.ignoreCase === true ? '~*' : '~'}^${escaped(test.value)}$`
    case 'prefix':
      return `~^${escaped(test.value)}${test.segments && !test.value.endsWith('/') ? '(/|$)' : ''}`
    case 'suffix':
      return `~${escaped(test.value)}$`
    case 'regex':
      return `${test.regex.ignoreCase ? '~*' : '~'}${test.regex.source}`
    case 'glob':
      return `${test.ignoreCase === true ? '~*' : '~'}^${globSource(test.pattern, test.crossesSlash)}${test.below ? '(/|$)' : '$'}`
    case 'true':
      return undefined
  }
}
