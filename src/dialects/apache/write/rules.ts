import { askedFor } from '../../answer-rules.js'
import { unguarded } from '../../guarded.js'
import { unsayable } from '../../unsayable.js'
import { literalText } from '../../../model/index.js'
import type {
  Access,
  ErrorPage,
  Instruction,
  Note,
  Redirect,
  Rewrite,
  Template
} from '../../../model/index.js'
import { expression } from './conditions.js'
import { isKnownStatus } from '../statuses.js'
import { directive, quoted, section, wordText } from './entries.js'
import type { Entry, Word } from './entries.js'
import type { Context } from './module.js'
import { inlineRegex } from './patterns.js'
import { expressionString } from './templates.js'
import { exact, lost, unsaid } from './written.js'
import type { Written } from './written.js'

export function rewrites(rules: readonly Rewrite[]): Written {
  return rules.length === 0
    ? exact()
    : unsaid({ ...unsayable.rewrites, advice: 'add RewriteRule lines by hand' })
}

/** An answer given without a question is a Redirect; anything else needs mod_rewrite. */
export function instructions(list: readonly Instruction[]): Written {
  const [first] = list
  if (first === undefined) return exact()
  if (first.kind === 'answer') {
    const { target } = first
    if (target.kind === 'status') {
      const entries = [directive('Redirect', String(target.status))]
      if (target.status >= 400 && target.body === undefined) return exact(...entries)
      if (target.status >= 400) {
        return {
          entries,
          verdict: 'approx',
          note: { message: "the status is sent with httpd's own text", affects: ['body'] }
        }
      }
    } else {
      const sent = redirectTarget(target.to)
      if (sent !== undefined) {
        const entries = [directive('Redirect', String(target.status), quoted(sent.text))]
        return sent.query === 'as-said' ? exact(...entries) : { entries, verdict: 'approx', note: queryAdded }
      }
    }
  }
  return {
    ...unsaid({ ...unsayable.instructions, advice: 'write RewriteCond and RewriteRule lines by hand' }),
    entries: guards(list) ? [directive('Require', 'all', 'denied')] : []
  }
}

const queryAdded: Note = {
  message: "httpd adds the request's query to what a redirect says",
  affects: ['Location']
}

/**
 * Where a section redirects to: Redirect has the target alone there, and that may be an expression. httpd adds the
 * request's query to a target without one, so that path and query as they came are the path's variable at the end.
 */
function redirectTarget(
  to: Template
): { readonly text: string; readonly query: 'as-said' | 'added' } | undefined {
  const last = to.at(-1)
  if (last?.kind === 'variable' && asTheyCame.has(last.name)) {
    const before = expressionString(to.slice(0, -1))
    return before === undefined || before.includes('?')
      ? undefined
      : { text: `${before}%{REQUEST_URI}`, query: 'as-said' }
  }
  const text = literalText(to) ?? expressionString(to)
  return text === undefined ? undefined : { text, query: text.includes('?') ? 'as-said' : 'added' }
}

/** Path and query of the request. */
const asTheyCame: ReadonlySet<string> = new Set(['request.uri', 'request.target'])

/** A redirect of every URL of a host to the same one elsewhere, which needs no section: its status, and where `/` goes. */
export function wholeRedirect(list: readonly Instruction[]): Written | undefined {
  const [first] = list
  if (first?.kind !== 'answer' || first.target.kind !== 'redirect') return undefined
  const { to, status } = first.target
  const last = to.at(-1)
  if (last?.kind !== 'variable' || !asTheyCame.has(last.name)) return undefined
  const before = literalText(to.slice(0, -1))
  return before === undefined || before.includes('?')
    ? undefined
    : exact(directive('Redirect', String(status), '/', `${before}/`))
}

/** Whether leaving the rules out could open what they refuse. */
function guards(list: readonly Instruction[]): boolean {
  return list.some(
    (each) =>
      (each.kind === 'answer' && each.target.kind === 'status' && each.target.status >= 400) ||
      (each.kind === 'if' && guards(each.then))
  )
}

export function redirects(rules: readonly Redirect[]): Written {
  const lines: Entry[] = []
  for (const rule of rules) {
    if (rule.to === undefined) {
      lines.push(directive('RedirectMatch', String(rule.status), quoted(inlineRegex(rule.match))))
      continue
    }
    const to = capturesAsGroups(rule.to)
    if (to === undefined) {
      return {
        ...lost('a redirect to a URL made of variables has no counterpart', ['Location', 'status']),
        entries: lines
      }
    }
    lines.push(directive('RedirectMatch', String(rule.status), quoted(inlineRegex(rule.match)), quoted(to)))
  }
  if (rules.every(({ on }) => on === 'path')) return exact(...lines)
  return {
    entries: lines,
    verdict: 'approx',
    note: {
      message: 'RedirectMatch compares the decoded path, without the query, and keeps the query',
      affects: ['Location', 'status']
    }
  }
}

