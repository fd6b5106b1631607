import { inQuotes } from '../quote.js'
import { literalText } from '../../../model/index.js'
import type { AnswerFact, InForce, Script, Template, VariableName } from '../../../model/index.js'

import type { Output } from './output.js'
import { escaped } from './patterns.js'

/** What the variables of a template are at the place it is written. */
export interface Surroundings {
  readonly settings: InForce
  readonly script?: Script
  /** The variable (or nothing) that holds what stands behind the script's name. */
  readonly pathInfo: string
  /** The variable with the script's name, `$fastcgi_script_name` or `$uri`. */
  readonly scriptName: string
  /** The script's name is empty, and all of the path is path info. */
  readonly emptyName?: true
  /** The text belongs to a pattern, whose groups it may use. */
  readonly rule?: true
  /** Where `$document_root` would not name it: the file itself, and the root it lies below. */
  readonly mapped?: { readonly file: string; readonly root: string }
}

/** The template in nginx's words; undefined where a variable has no counterpart. */
export function templateText(template: Template, at: Surroundings, out: Output): string | undefined {
  let text = ''
  for (const part of template) {
    const piece = partText(part, at, out)
    if (piece === undefined) return undefined
    // `$name` in front of a letter needs braces.
    if (/\$\w+$/.test(text) && /^\w/.test(piece)) text = text.replace(/\$(\w+)$/, '${$1}')
    text += piece
  }
  return text
}

function partText(part: Template[number], at: Surroundings, out: Output): string | undefined {
  switch (part.kind) {
    case 'text':
      // nginx has no escape for it.
      return part.text.includes('$') ? undefined : part.text
    case 'variable':
      return variableText(part.name, at, out)
    case 'header':
      return `$http_${part.name.replaceAll('-', '_')}`
    case 'argument':
      return `$arg_${part.name}`
    case 'cookie':
      return `$cookie_${part.name}`
    case 'user':
      return out.variables.has(part.name) ? `$${part.name}` : undefined
    case 'capture':
      return captureText(part, at, out)
    case 'tls':
      return `$ssl_${part.fact}`
    case 'answer':
      return answerVariable(part.of)
    case 'header-like':
    case 'environment':
    case 'listed':
    case 'part':
    case 'apply':
    case 'first-of':
      return undefined
  }
}

/** Numbers are of the pattern that fitted last, so the groups of others need names. */
function captureText(
  { group, from }: Extract<Template[number], { kind: 'capture' }>,
  at: Surroundings,
  out: Output
): string | undefined {
  // There is no variable for the whole of what fitted.
  if (group === 0) return undefined
  // A name stands for one group, whichever pattern it is of.
  if (typeof group === 'string' && from !== 'host') return `$${group}`
  switch (from) {
    case 'last':
      return `$${String(group)}`
    case 'rule':
      return at.rule === true ? `$${String(group)}` : undefined
    case 'host':
    case 'scope':
      return out.hostGroups.has(group) ? `$${hostGroup(group)}` : undefined
  }
}

/** The name of a group of the host's own pattern. */
export function hostGroup(group: number | string): string {
  return typeof group === 'number' ? `host_${String(group)}` : group
}

function answerVariable(of: AnswerFact): string {
  if (typeof of === 'string') return ofAnswers[of]
  if ('cookie' in of) return `$upstream_cookie_${of.cookie}`
  const [family, name] = 'header' in of ? ['upstream_http', of.header] : ['sent_http', of.sent]
  return `$${family}_${name.replaceAll('-', '_')}`
}

const ofAnswers: Readonly<Record<Extract<AnswerFact, string>, string>> = {
  status: '$upstream_status',
  address: '$upstream_addr',
  'header-time': '$upstream_header_time',
  'response-time': '$upstream_response_time',
  'cache-status': '$upstream_cache_status',
  'sent-status': '$status'
}

