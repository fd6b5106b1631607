import { ownReading, stepOf } from '../../account.js'
import { quote } from '../quote.js'
import type { Ledger, Note, Params, Plan, PlannedHost, Setting } from '../../../model/index.js'
import { origins } from '../../../model/index.js'
import { block, directive, type Item } from './document.js'

/** What holds for all servers: what the source does without being asked and nginx does otherwise. */
export function httpItems(plan: Plan, fragment: boolean): readonly Item[] {
  const { request } = plan.site
  const unlimited = plan.hosts.every(({ settings }) => settings.maxBodySize === undefined)
  return [
    ...(fragment ? [] : mediaTypeItems(plan)),
    ...(unlimited ? [directive('client_max_body_size', '0')] : []),
    ...(request.underscoresInHeaders === 'kept' ? [directive('underscores_in_headers', 'on')] : []),
    ...(request.oddHeaderNames === 'kept' ? [directive('ignore_invalid_headers', 'off')] : []),
    ...(request.target.mergeSlashes ? [] : [directive('merge_slashes', 'off')]),
    ...(relativeSlash(plan) ? [directive('absolute_redirect', 'off')] : [])
  ]
}

function relativeSlash(plan: Plan): boolean {
  const early = stepOf(plan, 'locate')?.directorySlash === 'redirect'
  return early || stepOf(plan, 'slash-directory')?.location === 'relative'
}

/** Media types of the first host; nginx could say them per server, but configurations say them once. */
function mediaTypeItems(plan: Plan): readonly Item[] {
  const first = plan.hosts
    .map(({ settings }) => settings.mediaTypes)
    .find((setting) => setting !== undefined && !isBuiltIn(setting))
  const byDefault = plan.hosts
    .map(({ settings }) => settings.defaultMediaType)
    .find((setting) => setting !== undefined && setting.value !== 'text/plain')
  const other = first?.value.find(({ extension }) => extension === '')?.type ?? byDefault?.value
  return [
    ...(first === undefined ? [] : [block(['types'], typeItems(first))]),
    ...(other === undefined ? [] : [directive('default_type', quote(other))])
  ]
}

/** The three types that nginx knows by itself. */
function isBuiltIn(setting: Extract<Setting, { key: 'mediaTypes' }>): boolean {
  const types = setting.value
    .filter(({ extension }) => extension !== '')
    .map(({ extension, type }) => `${extension.replace(/^\./, '')} ${type}`)
  return types.sort().join() === 'gif image/gif,html text/html,jpg image/jpeg'
}

function typeItems(setting: Extract<Setting, { key: 'mediaTypes' }>): readonly Item[] {
  const byType = new Map<string, string[]>()
  for (const { extension, type } of setting.value) {
    // Parameters (`; charset=utf-8`) would end the directive; nginx takes the type in quotes.
    const name = extension.replace(/^\./, '')
    if (name !== '' && /^[\w.+-]+$/.test(name)) byType.set(type, [...(byType.get(type) ?? []), name])
  }
  return [...byType].map(([type, names]) => directive(quote(type), ...names))
}

/** Marks of settings that are written for all servers at once. */
export function markHttp(plan: Plan, ledger: Ledger): void {
  const { request } = plan.site
  for (const field of ['listeners', 'pipeline', 'host.names', 'request.target.mergeSlashes']) {
    ledger.markPart(undefined, field, 'exact')
  }
  // Options of the source about how requests are read, which nginx has no directives for.
  for (const { state, span } of plan.site.directives)
    if (state.kind === 'read' && state.as === 'request') ledger.mark(span, 'approx', ownReading)
  if (request.underscoresInHeaders === 'kept')
    ledger.markPart(undefined, 'request.underscoresInHeaders', 'exact')
  if (request.oddHeaderNames === 'kept') ledger.markPart(undefined, 'request.oddHeaderNames', 'exact')
  for (const { settings } of plan.hosts) {
    for (const setting of [settings.mediaTypes, settings.defaultMediaType]) {
      if (setting === undefined) continue
      for (const origin of origins(setting)) ledger.mark(origin, 'exact')
    }
  }
}

/** Whether some application of the place is told repeated headers in one. */
function joinsHeaders({ settings, rules }: Pick<PlannedHost, 'settings' | 'rules'>): boolean {
  const own = (settings.bindings?.value ?? []).map(({ target }) =>
    target.kind === 'fastcgi' ? target.params : undefined
  )
  return [settings.params?.value, ...own].some(joins) || rules.some(joinsHeaders)
}

function joins(params: Params | undefined): boolean {
  return (params?.entries ?? []).some(
    (entry) => entry.kind === 'headers' && entry.rules.repeated === 'joined'
  )
}

