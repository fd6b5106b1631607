import type { HeaderForwarding, OwnAnswers, RequestRules, ResponseRules, Step } from '../../../model/index.js'

/**
 * What nginx does without being told (reference: its phases, its normalisation of requests, its treatment of answers).
 */

/**
 * The phases: server rewrite, location, rewrite, access, precontent, content. A location's size limit and the
 * redirect to a slash come before its rewrites, `return` among them before every access check.
 */
export const pipeline: readonly Step[] = [
  { step: 'scopes', by: 'host' },
  { step: 'real-address' },
  { step: 'rewrite' },
  { step: 'scopes', by: 'url' },
  { step: 'undecided', at: 'rewrite' },
  { step: 'internal-only' },
  { step: 'body-limit', once: true },
  { step: 'slash-location', location: 'absolute' },
  { step: 'rewrite' },
  // A location may believe other proxies than its server.
  { step: 'real-address' },
  { step: 'limits' },
  { step: 'undecided', at: 'access' },
  { step: 'access' },
  { step: 'authenticate' },
  { step: 'permission' },
  { step: 'map' },
  { step: 'undecided', at: 'files' },
  { step: 'try-files' },
  { step: 'undecided', at: 'content' },
  { step: 'bind', at: 'content' },
  // An index that is no name in the folder (`/index.php`) is gone to without looking whether the folder is there.
  { step: 'index', methods: ['GET', 'HEAD', 'POST'] },
  { step: 'undecided', at: 'folder' },
  { step: 'listing', methods: ['GET', 'HEAD'] },
  { step: 'undecided', at: 'untaken' },
  { step: 'file-methods', methods: ['GET', 'HEAD', 'POST'], otherwise: 405 },
  { step: 'map' },
  { step: 'locate', missing: 'not-found', behindFile: 'missing', directorySlash: 'later' },
  { step: 'slash-directory', location: 'absolute' },
  { step: 'static', methods: ['GET', 'HEAD'], otherwise: 405, pathInfo: 'not-found', folders: 'left' },
  { step: 'answer', status: 404, directory: 403 }
]

/** Statuses with a page of nginx's own; all others have an empty body (`ngx_http_error_pages`). */
const ownPages: readonly number[] = [
  ...[
    301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416,
    421
  ],
  ...[429, 494, 495, 496, 497, 498, 500, 501, 502, 503, 504, 505, 507]
]

export const requestRules: RequestRules = {
  target: {
    mergeSlashes: true,
    blanksAround: 'skipped',
    encodedSlash: 'decoded',
    fragment: 'cut',
    control: 'nul-refused',
    invalidUtf8: 'kept',
    aboveRoot: 'refused',
    normalised: false,
    absoluteForm: 'overrides-host',
    refusedStatus: 400
  },
  host: {
    normalised: false,
    strict: false,
    looseInTarget: true,
    missing: 'refused-since-1.1',
    missingTold: 'server-name'
  },
  methods: {
    known: 'any-upper-case',
    otherwise: 400,
    refused: [
      { method: 'TRACE', status: 405 },
      { method: 'CONNECT', status: 405 }
    ]
  },
  oddHeaderNames: 'dropped',
  underscoresInHeaders: 'dropped',
  tabsInHeaders: 'kept',
  // `ngx_http_process_unique_header_line`
  once: [
    ...['host', 'content-length', 'content-range', 'transfer-encoding', 'expect', 'authorization'],
    ...['if-modified-since', 'if-unmodified-since', 'if-match', 'if-none-match', 'if-range']
  ],
  body: {
    continueWithoutBody: true,
    buffered: true,
    chunked: 'accepted',
    withGet: 'accepted',
    withoutLength: 'empty',
    unread: 'counts-nothing'
  },
  endsBehindRefused: true,
  pagesForRefused: 'of-server',
  maxRedirects: 10,
  splitOnce: true,
  rewrittenAlias: 'refused'
}

/** `ngx_http_status_lines`, as far as they are not the usual ones. */
const reasons = [
  { status: 302, phrase: 'Moved Temporarily' },
  { status: 405, phrase: 'Not Allowed' },
  { status: 408, phrase: 'Request Time-out' },
  { status: 413, phrase: 'Request Entity Too Large' },
  { status: 414, phrase: 'Request-URI Too Large' },
  { status: 416, phrase: 'Requested Range Not Satisfiable' },
  { status: 503, phrase: 'Service Temporarily Unavailable' },
  { status: 504, phrase: 'Gateway Time-out' }
]

export const ownAnswers: OwnAnswers = {
  rangesOnPart: false,
  headersOnRefusedRange: 'both',
  silent: [408, 444, 499],
  reasons,
  pages: ownPages
}

/** Every header goes along; a param HTTP_NAME takes the place of the header. */
export const headerForwarding: HeaderForwarding = {
  drop: [],
  rename: [],
  repeated: 'apart',
  cookieJoin: '; ',
  oddNames: 'kept',
  dropEmpty: false,
  overriddenByParams: true,
  dropWhenKept: [
    ...['if-modified-since', 'if-unmodified-since', 'if-none-match', 'if-match', 'range', 'if-range']
  ]
}

/** `ngx_http_fastcgi_hide_headers`, and those of the connection, which nginx makes itself. */
export const hiddenHeaders: readonly string[] = [
  'status',
  'x-accel-expires',
  'x-accel-redirect',
  'x-accel-limit-rate',
  'x-accel-buffering',
  'x-accel-charset'
]

/** `ngx_http_proxy_hide_headers`, as far as they are others. */
export const hiddenOfServers: readonly string[] = ['date', 'server', 'x-pad']

const connectionHeaders: readonly string[] = ['connection', 'keep-alive', 'transfer-encoding']

/** One memory page, the default size of a buffer, in bytes. */
export const page = 4096

export const responseRules: ResponseRules = {
  hide: [...hiddenHeaders, ...connectionHeaders],
  location: 'redirect',
  redirectHeader: 'x-accel-redirect',
  rateHeader: 'x-accel-limit-rate',
  redirectKeeps: [
    'content-type',
    'set-cookie',
    'content-disposition',
    'cache-control',
    'expires',
    'accept-ranges'
  ],
  interceptKeeps: ['www-authenticate'],
  statuses: { malformed: 502, closed: 502, timeout: 504, unreachable: 502, tooManyParams: 500 },
  invalidStatus: 'malformed',
  repeated: 'apart',
  ranges: false,
  gathers: { bytes: page, byDefault: true, header: 'x-accel-buffering' },
  head: {
    statusLine: false,
    firstWithoutColon: 'empty-value',
    laterWithoutColon: 'empty-value',
    oddName: 'malformed',
    emptyValue: 'kept',
    statusRepeated: 'first',
    statusForm: 'prefix',
    limit: 4096
  }
}

/** The types of files where no `types` block is given. */
export const mediaTypes: readonly { readonly extension: string; readonly type: string }[] = [
  { extension: '.html', type: 'text/html' },
  { extension: '.gif', type: 'image/gif' },
  { extension: '.jpg', type: 'image/jpeg' }
]

export const oneMegabyte = 1024 * 1024
