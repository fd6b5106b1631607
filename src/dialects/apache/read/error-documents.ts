import type { ErrorPage } from '../../../model/index.js'
import { interpolated } from './interpolation.js'
import type { Line } from './line.js'
import { setting, type Place } from './place.js'
import { notReadYet, type Reader, type Said } from './reader.js'

const value = (line: Line, index: number): string => line.words[index]?.value ?? ''

/** `ErrorDocument 404 /missing.html`, a text, a URL elsewhere, or `default` (core: `set_error_document`). */
export function errorDocument(line: Line, place: Place, reader: Reader): Said {
  const status = Number(value(line, 0))
  if (!(status >= 400 && status <= 599)) return notReadYet
  const written = value(line, 1)
  const isElsewhere = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) && !written.includes(' ')
  if (isElsewhere && status === 401) {
    const message = 'A 401 cannot be answered by a redirect: the line is passed over'
    reader.report.warn('error-document-ignored', line.span, message)
    return { kind: 'ignored', why: 'a 401 cannot be answered by a redirect' }
  }
  const to = targetOf(written)
  if ('wrong' in to) {
    reader.report.refuse('bad-expression', line.words[1]?.span ?? line.span, `\`${line.name}\`: ${to.wrong}`)
    return undefined
  }
  if ('unread' in to) return 'undecided'
  const page: ErrorPage = {
    statuses: [status],
    to,
    status: isElsewhere ? { kind: 'fixed', status: 302 } : { kind: 'kept' },
    request: 'without-body',
    // core: `ap_die_r` tells the first error.
    keepsOnError: true,
    keepsHeaders: true,
    origin: line.span
  }
  if (place.context === 'main' || place.context === 'vhost') {
    place.server.errorPages.unshift(page)
    return undefined
  }
  const before = place.settings.findLast((one) => one.key === 'errorPages')
  const earlier = before?.key === 'errorPages' ? before.value : []
  place.settings.push({ ...setting('errorPages', [page, ...earlier], line.span), merge: 'prepend' })
  return undefined
}

function targetOf(
  written: string
): ErrorPage['to'] | { readonly wrong: string } | { readonly unread: string } {
  if (written.toLowerCase() === 'default') return { kind: 'own' }
  const isText = written.includes(' ') || !/^(?:\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(written)
  const template = interpolated(isText ? written.replace(/^"/, '') : written)
  if ('wrong' in template || 'unread' in template) return template
  return isText ? { kind: 'text', text: template } : { kind: 'uri', uri: template }
}
