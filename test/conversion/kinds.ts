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
    'whole-url': !target.startsWith('/'),
    'bad-path': isBadPath(target),
    'odd-query': !isPlainQuery(target),
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
    'large-body': expected.status === 413,
    'with-body': body !== undefined,
    'with-login': names.includes('authorization'),
    forwarded: names.some((name) => ['x-forwarded-for', 'x-real-ip', 'forwarded'].includes(name)),
    'taken-path': /\.[^/?]+\/|\/$/.test(target.split('?')[0] ?? '') && isTakenWhole(request, expected),
    'not-found': expected.status === 404,
    error: (expected.status ?? 200) >= 400 || isUnusual(request, expected),
    'unknown-method': !knownMethods.has(method),
    'post-to-file':
      !['GET', 'HEAD'].includes(method) && !isAnswered(request, expected) && !isRefused(expected),
    range: names.some(isOfRange),
    'range-of-answer': names.some(isOfRange) && isAnswered(request, expected),
    'path-behind-file': /[^/]\.[^/?]+\//.test(target.split('?')[0] ?? '') && !isTakenWhole(request, expected),
    folder: isForFolder(request, expected),
    'dotted-folder': isForFolder(request, expected) && /\.[^/]*\/?$/.test(target.split('?')[0] ?? ''),
    'unusual-answer': isUnusual(request, expected),
    'broken-answer': isBroken(request, expected),
    'location-answer': /[?&]hdr=Location/i.test(target),
    'sendfile-answer': /[?&](?:hdr|var)=X-(?:Sendfile|LIGHTTPD)/i.test(target),
    'accel-answer': /[?&](?:hdr|var)=X-Accel/i.test(target)
  }
  return new Set(kinds.filter((kind) => found[kind]))
}

const kinds = [
  'odd-host',
  'odd-target',
  'whole-url',
  'bad-path',
  'odd-query',
  'repeated-header',
  'odd-header',
  'other-method',
  'unknown-method',
  'odd-body',
  'large-body',
  'with-body',
  'with-login',
  'forwarded',
  'taken-path',
  'not-found',
  'error',
  'post-to-file',
  'range',
  'range-of-answer',
  'path-behind-file',
  'folder',
  'dotted-folder',
  'unusual-answer',
  'broken-answer',
  'location-answer',
  'sendfile-answer',
  'accel-answer'
] as const satisfies readonly RequestKind[]

/** Methods of RFC 9110, RFC 5789 and RFC 4918, but for TRACE and CONNECT, which servers have each their own mind about. */
const knownMethods = new Set(
  'GET HEAD POST PUT DELETE OPTIONS PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK'.split(' ')
)

function isForFolder(request: RecordedRequest, expected: Observation): boolean {
  const isWhole = isTakenWhole(request, expected)
  return (/\/(?:\?|$)/.test(request.target) && !isWhole) || isToSlash(request, expected)
}

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
  const [path = ''] = target.split('?')
  return (
    path.startsWith('/') &&
    target.length < 4000 &&
    !/\/\/|\/\.(?:\/|$)|\.\.(?:\/|$)/.test(path) &&
    /^(?:[!$&-;=@-Z_a-z~]|%(?:2[0-9A-E]|3[A-E]|40|5[B-E]|60|7[B-D]))*$/.test(path) &&
    !path.includes('%2F') &&
    isPlainQuery(target)
  )
}

function isPlainQuery(target: string): boolean {
  const [, query = ''] = target.split(/\?(.*)/s)
  return /^(?:[!$&-;=?-Z_a-z~|]|%(?:2[0-9A-C]|2F|3[A-F]|40|5[B-E]|60|7[B-D]))*$/.test(query)
}

function isBadPath(target: string): boolean {
  const [path = ''] = target.split('?')
  if (!path.startsWith('/')) return false
  if (/[^!-~]|#/.test(path) || target.length >= 4000) return true
  try {
    const decoded = decodeURIComponent(path)
    return hasControl(decoded) || leadsAbove(decoded)
  } catch (error) {
    // Escapes that are no UTF-8.
    if (error instanceof URIError) return true
    throw error
  }
}

function hasControl(text: string): boolean {
  return Array.from(text).some((letter) => letter < ' ' || letter === '\x7F')
}

function leadsAbove(path: string): boolean {
  let depth = 0
  return path.split('/').some((name) => {
    depth += name === '..' ? -1 : name === '' || name === '.' ? 0 : 1
    return depth < 0
  })
}

function isOfRange(name: string): boolean {
  return name === 'range' || name.startsWith('if-')
}

/** An application answers, as far as the recording tells: it says so, or does what the query asks of it. */
function isAnswered({ target }: RecordedRequest, { fastcgi, answered }: Observation): boolean {
  return fastcgi !== undefined || answered !== undefined || /[?&](?:body|status|hdr)=/.test(target)
}

/** For its form or its size, before anybody asks what it is for. */
function isRefused({ status = 200 }: Observation): boolean {
  return [400, 411, 413, 414, 431].includes(status)
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
    /[?&](?:die|close|slow|end)\b/.test(target) ||
    /[?&]sleep=[1-9]/.test(target) ||
    (status >= 500 && !/[?&]status=5\d\d(?:[&%+]|$)/.test(target)) ||
    lines.some(
      (line) => !/^[A-Za-z0-9-]+:./.test(line) || /^(?:status|transfer-encoding|content-length):/i.test(line)
    ) ||
    statuses.some((text) => !/^[2-5]\d\d(?:%20|\+|$)/.test(text) || text.startsWith('205'))
  )
}
