import type { Span } from '../../diagnostics/index.js'
import type { Regex, Site } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import { settingsOf } from '../support/places.js'
import { hasOuterAlternative, literalStart, outsideGroups } from '../support/regexes.js'

/** A pattern for a path that no path fits. */
export const neverMatches: Rule = {
  code: 'routing/never-matches',
  severity: 'warning',
  summary: 'A rewrite, redirect or location whose pattern no path fits',
  dialects: 'all',
  site(site, context) {
    for (const { span, regex, on } of patternsOf(site)) checkPattern(regex, on, span, context)
  },
  visits(context) {
    return {
      location({ scope: { location, head } }) {
        if (head === undefined || location === undefined) return
        if (location.kind === 'regex') checkPattern(location.regex, 'path', head, context)
        if (location.kind !== 'exact' && location.kind !== 'prefix') return
        // A location that begins with neither is taken as well, and a path begins with a slash.
        if (!location.value.startsWith('/') && location.value !== '') say('path', head, context)
        else checkEscapes(location.value, head, context)
      }
    }
  }
}

type On = 'path' | 'uri' | 'folder'

interface Pattern {
  readonly span: Span
  readonly regex: Regex
  readonly on: On
}

function* patternsOf(site: Site): Generator<Pattern> {
  for (const key of ['rewrites', 'missingRewrites'] as const) {
    for (const { setting } of settingsOf(site, key)) {
      for (const { match, on, origin } of setting.value) yield { span: origin, regex: match, on }
    }
  }
  for (const { setting } of settingsOf(site, 'redirects')) {
    for (const { match, on = 'uri', origin } of setting.value) yield { span: origin, regex: match, on }
  }
  for (const { setting } of settingsOf(site, 'instructions')) {
    for (const one of setting.value) {
      if (one.kind === 'rewrite')
        yield { span: one.rewrite.origin, regex: one.rewrite.match, on: one.rewrite.on }
    }
  }
  for (const key of ['urlRules', 'folderRules'] as const) {
    for (const { setting } of settingsOf(site, key)) {
      const { folder, sees, rules } = setting.value
      const on = folder === undefined || sees === 'whole-name' ? 'path' : 'folder'
      for (const { match, origin, negated } of rules) {
        if (!negated) yield { span: origin, regex: match, on }
      }
    }
  }
}

function checkPattern({ source }: Regex, on: On, span: Span, context: RuleContext): void {
  if (hasOuterAlternative(source)) return
  const start = literalStart(source)
  const isWrong =
    on === 'folder' ? start?.startsWith('/') : start !== undefined && start !== '' && !start.startsWith('/')
  if (isWrong === true) {
    say(on, span, context)
    return
  }
  if (on === 'uri') return
  // What stands in a group may be one of several, or be left out.
  const always = outsideGroups(source)
  if (/\\\?(?![?*{])/.test(always)) {
    context.report({
      span,
      message: `\`${source}\` asks for a question mark, and the path it is compared with ends before the query`,
      hint: 'compare the query on its own'
    })
  } else checkEscapes(always, span, context)
}

function say(on: On, span: Span, { report }: RuleContext): void {
  report(
    on === 'folder'
      ? {
          span,
          message: 'this never matches: inside a folder the path is compared without its leading slash',
          hint: 'leave out the slash behind the `^`'
        }
      : {
          span,
          message: 'this never matches: every path begins with a slash',
          hint: 'write the slash, as in `^/index`'
        }
  )
}

/** Paths are compared decoded. */
function checkEscapes(text: string, span: Span, { report }: RuleContext): void {
  const escape = /%(?:2[0-9a-f]|[3-7][0-9a-f]|[c-f][0-9a-f])/i.exec(text)?.[0]
  if (escape === undefined || text.includes('%{')) return
  report({
    span,
    message: `this does not match what it seems to: paths are compared decoded, and \`${escape}\` is decoded by then`,
    hint: 'write the character itself, in quotes where it is a blank'
  })
}
