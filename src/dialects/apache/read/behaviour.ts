import type {
  Delivery,
  HeadRules,
  RequestRules,
  ResponseRules,
  Script,
  Setting,
  Step
} from '../../../model/index.js'
import { ranks } from './ranks.js'
import { defaultDelivery, defaultHeadRules, literal } from '../../../model/index.js'

/** Which of the three modules answers; httpd may have several, a site speaks of the one it uses. */
export type Module = 'mod_fastcgi' | 'mod_fcgid' | 'mod_proxy_fcgi'

/** `ap_method_registry_init` */
const knownMethods = [
  ...[
    'GET',
    'HEAD',
    'PUT',
    'POST',
    'DELETE',
    'CONNECT',
    'OPTIONS',
    'TRACE',
    'PATCH',
    'PROPFIND',
    'PROPPATCH'
  ],
  ...[
    'MKCOL',
    'COPY',
    'MOVE',
    'LOCK',
    'UNLOCK',
    'VERSION-CONTROL',
    'CHECKOUT',
    'UNCHECKOUT',
    'CHECKIN',
    'UPDATE'
  ],
  ...['LABEL', 'REPORT', 'MKWORKSPACE', 'MKACTIVITY', 'BASELINE-CONTROL', 'MERGE']
]

/**
 * From URL to file to handler (httpd's request phases). Location is known before the URL is mapped; Directory and Files
 * once the file is; mod_dir runs behind mod_fastcgi's fixup and ahead of the handler.
 */
export const pipeline = (module: Module): readonly Step[] => [
  { step: 'scopes', by: 'host' },
  { step: 'request-headers', at: 'asked' },
  { step: 'target' },
  { step: 'scopes', by: 'url' },
  { step: 'undecided', at: 'rewrite' },
  { step: 'path-rules', on: 'url' },
  { step: 'bind', at: 'url' },
  { step: 'redirect', at: 'url' },
  { step: 'trace', otherwise: 405 },
  { step: 'map' },
  { step: 'locate', missing: 'keep', directorySlash: 'later' },
  { step: 'scopes', by: 'file', folders: { names: ['.htaccess'], rank: 1.0005, each: 0.001 } },
  { step: 'undecided', at: 'rewrite' },
  { step: 'bind', at: 'file' },
  { step: 'guards', at: 'access' },
  { step: 'access' },
  { step: 'authenticate' },
  { step: 'path-rules', on: 'folder' },
  // mod_env's fixup: nobody who decides whether the request may pass has seen it.
  { step: 'late-environment' },
  { step: 'request-headers', at: 'file' },
  { step: 'redirect', at: 'file' },
  { step: 'label' },
  { step: 'slash-directory', location: 'absolute-named' },
  { step: 'index' },
  { step: 'try-files' },
  // mod_fcgid has a limit of its own, which a request runs into while it is read.
  module === 'mod_fcgid'
    ? { step: 'body-limit', status: 500, label: 'fcgid-script', zero: 'limits' }
    : { step: 'body-limit' },
  { step: 'bind', at: 'content' },
  {
    step: 'static',
    methods: ['GET', 'HEAD', 'POST'],
    otherwise: 405,
    known: { methods: knownMethods, otherwise: 501 },
    pathInfo: 'not-found',
    // Without blanks, as httpd writes it.
    allow: ['GET,POST,OPTIONS,HEAD,TRACE']
  },
  { step: 'answer', status: 404, directory: 403, listedBy: ['GET', 'HEAD'], labelled: 'not-listed' }
]

export interface TargetChoices {
  readonly encodedSlash: RequestRules['target']['encodedSlash']
  readonly mergeSlashes: boolean
}

export function requestRules(module: Module, { encodedSlash, mergeSlashes }: TargetChoices): RequestRules {
  return {
    target: {
      mergeSlashes,
      // `ap_parse_uri`: a target is never taken for one that begins with a host.
      leadingSlashes: 'one',
      encodedSlash,
      fragment: 'refused',
      control: 'nul-not-found',
      invalidUtf8: 'kept',
      aboveRoot: 'refused',
      normalised: false,
      absoluteForm: 'replaces-host',
      badEscape: 'refused',
      asterisk: { allow: ['GET', 'POST', 'OPTIONS', 'HEAD', 'TRACE'] },
      refusedStatus: 400
    },
    host: { normalised: false, strict: false, missing: 'refused-since-1.1' },
    methods: { known: 'any', otherwise: 501, refused: [] },
    oddHeaderNames: 'kept',
    underscoresInHeaders: 'kept',
    unknownExpect: 417,
    body: {
      buffered: module === 'mod_fcgid',
      chunked: module === 'mod_fastcgi' ? 'length-required' : 'accepted',
      withGet: 'accepted',
      withoutLength: 'empty',
      ...(module === 'mod_proxy_fcgi' ? { measuredUpTo: 16384 } : {})
    },
    maxRedirects: 10,
    pagesForRefused: 'of-host',
    environmentAfterRedirect: 'prefixed',
    // Where mod_fcgid or mod_fastcgi guard, only what a folder's sections came to is used again (core: `ap_setup_auth_internal`).
    accessAfterRedirect: module === 'mod_proxy_fcgi' ? 'unless-same' : { freshFrom: ranks.files }
  }
}

