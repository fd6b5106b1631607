import type { RequestKind } from '../../src/model/index.js'
import type { Observation, RecordedRequest } from '../conformance/cases.js'

/** The kinds that a recorded request is of, so that a line of the ledger about some requests is held to those alone. */
export function kindsOf(request: RecordedRequest, expected: Observation): ReadonlySet<RequestKind> {
  const { method, target, headers, body } = request
  const names = headers.map(([name]) => name.toLowerCase())
  const hosts = headers.flatMap(([name, value]) => (name.toLowerCase() === 'host' ? [value] : []))
  const found: Readonly<Record<RequestKind, boolean>> = {
    'odd-host': hosts.length > 1 || hosts.some((host) => !plainHost.test(host)),
    'odd-target': !isPlain(target),
    // Of those the later lines stand behind the first one's value.
    'repeated-header':
      new Set(names).size < names.length || headers.some(([, value]) => value.includes('\n')),
    'odd-header': headers.some(
      ([name, value]) =>
        name.toLowerCase() === 'expect' ||
        !/^[A-Za-z0-9-]+$/.test(name) ||
        value.length > 1000 ||
        !/^[!-~](?:[ -~]*[!-~])?$/.test(value)
    ),
    'other-method': !['GET', 'HEAD', 'POST'].includes(method),
    'odd-body':
      names.includes('transfer-encoding') ||
      (body !== undefined && !['POST', 'PUT'].includes(method)) ||
      (method === 'POST' && body === undefined),
    'with-body': body !== undefined,
    'with-login': names.includes('authorization'),
    forwarded: names.some((name) => ['x-forwarded-for', 'x-real-ip', 'forwarded'].includes(name)),
    'taken-path': /\.[^/?]+\/|\/$/.test(target.split('?')[0] ?? '') && isTakenWhole(request, expected),
    'not-found': expected.status === 404,
    'unknown-method': !knownMethods.has(method),
    'post-to-file': !['GET', 'HEAD'].includes(method) && expected.fastcgi === undefined,
    range: names.some((name) => name === 'range' || name.startsWith('if-')),
    'path-behind-file': /\.[^/?]+\//.test(target.split('?')[0] ?? '') && !isTakenWhole(request, expected),
    folder: (/\/(?:\?|$)/.test(target) && !isTakenWhole(request, expected)) || isToSlash(request, expected),
    'unusual-answer': isUnusual(request, expected),
    'broken-answer': isBroken(request, expected),
    'location-answer': /[?&]hdr=Location/i.test(target),
    'sendfile-answer': /[?&](?:hdr|var)=X-(?:Sendfile|LIGHTTPD|Accel)/i.test(target)
  }
  return new Set(kinds.filter((kind) => found[kind]))
}

const kinds = [
  'odd-host',
  'odd-target',
  'repeated-header',
  'odd-header',
  'other-method',
  'unknown-method',
  'odd-body',
  'with-body',
  'with-login',
  'forwarded',
  'taken-path',
  'not-found',
  'post-to-file',
  'range',
  'path-behind-file',
  'folder',
  'unusual-answer',
  'broken-answer',
  'location-answer',
  'sendfile-answer'
] as const satisfies readonly RequestKind[]

/** Methods of RFC 9110, RFC 5789 and RFC 4918, but for TRACE, which servers have each their own mind about. */
const knownMethods = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK'.split(' ')
)

/** Redirected to the same path with a slash. */
function isToSlash({ target }: RecordedRequest, { status, headers, fastcgi }: Observation): boolean {
  if (status !== 301 || fastcgi !== undefined) return false
  const location = headers?.get('Location') ?? headers?.get('location')
  return location === undefined || location.split('?')[0]?.endsWith('/') === true || target.includes('%')
}

/** An application takes the path as it is for its own: nobody looks for a file. */
function isTakenWhole({ target }: RecordedRequest, { fastcgi }: Observation): boolean {
  const params = new Map(fastcgi?.params)
  const told = (params.get('SCRIPT_NAME') ?? '') + (params.get('PATH_INFO') ?? '')
  return fastcgi !== undefined && (told === '' || told === target.split('?')[0])
}

/** A name in lower case, no default port, no dot at the end. */
const plainHost = /^(?![\d.]+$)[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*(?::(?!80$)[1-9]\d{0,4})?$/

/** Begins with a slash; nothing in it that servers write in another way, or that some of them refuse. */
function isPlain(target: string): boolean {
  const [path = '', query = ''] = target.split(/\?(.*)/s)
  return (
    path.startsWith('/') &&
    target.length < 4000 &&
    !/\/\/|\/\.(?:\/|$)|\.\.(?:\/|$)/.test(path) &&
    /^(?:[!$&-;=@-Z_a-z~]|%(?:2[0-9A-E]|3[A-E]|40|5[B-E]|60|7[B-D]))*$/.test(path) &&
    !path.includes('%2F') &&
    /^(?:[!$&-;=?-Z_a-z~|]|%(?:2[0-9A-C]|2F|3[A-F]|40|5[B-E]|60|7[B-D]))*$/.test(query)
  )
}

/** The applications of the recordings do as the query says (`src/runtime/echo.ts`). */
function isUnusual({ target }: RecordedRequest, { status = 200, fastcgi }: Observation): boolean {
  return /[?&](?:status|hdr|var|deny)=/.test(target) || (fastcgi !== undefined && status !== 200)
}

/** Ends early, is late, writes to standard error, or has a line or a Status that is none. */
function isBroken({ target }: RecordedRequest, { status = 200 }: Observation): boolean {
  const lines = [...target.matchAll(/[?&]hdr=([^&]*)/g)].map(([, line = '']) => line)
  const statuses = [...target.matchAll(/[?&]status=([^&]*)/g)].map(([, text = '']) => text)
  return (
    /[?&](?:die|stderr|sleep|close|slow|end)\b/.test(target) ||
    status >= 500 ||
    lines.some(
      (line) => !/^[A-Za-z0-9-]+:./.test(line) || /^(?:status|transfer-encoding|content-length):/i.test(line)
    ) ||
    statuses.some((text) => !/^[2-5]\d\d(?:%20|\+|$)/.test(text) || text.startsWith('205'))
  )
}
