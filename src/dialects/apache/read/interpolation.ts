import { literal, variable, type Template, type TemplateFunction } from '../../../model/index.js'

/** Not understood here, or refused by httpd too. */
export type Unclear = { readonly unread: string } | { readonly wrong: string }

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** A text of an expression with `%{NAME}`, `%{function:argument}` and `$1` in it. */
export function interpolated(text: string): Template | Unclear {
  const parts: Template[number][] = []
  for (const [piece, escaped, name, group] of text.matchAll(
    /\\([^])|%\{((?:[^{}]|\{[^{}]*\})+)\}|\$(\d)|[^\\%$]+|[^]/g
  )) {
    if (group !== undefined) {
      parts.push({ kind: 'capture', group: Number(group), from: 'last' })
      continue
    }
    const template =
      name === undefined
        ? literal(escaped === undefined ? piece : (escapes[escaped] ?? escaped))
        : named(name)
    if ('wrong' in template || 'unread' in template) return template
    parts.push(...template)
  }
  return parts
}

/** What stands between `%{` and `}`. */
export function named(name: string): Template | Unclear {
  const [, call, argument = ''] = /^([a-zA-Z][\w-]*):([^]*)$/.exec(name) ?? []
  if (call !== undefined) {
    const inner = interpolated(argument)
    return 'wrong' in inner || 'unread' in inner ? inner : spread(call, inner)
  }
  const known = variables.get(name.toUpperCase())
  if (known !== undefined) return known
  if (unknownHere.has(name.toUpperCase()) || name.startsWith('TIME_'))
    return { unread: `the variable \`%{${name}}\`` }
  return { wrong: `there is no variable \`%{${name}}\`` }
}

const functions: ReadonlyMap<string, TemplateFunction> = new Map([
  ['tolower', 'lower-case'],
  ['toupper', 'upper-case'],
  ['escape', 'escape-path'],
  ['unescape', 'unescape']
])

/** Functions of httpd whose results are not known here. */
const otherFunctions = new Set([
  ...['note', 'osenv', 'base64', 'unbase64', 'md5', 'sha1', 'file', 'filesize', 'filemod', 'ldap', 'replace'],
  ...['req_novary', 'ssl', 'peerextlist', 'oid']
])

/** A function with what it is called with. */
export function spread(name: string, argument: Template): Template | Unclear {
  const lower = name.toLowerCase()
  const text =
    argument.length === 0 ? '' : argument.every(({ kind }) => kind === 'text') ? textOf(argument) : undefined
  switch (lower) {
    case 'req':
    case 'http':
    case 'req_novary':
      return text === undefined
        ? { unread: 'a header of a computed name' }
        : [{ kind: 'header', name: text.toLowerCase() }]
    case 'resp':
      return text === undefined
        ? { unread: 'a header of a computed name' }
        : [{ kind: 'answer', of: { sent: text.toLowerCase() } }]
    case 'reqenv':
    case 'env':
      return text === undefined
        ? { unread: 'a variable of a computed name' }
        : [{ kind: 'environment', name: text }]
    default:
      break
  }
  const change = functions.get(lower)
  if (change !== undefined) return [{ kind: 'apply', function: change, to: argument }]
  return otherFunctions.has(lower)
    ? { unread: `the function \`${name}\`` }
    : { wrong: `there is no function \`${name}\`` }
}

function textOf(template: Template): string {
  return template.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}

const header = (name: string): Template => [{ kind: 'header', name }]

/** `ap_expr`'s variables, as far as a request's configuration can know them. */
const variables: ReadonlyMap<string, Template> = new Map([
  ['REQUEST_FILENAME', variable('filename')],
  ['SCRIPT_FILENAME', variable('filename')],
  ['REQUEST_URI', variable('path')],
  ['DOCUMENT_URI', variable('path')],
  ['PATH_INFO', variable('path-info')],
  ['REQUEST_METHOD', variable('request.method')],
  ['REQUEST_SCHEME', variable('request.scheme')],
  ['QUERY_STRING', variable('query')],
  ['REMOTE_ADDR', variable('remote.address')],
  ['CONN_REMOTE_ADDR', variable('remote.address')],
  ['REMOTE_PORT', variable('remote.port')],
  ['REMOTE_USER', variable('remote.user')],
  ['AUTH_TYPE', variable('auth.type')],
  ['SERVER_NAME', variable('server.name')],
  ['SERVER_PORT', [{ kind: 'first-of', of: [variable('request.port'), variable('scheme.port')] }]],
  ['SERVER_PROTOCOL', variable('request.protocol')],
  ['SERVER_ADMIN', variable('server.admin')],
  ['DOCUMENT_ROOT', variable('document-root')],
  ['CONTEXT_PREFIX', variable('context.prefix')],
  ['CONTEXT_DOCUMENT_ROOT', variable('context.document-root')],
  ['HANDLER', variable('handler.name')],
  [
    'REQUEST_STATUS',
    [
      {
        kind: 'first-of',
        of: [[{ kind: 'answer', of: 'sent-status' }], variable('redirect.status'), literal('200')]
      }
    ]
  ],
  ['IS_SUBREQ', literal('false')],
  ['IPV6', literal('off')],
  ['HTTP2', literal('off')],
  [
    'THE_REQUEST',
    [
      ...variable('request.method'),
      ...literal(' '),
      ...variable('request.target'),
      ...literal(' '),
      ...variable('request.protocol')
    ]
  ],
  ['HTTPS', [{ kind: 'first-of', of: [variable('https'), literal('off')] }]],
  ['HTTP_USER_AGENT', header('user-agent')],
  ['HTTP_PROXY_CONNECTION', header('proxy-connection')],
  ['HTTP_REFERER', header('referer')],
  ['HTTP_COOKIE', header('cookie')],
  ['HTTP_FORWARDED', header('forwarded')],
  ['HTTP_HOST', header('host')],
  ['HTTP_ACCEPT', header('accept')]
])

const unknownHere = new Set([
  ...[
    'REMOTE_HOST',
    'REMOTE_IDENT',
    'CONTENT_TYPE',
    'REQUEST_LOG_ID',
    'CONN_LOG_ID',
    'SCRIPT_USER',
    'SCRIPT_GROUP'
  ],
  ...['LAST_MODIFIED', 'SERVER_SOFTWARE', 'API_VERSION', 'SERVER_ADDR']
])