/** httpd's own part, whoever the application belongs to. */
const core: Pick<ResponseRules, 'ranges' | 'emptyWithoutType' | 'untypedAsFile' | 'passing'> = {
  // `ap_scan_script_header_err_core_ex`
  passing: [
    'content-type',
    'location',
    'content-length',
    'content-range',
    'transfer-encoding',
    'etag',
    'last-modified'
  ],
  ranges: false,
  emptyWithoutType: true,
  untypedAsFile: true
}

const internal: Pick<ResponseRules, 'location' | 'redirectKeeps' | 'redirectPage'> = {
  location: 'internal',
  redirectKeeps: 'all',
  redirectPage: 'own'
}

/** `ap_scan_script_header_err_brigade` */
const scriptHead: HeadRules = { ...defaultHeadRules, statusForm: 'signed-number', strict: true }

/** What is done with answers and in place of them. */
export const responseRules: { readonly [K in Module]: ResponseRules } = {
  mod_fastcgi: {
    ...core,
    ...internal,
    hide: ['date', 'server'],
    statuses: { malformed: 500, closed: 500, timeout: 500, unreachable: 500 },
    invalidStatus: 500,
    repeated: 'apart',
    lengthTold: 'as-is',
    head: { ...defaultHeadRules, statusForm: 'number', strict: true, blankBeforeColon: 'dropped' }
  },
  mod_fcgid: {
    ...core,
    ...internal,
    hide: ['date', 'server'],
    statuses: { malformed: 500, closed: 500, timeout: 500, unreachable: 503 },
    invalidStatus: 'malformed',
    repeated: 'joined',
    conditional: true,
    head: scriptHead
  },
  mod_proxy_fcgi: {
    ...core,
    hide: ['transfer-encoding', 'content-length'],
    malformedWithoutPage: true,
    location: 'as-is',
    // `ap_proxy_determine_connection`
    statuses: { malformed: 500, closed: 503, timeout: 504, unreachable: 503, unknownHost: 500 },
    invalidStatus: 'malformed',
    repeated: 'joined',
    conditional: true,
    head: scriptHead
  }
}

/** The file is the script; SCRIPT_NAME is what the URL and the path info do not share (`ap_find_path_info`). */
export const fileScript: Script = {
  split: { kind: 'common-tail' },
  root: { kind: 'filename' },
  keepPathInfo: false,
  documentRootFollows: false,
  pathTranslated: 'mapped'
}

/** What httpd does where nothing is said. */
export function unaskedSettings(module: Module, root: string, software: string): readonly Setting[] {
  return [
    { key: 'root', value: { kind: 'root', path: literal(root) }, reach: 'inherited' },
    {
      key: 'index',
      value: { names: [literal('index.html')], how: 'redirect', askedWith: 'GET' },
      reach: 'inherited'
    },
    { key: 'slashRedirect', value: true, reach: 'inherited' },
    { key: 'allowPrograms', value: false, reach: 'inherited' },
    { key: 'traceEchoed', value: true, reach: 'inherited' },
    { key: 'delivery', value: delivery, reach: 'inherited' },
    { key: 'serverAdmin', value: '[no address given]', reach: 'inherited' },
    { key: 'signature', value: 'none', reach: 'inherited' },
    { key: 'serverSoftware', value: software, reach: 'inherited' },
    { key: 'response', value: responseRules[module], reach: 'inherited' },
    { key: 'mediaTypes', value: mediaTypes, reach: 'inherited' }
  ]
}

/** `ap_meets_conditions`, `ap_byterange_filter` */
const delivery: Delivery = {
  ...defaultDelivery,
  ranges: { malformed: 'whole', several: 'multipart' }
}

/** The common ones of `mime.types`, which httpd reads at start. */
const mediaTypes = Object.entries({
  '.html': 'text/html',
  '.htm': 'text/html',
  '.txt': 'text/plain',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.ico': 'image/vnd.microsoft.icon',
  '.webp': 'image/webp',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.woff2': 'font/woff2',
  '.py': 'text/x-python',
  '.sh': 'application/x-sh'
}).map(([extension, type]) => ({ extension, type }))