function capturesAsGroups(template: Template): string | undefined {
  let text = ''
  for (const part of template) {
    if (part.kind === 'text') text += part.text.replaceAll(/[$\\]/g, String.raw`\$&`)
    else if (part.kind === 'capture' && part.from === 'rule' && typeof part.group === 'number')
      text += `$${part.group}`
    // What is filled in is escaped anyway.
    else if (part.kind === 'apply' && ['escape-path', 'escape-passed-path'].includes(part.function)) {
      const inner = capturesAsGroups(part.to)
      if (inner === undefined) return undefined
      text += inner
    } else return undefined
  }
  return text
}

/** A check that httpd cannot make: every request of the place is refused instead, unless that is not wanted. */
export function notGuarded(message: string, { allowOpen }: Context, advice?: string): Written {
  const note = unguarded(message, allowOpen, advice)
  return { entries: allowOpen ? [] : [directive('Require', 'all', 'denied')], verdict: 'lost', note }
}

/** The first rule that fits decides: each is written around what those behind it ask for. */
export function access({ rules, otherwise }: Access, context: Context): Written {
  const tests = rules.map(({ when }) => requirement(when))
  if (tests.includes(undefined)) {
    return notGuarded('an access rule has no counterpart', context)
  }
  const asked = rules.reduceRight<Asked>(
    (rest, { allow }, index) =>
      allow ? allowing(tests[index] ?? [], rest) : refusing(tests[index] ?? [], rest),
    otherwise === 'allow' ? 'granted' : 'denied'
  )
  return exact(...(typeof asked === 'string' ? [directive('Require', 'all', asked)] : asked))
}

/** Everybody, nobody, or those for whom one of the entries holds. */
type Asked = 'granted' | 'denied' | readonly Entry[]

function allowing(words: readonly Word[], rest: Asked): Asked {
  if (rest === 'granted' || isForAll(words)) return 'granted'
  const own = directive('Require', ...words)
  return rest === 'denied' ? [own] : [own, ...rest]
}

function refusing(words: readonly Word[], rest: Asked): Asked {
  if (rest === 'denied' || isForAll(words)) return 'denied'
  const own = directive('Require', ...words)
  const [only, ...others] = rest === 'granted' ? [] : rest
  if (only === undefined)
    return [
      section('RequireAll', [], [directive('Require', 'all', 'granted'), section('RequireNone', [], [own])])
    ]
  const inner =
    only.kind === 'section' && only.name === 'RequireAll' && others.length === 0 ? only.body : undefined
  const last = inner?.at(-1)
  if (inner !== undefined && last?.kind === 'section' && last.name === 'RequireNone') {
    const none = section('RequireNone', [], [own, ...last.body])
    return [section('RequireAll', [], [...inner.slice(0, -1), none])]
  }
  const before = others.length === 0 ? only : section('RequireAny', [], [only, ...others])
  return [section('RequireAll', [], [before, section('RequireNone', [], [own])])]
}

function isForAll(words: readonly Word[]): boolean {
  return words.map(wordText).join(' ') === 'all granted'
}

function requirement(when: Access['rules'][number]['when']): readonly Word[] | undefined {
  if (when.kind === 'always') return ['all', 'granted']
  if (when.kind === 'test' && when.subject.of === 'remote-address' && when.test.kind === 'address')
    return ['ip', when.test.network]
  const text = expression(when)
  return text === undefined ? undefined : ['expr', quoted(text)]
}

/** `ErrorDocument 404 "a text"`, and not the URL of a page. */
function isText(line: Entry): boolean {
  const [, word] = line.kind === 'directive' ? line.words : []
  return word !== undefined && !wordText(word).startsWith('/')
}

export function errorPages(pages: readonly ErrorPage[]): Written {
  const lines: Entry[] = []
  let same = true
  for (const page of pages) {
    if (page.request !== 'without-body' && page.to.kind === 'uri') same = false
    if (page.to.kind === 'named')
      return lost('httpd has no named locations for error pages', ['status', 'routing', 'body', ...askedFor])
    const to =
      page.to.kind === 'own' ? 'default' : literalText(page.to.kind === 'text' ? page.to.text : page.to.uri)
    if (to === undefined)
      return lost('an error page made of variables has no counterpart', [
        'status',
        'routing',
        'body',
        ...askedFor
      ])
    if (page.status.kind === 'fixed') same = false
    const known = page.statuses.filter(isKnownStatus)
    if (known.length < page.statuses.length) same = false
    for (const status of known) lines.push(directive('ErrorDocument', String(status), quoted(to)))
  }
  if (same && lines.every(isText)) return exact(...lines)
  if (same) {
    return {
      entries: lines,
      verdict: 'approx',
      note: {
        message:
          'an error page is told of no body; whether the source tells of its length is up to its module',
        affects: ['CONTENT_LENGTH', 'CONTENT_TYPE'],
        only: ['with-body']
      }
    }
  }
  return {
    entries: lines,
    verdict: 'approx',
    note: {
      message:
        "an error page keeps the error's status, is asked for with GET and without body, and statuses that httpd does not know have none",
      affects: ['status', 'body', 'routing', ...askedFor]
    }
  }
}