function variableText(name: VariableName, at: Surroundings, out: Output): string | undefined {
  const plain = plainVariables[name]
  if (plain !== undefined) return plain
  switch (name) {
    case 'script.name':
      return at.scriptName
    case 'script.path-info':
      return at.pathInfo
    case 'script.filename':
      return scriptFilename(at, out)
    case 'script.path-translated':
      return at.pathInfo === ''
        ? ''
        : out.map('path_translated', at.pathInfo, [
            ['""', '""'],
            ['default', `${rootText(at, out)}${at.pathInfo}`]
          ])
    case 'document-root':
      return at.script?.documentRootFollows === true && at.script.root.kind === 'template'
        ? templateText(at.script.root.template, at, out)
        : (at.mapped?.root ?? '$document_root')
    case 'request.uri':
      return requestUri(at, out)
    case 'context.document-root':
      return rootText(at, out)
    case 'context.prefix':
      return ''
    case 'request.body-length':
      return out.map('body_length', '$content_length', [
        ['""', '0'],
        ['default', '$content_length']
      ])
    case 'server.name': {
      const own = at.settings.serverName
      return own === undefined ? '$host' : templateText(own.value, { ...at }, out)
    }
    case 'server.software': {
      const own = at.settings.serverSoftware
      return own?.origin === undefined ? 'nginx/$nginx_version' : own.value
    }
    // nginx takes the name from the header, whether or not a login was asked for.
    case 'auth.user':
      return asksLogin(at.settings) ? '$remote_user' : ''
    case 'server.signature':
      return at.settings.signature?.value === 'none' ? '' : undefined
    case 'server.admin':
      return at.settings.serverAdmin?.value ?? ''
    default:
      return undefined
  }
}

function asksLogin({ authentication }: InForce): boolean {
  return authentication !== undefined && authentication.value.method !== 'none'
}

const plainVariables: Partial<Record<VariableName, string>> = {
  'request.method': '$request_method',
  'request.protocol': '$server_protocol',
  'request.scheme': '$scheme',
  'request.target': '$request_uri',
  'request.target.told': '$request_uri',
  'request.host': '$host',
  'request.authority': '$http_host',
  'request.content-length': '$content_length',
  'request.content-type': '$content_type',
  path: '$uri',
  uri: '$uri$is_args$args',
  'uri.path': '$uri',
  query: '$query_string',
  'query.mark': '$is_args',
  'query.mark.written': '$is_args',
  // Nothing says less where the query is empty.
  'query.and': '&',
  'document-root.real': '$realpath_root',
  filename: '$request_filename',
  'server.address': '$server_addr',
  'server.port': '$server_port',
  'server.protocol': '$server_protocol',
  'remote.address': '$remote_addr',
  'remote.port': '$remote_port',
  https: '$https',
  'remote.user': '$remote_user',
  'request.line': '$request',
  'request.body': '$request_body',
  'request.id': '$request_id',
  'request.length': '$request_length',
  'request.time': '$request_time',
  'remote.address.binary': '$binary_remote_addr',
  'remote.address.connection': '$realip_remote_addr',
  'remote.port.connection': '$realip_remote_port',
  'connection.number': '$connection',
  'connection.requests': '$connection_requests',
  'connection.time': '$connection_time',
  'send-rate': '$limit_rate',
  'limits.requests': '$limit_req_status',
  'limits.connections': '$limit_conn_status',
  'time.seconds': '$msec',
  'time.iso': '$time_iso8601',
  'time.log': '$time_local',
  'machine.name': '$hostname',
  'process.id': '$pid',
  'redirect.status': '200'
}

/** The root that the script's name is joined to, without a final slash. */
export function rootText(at: Surroundings, out: Output): string {
  const root = at.script?.root
  if (root?.kind === 'template') {
    const text = templateText(root.template, { ...at, settings: at.settings }, out)
    if (text !== undefined) return text.replace(/\/$/, '')
  }
  return at.mapped?.root.replace(/\/$/, '') ?? '$document_root'
}

function scriptFilename(at: Surroundings, out: Output): string | undefined {
  const { script } = at
  const prefix = literalText(script?.filenamePrefix ?? []) ?? ''
  const tail = script?.keepPathInfo === true ? keptPathInfo(at, out) : ''
  if (script?.root.kind === 'whole') {
    const text = templateText(script.root.template, at, out)
    return text === undefined ? undefined : prefix + text + tail
  }
  // lighttpd and others map the empty name to the folder.
  if (at.emptyName === true && tail === '') return `${prefix}${rootText(at, out)}/`
  if (script?.root.kind === 'template') return prefix + rootText(at, out) + at.scriptName + tail
  return prefix + (at.mapped?.file ?? `$document_root${at.scriptName}`) + tail
}

/** Without path info the name gets a final slash. */
function keptPathInfo(at: Surroundings, out: Output): string {
  if (at.pathInfo === '') return '/'
  return out.map('script_end', at.pathInfo, [
    ['""', '/'],
    ['default', at.pathInfo]
  ])
}

function requestUri(at: Surroundings, out: Output): string {
  const prefix = at.script?.stripUri?.replace(/\/$/, '')
  if (prefix === undefined || prefix === '') return '$request_uri'
  return out.map('stripped_uri', '$request_uri', [
    ['default', '$request_uri'],
    [inQuotes(`~^${escaped(prefix)}(?<rest>/.*)$`), '$rest']
  ])
}
