import type { Span } from '../diagnostics/index.js'
import type {
  Access,
  Binding,
  Condition,
  ConditionRule,
  InForce,
  LocationMatch,
  Match,
  PlannedRule,
  Subject,
  Test
} from '../model/index.js'
import { allOf, always, anyOf, never, not, settingsOf, origins } from '../model/index.js'
import { answering } from './answering.js'

/**
 * What a rule refuses, or has answered by a program, must not be let through or sent as a file because the target cannot
 * ask the rule's condition. A writer that cannot write a rule closes all of these requests, or more.
 */
export function refusedBy(rule: ConditionRule, outer: InForce, around: Condition = always): Condition {
  const when = allOf([around, rule.when])
  const own = anyOf([
    ...refusedBySettings(rule.settings),
    ...programsOf(rule.settings, outer).map(({ match }) => matched(match))
  ])
  return anyOf([allOf([when, own]), ...rule.rules.map((inner) => refusedInside(inner, outer, when))])
}

function refusedInside(rule: PlannedRule, outer: InForce, around: Condition): Condition {
  return rule.kind === 'condition'
    ? refusedBy(rule, outer, around)
    : refusedBy({ ...rule, kind: 'condition', when: locationCondition(rule.match) }, outer, around)
}

/** The rule's directive and all that stand inside it. */
export function originsOf(rule: PlannedRule): readonly Span[] {
  return [
    ...(rule.origin === undefined ? [] : [rule.origin]),
    ...settingsOf(rule.settings).flatMap((setting) => [
      ...origins(setting),
      ...(setting.key === 'access' || setting.key === 'furtherAccess'
        ? setting.value.rules.map(({ origin }) => origin)
        : []),
      ...(setting.key === 'bindings' ? setting.value.map(({ origin }) => origin) : [])
    ]),
    ...rule.rules.flatMap(originsOf)
  ]
}

/** A condition that holds at least wherever this one does, and asks nothing but what can be asked. */
export function widened(
  condition: Condition,
  canAsk: (subject: Subject, test: Test) => boolean,
  wider = true
): Condition {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return condition
    case 'all':
      return allOf(condition.of.map((each) => widened(each, canAsk, wider)))
    case 'any':
      return anyOf(condition.of.map((each) => widened(each, canAsk, wider)))
    case 'not':
      return not(widened(condition.of, canAsk, !wider))
    case 'test':
      if (isForAll(condition.test)) return always
      if (canAsk(condition.subject, condition.test)) return condition
      return wider ? always : never
  }
}

/** Every text begins and ends with nothing. */
function isForAll(test: Test): boolean {
  return (test.kind === 'prefix' || test.kind === 'suffix') && test.value === ''
}

function refusedBySettings(settings: InForce): readonly Condition[] {
  const { access, authentication, internalOnly, instructions } = settings
  return [
    ...(access === undefined ? [] : [refusedByAccess(access.value)]),
    ...(authentication === undefined || authentication.value.method === 'none' ? [] : [always]),
    ...(internalOnly?.value === true ? [always] : []),
    ...(instructions !== undefined && instructions.value.length > 0 ? [always] : [])
  ]
}

/** Rules of one kind are told apart; where refusals and permissions take turns, all is taken for refused. */
function refusedByAccess({ rules, otherwise }: Access): Condition {
  if (rules.some(({ allow, when }) => allow && when.kind === 'always')) {
    return rules.every(({ allow }) => allow) ? never : always
  }
  if (otherwise === 'deny' || rules.some(({ allow }) => allow)) return always
  return anyOf(rules.map(({ when }) => when))
}

/** Programs that take what nobody around them does. */
function programsOf(settings: InForce, outer: InForce): readonly Binding[] {
  const known = new Set(
    answering(outer)
      .filter(({ target }) => target.kind === 'fastcgi' && target.role === 'responder')
      .map(({ match }) => JSON.stringify(match))
  )
  return answering({ ...outer, ...settings }).filter(
    ({ match, target }) =>
      settings.bindings !== undefined &&
      target.kind === 'fastcgi' &&
      (target.role !== 'responder' || !known.has(JSON.stringify(match)))
  )
}

function matched(match: Match): Condition {
  switch (match.kind) {
    case 'prefix':
      return onPath({ kind: 'prefix', value: match.value, segments: match.segments })
    case 'suffix':
      return match.value === ''
        ? always
        : onPath({
            kind: 'regex',
            regex: { source: `${escaped(match.value)}(?:/|$)`, ignoreCase: false }
          })
    case 'exact':
      return onPath({ kind: 'equals', value: match.value })
    case 'regex':
      return onPath({ kind: 'regex', regex: match.regex })
    case 'any':
    case 'file-prefix':
    case 'label':
      return always
  }
}

function locationCondition(match: LocationMatch): Condition {
  switch (match.kind) {
    case 'exact':
      return onPath({ kind: 'equals', value: match.value })
    case 'prefix':
      return onPath({ kind: 'prefix', value: match.value, segments: false })
    case 'regex':
      return onPath({ kind: 'regex', regex: match.regex })
    case 'named':
      return never
  }
}

function onPath(test: Test): Condition {
  return isForAll(test) ? always : { kind: 'test', subject: { of: 'path' }, test }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)
}
