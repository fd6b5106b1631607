import { askedFor } from '../../answer-rules.js'
import { unguarded } from '../../guarded.js'
import { unsayable } from '../../unsayable.js'
import { literalText } from '../../../model/index.js'
import type { Access, ErrorPage, Note, Redirect, Rewrite } from '../../../model/index.js'
import type { Context } from './context.js'
import { questions } from './questions.js'
import { assign, nest, pairs } from './statements.js'
import type { Value } from './statements.js'
import { replacement } from './url-patterns.js'
import { approx, closing, exact, lost, unsaid } from './written.js'
import type { Written } from './written.js'

export function rewrites(rules: readonly Rewrite[]): Written {
  return rules.length === 0
    ? exact()
    : unsaid({ ...unsayable.rewrites, advice: 'add url.rewrite-once lines by hand' })
}

export function redirects(rules: readonly Redirect[]): Written {
  const found: (readonly [string, Value])[] = []
  for (const rule of rules) {
    const to = rule.to && replacement(rule.to)
    if (to === undefined)
      return lost('a redirect to a URL made of variables has no counterpart', ['Location', 'status'])
    found.push([(rule.match.ignoreCase ? '(?i)' : '') + rule.match.source, to])
  }
  const codes = new Set(rules.map(({ status }) => status))
  const [code] = codes
  const statements = [
    assign('url.redirect', pairs(found)),
    ...(code === undefined || code === 301 ? [] : [assign('url.redirect-code', code)])
  ]
  const message = 'the pattern is tried on the path as it was sent with its query'
  return codes.size > 1
    ? approx(statements, `${message}, and one status counts for all`, 'status', 'Location')
    : approx(statements, message, 'status', 'Location')
}

/** A check that lighttpd cannot make: every request of the place is refused instead, unless that is not wanted. */
export function notGuarded(message: string, { allowOpen }: Context, advice?: string): Written {
  const note = unguarded(message, allowOpen, advice)
  return { statements: allowOpen ? [] : [closing], verdict: 'lost', note }
}

/** Requests that are refused, as blocks around url.access-deny. */
export function access(value: Access, context: Context): Written {
  const opens = value.rules.filter((rule) => rule.allow)
  const closes = value.rules.filter((rule) => !rule.allow)
  const all = closes.some((rule) => rule.when.kind === 'always') || value.otherwise === 'deny'
  if (value.rules.length === 0 || closes.length === 0) {
    if (!all) return exact()
  }
  const openAll = opens.some((rule) => rule.when.kind === 'always')
  if (openAll && closes.length === 0) return exact()
  if (all && opens.length === 0) return exact(closing)
  const closed = notGuarded('one of the access rules has no counterpart', context)
  if (all && closes.every((rule) => rule.when.kind === 'always')) {
    return blocks(
      questions({ kind: 'all', of: opens.map(({ when }) => ({ kind: 'not', of: when })) }),
      closed
    )
  }
  if (!all && (opens.length === 0 || openAll))
    return onEnds(closes, blocks(questions({ kind: 'any', of: closes.map(({ when }) => when) }), closed))
  return closed
}

/** The end of a path is asked of the URL, whatever of it is the file's name. */
function onEnds(rules: Access['rules'], written: Written): Written {
  const isEnd = rules.some(({ when }) => when.kind === 'test' && when.test.kind === 'suffix')
  if (!isEnd || written.verdict !== 'exact') return written
  const note: Note = {
    message: 'a refusal by the end of a path is asked of the URL, not of the file behind which it goes on',
    affects: ['status', 'routing', 'body'],
    only: ['path-behind-file']
  }
  return { ...written, verdict: 'approx', note }
}

function blocks(alternatives: ReturnType<typeof questions>, otherwise: Written): Written {
  if (alternatives === undefined) return otherwise
  return exact(...alternatives.map((each) => nest(each, [closing])))
}

export function errorPages(pages: readonly ErrorPage[]): Written {
  const page = pages.find(({ statuses, to }) => statuses.includes(404) && to.kind === 'uri')
  const uri = page?.to.kind === 'uri' ? literalText(page.to.uri) : undefined
  if (page === undefined || !uri?.startsWith('/')) {
    return pages.length === 0
      ? exact()
      : unsaid({
          message: 'lighttpd has one error handler, a URL path, for 404',
          affects: ['status', 'routing', 'body', ...askedFor],
          only: ['error']
        })
  }
  // As lighttpd's own reader has it.
  const coversOthers = pages.every(({ statuses }) =>
    statuses.every((status) => page.statuses.includes(status))
  )
  if (page.request === 'without-body' && coversOthers && page.statuses.length > 20)
    return exact(assign('server.error-handler', uri))
  if (page.request === 'as-it-came' && page.statuses.includes(403))
    return exact(assign('server.error-handler-404', uri))
  return {
    statements: [assign('server.error-handler-404', uri)],
    verdict: 'approx',
    note: {
      message: 'the handler answers for 404 and 403, with its own status; other pages are lost',
      affects: ['status', 'routing', 'body', 'REDIRECT_STATUS', 'REMOTE_USER', ...askedFor],
      only: ['error']
    }
  }
}
