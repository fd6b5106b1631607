import type { Span } from '../../diagnostics/index.js'
import type { Condition, Instruction, Regex, Site } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import { settingsOf } from '../support/places.js'

/** A repetition of what is a repetition itself can be tried in more ways than there is time for. */
export const slowPattern: Rule = {
  code: 'routing/slow-pattern',
  severity: 'warning',
  summary: 'A pattern that a long path keeps busy',
  dialects: 'all',
  security: 5.3,
  site(site, context) {
    for (const { span, regex } of patternsOf(site)) check(regex, span, context)
  },
  visits(context) {
    return {
      place({ scope: { location, when, head } }) {
        if (head === undefined) return
        if (location?.kind === 'regex') check(location.regex, head, context)
        if (when.kind === 'always') return
        for (const { span, regex } of inCondition(when, head)) check(regex, span, context)
      },
      binding({ binding: { match, origin } }) {
        if (match.kind === 'regex') check(match.regex, origin, context)
      }
    }
  }
}

function check({ source }: Regex, span: Span, { report }: RuleContext): void {
  const part = nested.exec(source)?.[0]
  if (part === undefined) return
  report({
    span,
    message: `\`${part}\` repeats what is a repetition itself: a path that nearly fits is tried in ever so many ways, until PCRE gives up or the server stands`,
    hint: 'write one repetition, as `[^/]+` in place of `([^/]+)*`'
  })
}

/** `(a+)+`, `([^/]*)*`, `(.+)*`: a group of one repeated piece, repeated. */
const nested = /\((?:\?:)?(?:\.|\[[^\]]+\]|\\[wds]|\w)[+*]\)[+*](?!\+)/

interface Pattern {
  readonly span: Span
  readonly regex: Regex
}

function* patternsOf(site: Site): Generator<Pattern> {
  for (const key of ['rewrites', 'missingRewrites'] as const) {
    for (const { setting } of settingsOf(site, key)) {
      for (const { match, origin } of setting.value) yield { span: origin, regex: match }
    }
  }
  for (const key of ['redirects', 'fileRedirects'] as const) {
    for (const { setting } of settingsOf(site, key)) {
      for (const { match, origin } of setting.value) yield { span: origin, regex: match }
    }
  }
  for (const key of ['urlRules', 'folderRules'] as const) {
    for (const { setting } of settingsOf(site, key)) {
      for (const { match, origin } of setting.value.rules) yield { span: origin, regex: match }
    }
  }
  for (const { setting } of settingsOf(site, 'instructions')) yield* inInstructions(setting.value)
}

function* inInstructions(instructions: readonly Instruction[]): Generator<Pattern> {
  for (const one of instructions) {
    if (one.kind === 'rewrite') yield { span: one.rewrite.origin, regex: one.rewrite.match }
    if (one.kind !== 'if') continue
    yield* inCondition(one.when, one.origin)
    yield* inInstructions(one.then)
  }
}

function* inCondition(condition: Condition, span: Span): Generator<Pattern> {
  if (condition.kind === 'test' && condition.test.kind === 'regex')
    yield { span, regex: condition.test.regex }
  if (condition.kind === 'not') yield* inCondition(condition.of, span)
  if (condition.kind === 'all' || condition.kind === 'any')
    for (const one of condition.of) yield* inCondition(one, span)
}
