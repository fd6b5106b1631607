import type {
  HeaderForwarding,
  ParamEntry,
  Params,
  Pool,
  Template,
  VariableName
} from '../../../model/index.js'
import { literal, variable } from '../../../model/index.js'

type Omit = Extract<ParamEntry, { kind: 'param' }>['omit']

function param(name: string, value: Template, omit: Omit = 'never'): ParamEntry {
  return { kind: 'param', name, value, omit }
}

function told(name: string, from: VariableName, omit: Omit = 'never'): ParamEntry {
  return param(name, variable(from), omit)
}

/** `ap_add_common_vars`: a name with other characters is dropped, so are `Proxy` and, without CGIPassAuth, credentials. */
const headers: HeaderForwarding = {
  drop: ['proxy', 'authorization', 'proxy-authorization'],
  rename: [
    { header: 'content-type', param: 'CONTENT_TYPE' },
    { header: 'content-length', param: 'CONTENT_LENGTH' }
  ],
  repeated: 'joined',
  cookieJoin: ', ',
  oddNames: 'dropped',
  dropEmpty: false,
  overriddenByParams: false
}

/** mod_fcgid takes off what concerns the connection alone. */
const fcgidHeaders: HeaderForwarding = {
  ...headers,
  drop: [...headers.drop, 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']
}

/** Where a name is not known httpd finds its own PATH (core: DEFAULT_PATH). */
const defaultPath = '/bin:/usr/bin:/usr/ucb:/usr/bsd:/usr/local/bin'

/** What the server found in its own environment. */
export interface Surroundings {
  readonly path: string | undefined
  readonly libraryPath: string | undefined
  /** The port in ServerName. */
  readonly namedPort?: string
  /** UseCanonicalPhysicalPort On: the port of the connection counts. */
  readonly physicalPort?: boolean
  /** Somewhere a login is asked for. */
  readonly logins?: boolean
  /** UseCanonicalName On: what the client named does not count. */
  readonly canonicalName?: boolean
}

/** In front of the headers: what the request's environment holds. */
const before: readonly ParamEntry[] = [
  { kind: 'environment', part: 'carried' },
  told('REDIRECT_HANDLER', 'redirect.handler', 'absent'),
  told('REDIRECT_STATUS', 'redirect.status', 'absent'),
  { kind: 'environment', part: 'rest' }
]

/** Only where a login was asked for: a header that nobody checked names no user. */
const login: readonly ParamEntry[] = [
  told('REMOTE_USER', 'auth.user', 'absent'),
  told('REDIRECT_REMOTE_USER', 'redirect.user', 'absent'),
  told('AUTH_TYPE', 'auth.type', 'absent')
]

/** By default never the port listened on: the one in Host, then ServerName's, then the scheme's (`ap_get_server_port`). */
export function serverPort({
  namedPort = '',
  canonicalName = false,
  physicalPort = false
}: Surroundings): Template {
  const named = literal(namedPort)
  const physical: readonly Template[] = physicalPort ? [variable('server.port')] : []
  const before = canonicalName ? [named, ...physical] : [variable('request.port'), ...physical, named]
  return [{ kind: 'first-of', of: [...before, variable('scheme.port')] }]
}

/** `ap_add_common_vars` behind the headers. */
function common(around: Surroundings): readonly ParamEntry[] {
  const { path, libraryPath } = around
  const unlessSet = (name: string, value: string): ParamEntry => ({
    kind: 'param',
    name,
    value: literal(value),
    omit: 'never',
    unlessSet: true,
    ofProcess: true
  })
  return [
    unlessSet('PATH', path ?? defaultPath),
    ...(libraryPath === undefined ? [] : [unlessSet('LD_LIBRARY_PATH', libraryPath)]),
    ...ofServer,
    param('SERVER_PORT', serverPort(around)),
    ...ofRequest,
    ...(around.logins === true ? login : []),
    ...redirected
  ]
}

// The same for every server: a configuration may have thousands.
const ofServer: readonly ParamEntry[] = [
  told('SERVER_SIGNATURE', 'server.signature'),
  told('SERVER_SOFTWARE', 'server.software'),
  told('SERVER_NAME', 'server.name'),
  told('SERVER_ADDR', 'server.address')
]

const ofRequest: readonly ParamEntry[] = [
  told('REMOTE_ADDR', 'remote.address'),
  told('DOCUMENT_ROOT', 'document-root'),
  told('REQUEST_SCHEME', 'request.scheme'),
  told('CONTEXT_PREFIX', 'context.prefix'),
  told('CONTEXT_DOCUMENT_ROOT', 'context.document-root'),
  told('SERVER_ADMIN', 'server.admin'),
  told('SCRIPT_FILENAME', 'script.filename'),
  told('REMOTE_PORT', 'remote.port')
]

const redirected: readonly ParamEntry[] = [
  told('REDIRECT_URL', 'redirect.url.told', 'absent'),
  told('REDIRECT_QUERY_STRING', 'redirect.query', 'empty')
]

/** `ap_add_cgi_vars` */
const cgi: readonly ParamEntry[] = [
  param('GATEWAY_INTERFACE', literal('CGI/1.1')),
  told('SERVER_PROTOCOL', 'request.protocol'),
  told('REQUEST_METHOD', 'request.method'),
  told('QUERY_STRING', 'query'),
  told('REQUEST_URI', 'request.target.told'),
  told('SCRIPT_NAME', 'script.name'),
  told('PATH_INFO', 'script.path-info', 'empty'),
  told('PATH_TRANSLATED', 'script.path-translated', 'empty')
]

export function fastcgiParams(around: Surroundings, passed: readonly ParamEntry[]): Params {
  return {
    entries: [...before, { kind: 'headers', rules: headers }, ...common(around), ...passed, ...cgi],
    sameName: 'overwrites',
    safeNames: true
  }
}

const contentLength: ParamEntry = {
  kind: 'param',
  name: 'CONTENT_LENGTH',
  value: variable('request.body-length'),
  omit: 'never',
  unlessSet: true
}

/** CONTENT_LENGTH is always told; mod_fcgid reads the body first, so it knows. */
export function fcgidParams(around: Surroundings, passed: readonly ParamEntry[]): Params {
  const entries: readonly ParamEntry[] = [
    ...before,
    { kind: 'headers', rules: fcgidHeaders },
    ...common(around),
    ...cgi,
    ...passed,
    contentLength
  ]
  return { entries: withConnection(entries), sameName: 'overwrites', safeNames: true }
}

const sessionParams = [
  told('BALANCER_SESSION_STICKY', 'session.name', 'absent'),
  told('BALANCER_SESSION_ROUTE', 'session.route', 'absent')
]

/** `named`: the request goes to a worker that the configuration defines. */
export function proxyParams(around: Surroundings, named: boolean, balancer: Pool | undefined): Params {
  const unnamed = named ? [] : [param('proxy-nokeepalive', literal('1'))]
  const balanced =
    balancer === undefined
      ? []
      : [
          ...(balancer.sessions === undefined
            ? []
            : [told('BALANCER_ROUTE_CHANGED', 'session.moved', 'absent')]),
          param('BALANCER_NAME', literal(balancer.id)),
          told('BALANCER_WORKER_NAME', 'member.label'),
          told('BALANCER_WORKER_ROUTE', 'member.route'),
          ...(balancer.sessions === undefined ? [] : sessionParams)
        ]
  return {
    entries: [
      ...before,
      ...unnamed,
      ...balanced,
      { kind: 'headers', rules: headers },
      ...common(around),
      ...cgi
    ],
    sameName: 'overwrites',
    changed: true
  }
}

/** Whatever the client said, mod_fcgid tells that the connection is closed. */
function withConnection(entries: readonly ParamEntry[]): readonly ParamEntry[] {
  const behindHeaders = entries.findIndex(({ kind }) => kind === 'headers') + 1
  return [
    ...entries.slice(0, behindHeaders),
    param('HTTP_CONNECTION', literal('close')),
    ...entries.slice(behindHeaders)
  ]
}

/** A header that a definition asks for by name, as HTTP_NAME. */
export function passedHeader(header: string, origin: ParamEntryOrigin): ParamEntry {
  const name = `HTTP_${header.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
  return {
    kind: 'param',
    name,
    value: [{ kind: 'header', name: header.toLowerCase() }],
    omit: 'absent',
    origin
  }
}

type ParamEntryOrigin = NonNullable<Extract<ParamEntry, { kind: 'param' }>['origin']>
