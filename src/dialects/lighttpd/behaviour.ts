import { defaultAuthorizerRules, defaultDelivery, literal, variable } from '../../model/index.js'
import type {
  Delivery,
  ParamEntry,
  Params,
  RequestRules,
  ResponseRules,
  Step,
  VariableName
} from '../../model/index.js'

/** What lighttpd 1.4.69 does whatever the configuration says. */

/** How a request is read (http_request_parse, burl_normalize with the default parse options). */
export const requestRules: RequestRules = {
  target: {
    mergeSlashes: true,
    encodedSlash: 'decoded',
    fragment: 'cut',
    control: 'refused',
    invalidUtf8: 'refused',
    aboveRoot: 'clamped',
    normalised: true,
    absoluteForm: 'must-equal-host',
    badEscape: 'kept',
    connect: 'as-it-came',
    asterisk: { allow: ['OPTIONS', 'GET', 'HEAD', 'POST'], byStep: true },
    refusedStatus: 400
  },
  sameAgain: ['content-type'],
  strictHeaders: true,
  pagesForRefused: 'of-root',
  host: { normalised: true, strict: true, missing: 'refused-since-1.1' },
  methods: {
    known: [
      ...['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'ACL'],
      ...['BASELINE-CONTROL', 'BIND', 'CHECKIN', 'CHECKOUT', 'COPY', 'LABEL', 'LINK', 'LOCK', 'MERGE'],
      ...['MKACTIVITY', 'MKCALENDAR', 'MKCOL', 'MKREDIRECTREF', 'MKWORKSPACE', 'MOVE', 'ORDERPATCH'],
      ...['PATCH', 'PROPFIND', 'PROPPATCH', 'REBIND', 'REPORT', 'SEARCH', 'UNBIND', 'UNCHECKOUT'],
      ...['UNLINK', 'UNLOCK', 'UPDATE', 'UPDATEREDIRECTREF', 'VERSION-CONTROL']
    ],
    otherwise: 501,
    refused: []
  },
  oddHeaderNames: 'kept',
  underscoresInHeaders: 'kept',
  body: { buffered: true, chunked: 'accepted', withGet: 'refused', withoutLength: 'length-required' },
  longestHead: 8192,
  maxRedirects: 100,
  closesOnBadRewrite: true,
  environmentAfterRedirect: 'collected'
}

const notAuthorizer = { except: ['authorizer'] } as const

function param(
  name: string,
  from: VariableName,
  more: Partial<Pick<Extract<ParamEntry, { kind: 'param' }>, 'omit' | 'except' | 'unlessSet'>> = {}
): ParamEntry {
  return { kind: 'param', name, value: variable(from), omit: 'never', ...more }
}

/** In the order in which they are sent (http_cgi_headers). */
export const params: Params = {
  entries: [
    param('CONTENT_LENGTH', 'request.body-length', notAuthorizer),
    param('QUERY_STRING', 'query'),
    param('REQUEST_URI', 'request.uri'),
    param('REDIRECT_URI', 'redirect.uri', { omit: 'absent' }),
    {
      kind: 'param',
      name: 'REDIRECT_STATUS',
      value: literal('200'),
      omit: 'never',
      unlessKnown: 'redirect.status'
    },
    param('SCRIPT_NAME', 'script.name', notAuthorizer),
    param('PATH_INFO', 'script.path-info', { omit: 'empty', ...notAuthorizer }),
    param('PATH_TRANSLATED', 'script.path-translated', { omit: 'absent', ...notAuthorizer }),
    param('SCRIPT_FILENAME', 'script.filename'),
    param('DOCUMENT_ROOT', 'document-root'),
    param('REQUEST_METHOD', 'request.method'),
    param('SERVER_PROTOCOL', 'server.protocol'),
    param('SERVER_SOFTWARE', 'server.software'),
    { kind: 'param', name: 'GATEWAY_INTERFACE', value: literal('CGI/1.1'), omit: 'never' },
    param('REQUEST_SCHEME', 'request.scheme'),
    param('HTTPS', 'https', { omit: 'absent' }),
    param('SERVER_PORT', 'server.port'),
    param('SERVER_ADDR', 'server.address'),
    param('SERVER_NAME', 'server.name'),
    param('REMOTE_ADDR', 'remote.address'),
    param('REMOTE_PORT', 'remote.port'),
    {
      kind: 'headers',
      rules: {
        drop: ['proxy', 'transfer-encoding'],
        // Answered when the body is read (connection_check_expect_100).
        dropWithBody: ['expect'],
        rename: [{ header: 'content-type', param: 'CONTENT_TYPE' }],
        repeated: 'joined',
        cookieJoin: '; ',
        oddNames: 'underscore',
        dropEmpty: true,
        overriddenByParams: false
      }
    },
    { kind: 'environment', names: 'upper-underscore' },
    param('REDIRECT_STATUS', 'redirect.status', { omit: 'absent', unlessSet: true })
  ]
}

/** What becomes of an application's answer (http_response_read). */
export const responseRules: ResponseRules = {
  // Never passed on, whether the feature is on or off; X-Sendfile2 is, where it is off.
  hide: ['x-sendfile', 'x-lighttpd-*', 'upgrade'],
  location: 'redirect',
  statuses: { malformed: 502, closed: 500, timeout: 504, unreachable: 503, tooManyParams: 400 },
  renamedTypes: [{ from: 'application/javascript', to: 'text/javascript' }],
  decodesChunked: true,
  invalidStatus: 'malformed',
  repeated: 'apart',
  ranges: true,
  heldBack: true,
  head: {
    statusLine: true,
    firstWithoutColon: 'malformed',
    laterWithoutColon: 'skipped',
    oddName: 'dropped',
    emptyValue: 'dropped',
    statusRepeated: 'last',
    statusForm: 'word',
    limit: 65535,
    noLine: 500
  },
  bodyless: [204, 205, 304],
  authorizer: { ...defaultAuthorizerRules, dropsBeforeStatus: true, invalidStatus: 'body-alone' }
}

export const mostRanges = 10

/** How files and answers are sent in parts (http_range.c). */
export const delivery: Delivery = {
  ...defaultDelivery,
  ranges: {
    malformed: 'whole',
    several: 'multipart',
    most: mostRanges,
    empty: 'whole',
    onlyGet: true,
    byHeaders: true
  }
}

export const followedVersion = '1.4.69'

export const defaultTag = `lighttpd/${followedVersion}`

type Steps = ReadonlyMap<string, readonly Step[]>

const takes = (at: 'url' | 'file', group: string): Step => ({ step: 'bind', at, group })

/** What makes the rest uncertain, wherever its module stands: scripts, and document roots that only other programs know. */
const earlySteps: Steps = new Map([
  ['mod_sockproxy', [takes('url', 'mod_sockproxy')]],
  [
    'mod_magnet',
    [takes('url', 'magnet.attract-raw-url-to'), takes('url', 'magnet.attract-physical-path-to')]
  ],
  ['mod_extforward', [takes('url', 'mod_extforward')]],
  ['mod_vhostdb', [takes('url', 'mod_vhostdb')]],
  ['mod_userdir', [takes('url', 'mod_userdir')]]
])

/** What each module does when the URL is known, when it is mapped to a file, and when that is found. */
const urlSteps: Steps = new Map<string, readonly Step[]>([
  ['mod_access', [{ step: 'access' }]],
  ['mod_redirect', [{ step: 'redirect' }]],
  ['mod_setenv', [{ step: 'change-headers' }]],
  ['mod_auth', [{ step: 'authenticate' }]],
  ['mod_fastcgi', [{ step: 'bind', at: 'url' }]],
  ...['mod_status', 'mod_scgi', 'mod_proxy', 'mod_ajp13', 'mod_wstunnel'].map(
    (module): [string, readonly Step[]] => [module, [takes('url', module)]]
  )
])

const mapSteps: Steps = new Map([['mod_webdav', [takes('file', 'mod_webdav')]]])

const sendFiles = {
  step: 'static',
  methods: ['GET', 'HEAD', 'POST', 'QUERY'],
  otherwise: 501,
  pathInfo: 'sent',
  allow: ['OPTIONS', 'GET', 'HEAD', 'POST']
} as const satisfies Step

/** What files are found for is asked with the path of the file. */
const askAgain = { step: 'access', untaken: true } as const satisfies Step

const fileSteps: Steps = new Map<string, readonly Step[]>([
  ['mod_indexfile', [{ step: 'index' }]],
  ['mod_access', [askAgain]],
  ['mod_fastcgi', [{ step: 'bind', at: 'file' }]],
  ...['mod_scgi', 'mod_cgi', 'mod_ssi', 'mod_dirlisting'].map((module): [string, readonly Step[]] => [
    module,
    [takes('file', module)]
  ]),
  ['mod_staticfile', [sendFiles]]
])

/** What files do not answer is answered by whoever stands behind mod_staticfile, and refused in the end. */
function staticLast(steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1)
  if (last === sendFiles || !steps.includes(sendFiles)) return steps
  const { otherwise: _, allow: __, ...first } = sendFiles
  return [
    ...steps.map((step) => (step === sendFiles ? { ...first, endsSearch: true as const } : step)),
    sendFiles
  ]
}

