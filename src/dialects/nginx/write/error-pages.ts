import { quote } from '../quote.js'
import type { ErrorPage, Note } from '../../../model/index.js'
import { directive, type Item } from './document.js'
import type { Output } from './output.js'
import { templateText, type Surroundings } from './templates.js'

const ownPage: Note = {
  message:
    'the handler is asked with GET and the body that came, and its status counts, be it a file or a program',
  affects: ['status', 'body', 'routing', 'REQUEST_METHOD', 'CONTENT_LENGTH', 'CONTENT_TYPE', 'REMOTE_USER'],
  only: ['not-found', 'with-body', 'other-method', 'with-login', 'unusual-answer', 'broken-answer']
}

export function errorPageItem(page: ErrorPage, at: Surroundings, out: Output): readonly Item[] {
  // nginx does not start on others, nor on 499, which it has for itself.
  const known = page.statuses.filter((status) => status >= 300 && status <= 599 && status !== 499)
  const statuses = known.map(String)
  const answer =
    page.status.kind === 'kept'
      ? []
      : page.status.kind === 'of-answer'
        ? ['=']
        : [`=${String(page.status.status)}`]
  const target =
    page.to.kind === 'uri'
      ? templateText(page.to.uri, at, out)
      : page.to.kind === 'named'
        ? `@${page.to.name.replace(/^@/, '')}`
        : undefined
  if (target === undefined || statuses.length === 0) {
    out.ledger.mark(page.origin, 'lost', {
      message: 'nginx has no such error page',
      // Without a page of its own it hands on the one of an application.
      affects: ['body', 'routing']
    })
    return []
  }
  const isWhole = known.length === page.statuses.length
  const note = { message: 'nginx has no error page for some of these statuses', affects: ['body'] }
  const own = page.request === 'without-body' || page.keptWithoutApplication !== undefined
  if (own) out.ledger.mark(page.origin, 'approx', ownPage)
  else if (isWhole) out.ledger.mark(page.origin, 'exact')
  else out.ledger.mark(page.origin, 'approx', note)
  return [directive('error_page', ...statuses, ...answer, quote(target))]
}