/** What no directive can make nginx do as the source does. */
export function unaskedDifferences(plan: Plan, ledger: Ledger): void {
  markHttp(plan, ledger)
  const { request } = plan.site
  if (request.host.normalised) {
    ledger.unasked('approx', {
      message:
        'nginx hands on the Host header as it was sent, and takes some that the source refuses; the source writes it in lower case, without default port',
      affects: ['HTTP_HOST', 'SERVER_NAME', 'status', 'routing'],
      only: ['odd-host']
    })
  }
  if (request.target.normalised) {
    ledger.unasked('approx', {
      message:
        'nginx decodes and checks the path only; the source refuses control characters and writes escapes of path and query in one form',
      affects: ['QUERY_STRING', 'PATH_INFO', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'status', 'routing', 'body'],
      only: ['bad-path', 'odd-query', 'whole-url']
    })
  }
  if (request.target.absoluteForm !== 'overrides-host') {
    ledger.unasked('approx', {
      message:
        'of a target that is a whole URL nginx takes the host to choose the server, and tells of the Host header as it came; the source puts the one in the place of the other, or refuses where they differ',
      affects: ['HTTP_HOST', 'SERVER_NAME', 'REQUEST_URI', 'status', 'routing'],
      only: ['whole-url']
    })
  }
  if (plan.hosts.some(joinsHeaders)) {
    ledger.unasked('approx', {
      message: 'of a header that is sent twice nginx 1.22 hands on the last one; the source joins them',
      affects: ['HTTP_*', 'HTTP_COOKIE', 'CONTENT_TYPE', 'status', 'routing'],
      only: ['repeated-header']
    })
  }
  if (request.oddHeaderNames === 'kept') {
    ledger.unasked('approx', {
      message: 'nginx makes only `-` of a name into `_`, keeps tabs around values, and refuses no names',
      affects: ['HTTP_*', 'status', 'routing'],
      only: ['odd-header']
    })
  }
  if (Array.isArray(request.methods.known)) {
    ledger.unasked('approx', {
      message: `nginx passes any method on but TRACE, which it refuses with 405; the source knows some, and refuses others with ${String(request.methods.otherwise)}`,
      affects: ['status', 'routing', 'body', 'REQUEST_METHOD'],
      only: ['unknown-method']
    })
  }
  if (request.body.withGet === 'refused' || request.body.withoutLength === 'length-required') {
    ledger.unasked('approx', {
      message: 'nginx takes bodies with any method, and POST without a length; the source refuses them',
      affects: ['status', 'routing', 'body'],
      only: ['odd-body']
    })
  }
  if (request.body.chunked === 'accepted' && plan.hosts.some(joinsHeaders)) {
    ledger.unasked('approx', {
      message: 'of a body that comes in chunks nginx tells both how it came and how long it is',
      affects: ['HTTP_TRANSFER_ENCODING', 'CONTENT_LENGTH'],
      only: ['odd-body']
    })
  }
  for (const note of folderNotes(plan)) ledger.unasked('approx', note)
  const files = stepOf(plan, 'static')
  if (files?.methods.includes('POST') === true) {
    ledger.unasked('approx', {
      message: 'nginx answers POST to a file it sends itself with 405; the source sends the file',
      affects: ['status', 'body'],
      only: ['post-to-file']
    })
  }
  if (files?.pathInfo === 'sent') {
    ledger.unasked('approx', {
      message:
        'a URL that goes on behind a file (`/a.txt/x`) is 404 in nginx; the source sends the file, or says otherwise that it is none',
      affects: ['status', 'body', 'routing'],
      only: ['path-behind-file']
    })
  }
}

/** What nginx makes of folders in another way than a source that appends names of index files to the path. */
function folderNotes({ hosts }: Plan): readonly Note[] {
  const affects = ['status', 'routing', 'body']
  const only = ['folder'] as const
  const appends = hosts.some(({ settings }) => settings.index?.value.how === 'append')
  const onSuffixes = hosts.some(({ settings }) =>
    (settings.bindings?.value ?? []).some(({ match }) => match.kind === 'suffix' && match.value !== '')
  )
  return [
    ...(hosts.some(({ settings }) => settings.index === undefined)
      ? [{ message: 'nginx looks for index.html in a folder where nothing is said', affects, only }]
      : []),
    ...(appends && hosts.some(({ rules }) => rules.length > 0)
      ? [{ message: 'nginx chooses the location anew for an index file', affects, only }]
      : []),
    ...(onSuffixes
      ? [
          {
            message: 'nginx answers 404 where a folder has a name as programs have',
            affects,
            only: ['dotted-folder'] as const
          }
        ]
      : [])
  ]
}