/** What rules that wait for a missing file look for, mod_alias has moved already if it stands ahead of mod_rewrite. */
function mapped(modules: readonly string[]): readonly Step[] {
  const rewrite = modules.indexOf('mod_rewrite')
  if (rewrite < 0) return [{ step: 'map' }]
  return rewrite < modules.indexOf('mod_alias')
    ? [{ step: 'rewrite', at: 'no-file', unaliased: true }, { step: 'map' }]
    : [{ step: 'map' }, { step: 'rewrite', at: 'no-file' }]
}

/** Whoever takes a file only says so: mod_access may stand behind. */
function withLateAccess(steps: readonly Step[]): readonly Step[] {
  const access = steps.indexOf(askAgain)
  return steps.map((step, index) =>
    step.step === 'bind' && index < access ? { ...step, access: 'behind' } : step
  )
}

/**
 * The hooks of a request in the order in which they are called (http_response_prepare), each in module order. `late`: when conditions are
 * asked that may have another answer by then.
 */
export function pipeline(modules: readonly string[], late: ReadonlySet<string>): readonly Step[] {
  const asked = (moment: string): readonly Step[] =>
    late.has(moment) ? [{ step: 'scopes', by: 'url', moment }] : []
  const hooks = (steps: Steps): readonly Step[] => modules.flatMap((module) => steps.get(module) ?? [])
  const asking = (steps: Steps, isFirst: (module: string) => boolean): readonly Step[] =>
    modules.flatMap((module) => [...(isFirst(module) ? asked(module) : []), ...(steps.get(module) ?? [])])
  return [
    { step: 'scopes', by: 'url' },
    { step: 'body-limit' },
    ...(modules.includes('mod_rewrite') ? [{ step: 'rewrite' } as const] : []),
    ...hooks(earlySteps),
    ...asking(urlSteps, (module) => urlSteps.has(module)),
    { step: 'asterisk' },
    { step: 'untaken-methods', methods: ['CONNECT'], status: 405 },
    ...asked('map'),
    ...mapped(modules),
    ...hooks(mapSteps),
    { step: 'locate', missing: 'not-found', directorySlash: 'redirect' },
    ...staticLast(withLateAccess(asking(fileSteps, (module) => !urlSteps.has(module)))),
    { step: 'answer', status: 403, directory: 403 }
  ]
}
