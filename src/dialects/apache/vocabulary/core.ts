import { later, outside, read, structure } from '../../vocabulary.js'
import * as r from './row.js'

const core = r.inModule('core', 'core.html')
const so = r.inModule('mod_so', 'mod_so.html')
const macro = r.inModule('mod_macro', 'mod_macro.html')
const version = r.inModule('mod_version', 'mod_version.html')
const mpm = r.inModule('core', 'mpm_common.html')
const unixd = r.inModule('mod_unixd', 'mod_unixd.html')

/** The server itself, what is decided while the files are read, and the sections. */
export const coreRows: r.Rows = [
  core(
    'Include',
    r.anywhere,
    r.text,
    structure,
    'Read other files here, in the order of their names; none is an error.'
  ),
  core('IncludeOptional', r.anywhere, r.text, structure, 'Read other files here, if there are any.'),
  core('Define', r.anywhere, r.words(1, 2), structure, 'Give a name a value for `${NAME}` and `<IfDefine>`.'),
  core('UnDefine', r.anywhere, r.text, structure, 'Forget a name given by `Define` or `-D`.'),
  core('ServerRoot', r.main, r.path, structure, 'Folder that relative paths are relative to.'),
  core(
    'DefaultRuntimeDir',
    r.main,
    r.path,
    outside('files of the server itself'),
    'Folder for files made while the server runs.'
  ),
  core(
    'IfModule',
    r.anywhereAndHtaccess,
    r.block(1, 1),
    structure,
    'Read the lines inside only if a module is loaded by now.'
  ),
  core(
    'IfDefine',
    r.anywhereAndHtaccess,
    r.block(1, 1),
    structure,
    'Read the lines inside only if a name is defined.'
  ),
  core(
    'IfFile',
    r.anywhereAndHtaccess,
    r.block(1, 1),
    structure,
    'Read the lines inside only if a file exists.'
  ),
  core(
    'IfDirective',
    r.anywhereAndHtaccess,
    r.block(1, 1),
    structure,
    'Read the lines inside only if a directive is known.'
  ),
  core(
    'IfSection',
    r.anywhereAndHtaccess,
    r.block(1, 1),
    structure,
    'Read the lines inside only if a section is known.'
  ),
  version(
    'IfVersion',
    r.anywhereAndHtaccess,
    r.block(1, 2),
    structure,
    'Read the lines inside only for some versions of httpd.'
  ),
  so('LoadModule', [...r.servers], r.words(2, 2), structure, 'Load a module.'),
  so('LoadFile', r.main, r.atLeast(1), outside('loading'), 'Load a shared library.'),
  macro(
    'Macro',
    r.anywhere,
    r.block(1, 99),
    structure,
    'Name some lines, with parameters that `Use` fills in.'
  ),
  macro('Use', r.anywhere, r.atLeast(1), structure, 'Put the lines of a macro here.'),
  macro('UndefMacro', r.anywhere, r.text, structure, 'Forget a macro.'),
  core('VirtualHost', r.main, r.block(1, 99), read('host'), 'A host with settings of its own.'),
  core('Directory', r.servers, r.block(1, 2), read('scope'), 'Settings for files below a folder.'),
  core(
    'DirectoryMatch',
    r.servers,
    r.block(1, 1),
    read('scope'),
    'Settings for files whose path matches a regular expression.'
  ),
  core('Files', r.anywhereAndHtaccess, r.block(1, 2), read('scope'), 'Settings for files of a name.'),
  core(
    'FilesMatch',
    r.anywhereAndHtaccess,
    r.block(1, 1),
    read('scope'),
    'Settings for files whose name matches a regular expression.'
  ),
  core('Location', r.servers, r.block(1, 2), read('scope'), 'Settings for URLs below a path.'),
  core(
    'LocationMatch',
    r.servers,
    r.block(1, 1),
    read('scope'),
    'Settings for URLs whose path matches a regular expression.'
  ),
  core(
    'If',
    r.anywhereAndHtaccess,
    r.block(1, 99),
    read('scope'),
    'Settings for requests that an expression holds for.'
  ),
  core(
    'ElseIf',
    r.anywhereAndHtaccess,
    r.block(1, 99),
    read('scope'),
    'Settings where the `If` before does not hold and this expression does.'
  ),
  core(
    'Else',
    r.anywhereAndHtaccess,
    r.block(0, 99),
    read('scope'),
    'Settings where no `If` and `ElseIf` before holds.'
  ),
  core('Limit', r.sectionsAndHtaccess, r.block(1, 99), read('access'), 'Access rules for some methods.'),
  core(
    'LimitExcept',
    r.sectionsAndHtaccess,
    r.block(1, 99),
    read('access'),
    'Access rules for all other methods.'
  ),

  mpm('Listen', r.main, r.words(1, 2), read('listeners'), 'Address and port that requests come in at.'),
  core('ServerName', r.servers, r.text, read('serverName'), 'Name and port of the server or virtual host.'),
  core(
    'ServerAlias',
    ['vhost'],
    r.any,
    read('host.names'),
    'Further names of a virtual host, with `*` and `?`.'
  ),
  core('ServerAdmin', r.servers, r.text, read('serverAdmin'), 'Address told as SERVER_ADMIN.'),
  core('ServerPath', r.servers, r.text, later('host.names'), 'Old way to name a virtual host by path.'),
  core('DocumentRoot', r.servers, r.path, read('root'), 'Folder that URLs are mapped into.'),
  core(
    'UseCanonicalName',
    r.anywhere,
    r.oneOf('on', 'off', 'dns'),
    read('serverName'),
    'Whether SERVER_NAME is the configured name or the one asked for.',
    { default: 'Off' }
  ),
  core(
    'UseCanonicalPhysicalPort',
    r.anywhere,
    r.flag,
    read('params'),
    'Whether SERVER_PORT may be the port of the connection.',
    { default: 'Off' }
  ),
  core('NameVirtualHost', r.servers, r.text, { kind: 'structure' }, 'Nothing since 2.4.', {
    deprecated: { since: '2.4' }
  }),
  core(
    'AccessFileName',
    r.servers,
    r.any,
    read('folderFileNames'),
    'Name of the files with settings of a folder.',
    { default: '.htaccess' }
  ),
  core('AllowOverride', r.sections, r.any, read('folderClasses'), 'What `.htaccess` files may set.', {
    default: 'None'
  }),
  core(
    'AllowOverrideList',
    r.sections,
    r.any,
    read('folderDirectives'),
    'Directives that `.htaccess` files may set.'
  ),
  core(
    'Options',
    r.anywhereAndHtaccess,
    r.any,
    read('allowPrograms'),
    'Features of a folder; `ExecCGI` lets programs run.',
    { default: 'FollowSymLinks' }
  ),
  core('SetHandler', r.anywhereAndHtaccess, r.text, read('label'), 'Handler for everything in this scope.'),
  core(
    'ErrorDocument',
    r.anywhereAndHtaccess,
    r.words(2, 2),
    read('errorPages'),
    'What answers for an error.'
  ),
  core(
    'AcceptPathInfo',
    r.anywhereAndHtaccess,
    r.oneOf('on', 'off', 'default'),
    read('pathInfoTaken'),
    'Whether files may be asked with more path behind them.',
    { default: 'Default' }
  ),
  core(
    'AllowEncodedSlashes',
    r.servers,
    r.oneOf('on', 'off', 'nodecode'),
    read('request.target.encodedSlash'),
    'What `%2F` in a path means.',
    { default: 'Off' }
  ),
  core(
    'MergeSlashes',
    r.servers,
    r.flag,
    read('request.target.mergeSlashes'),
    'Whether `//` in a path becomes `/`.',
    { default: 'On' }
  ),
  core(
    'CGIPassAuth',
    r.sectionsAndHtaccess,
    r.flag,
    read('passedHeaders'),
    'Tell applications the Authorization header.',
    { default: 'Off' }
  ),
  core('CGIVar', r.anywhereAndHtaccess, r.words(2, 2), read('requestUriTold'), 'How REQUEST_URI is told.'),
  core(
    'QualifyRedirectURL',
    r.anywhereAndHtaccess,
    r.flag,
    read('redirectUrlTold'),
    'Whether REDIRECT_URL has scheme and host.',
    { default: 'Off' }
  ),
  core(
    'LimitRequestBody',
    r.anywhereAndHtaccess,
    { kind: 'number', min: 0 },
    read('maxBodySize'),
    'Most bytes of a request body; 0 is no limit.',
    { default: '1073741824' }
  ),
  core(
    'ServerSignature',
    r.anywhereAndHtaccess,
    r.oneOf('on', 'off', 'email'),
    read('signature'),
    'Footer of error pages, told as SERVER_SIGNATURE.',
    { default: 'Off' }
  ),
  core('ServerTokens', r.main, r.text, read('serverSoftware.detail'), 'How much SERVER_SOFTWARE says.', {
    default: 'Full'
  }),
  core('Timeout', r.servers, r.seconds, read('pool.connection'), 'Seconds of silence on a connection.', {
    default: '60'
  }),
  core(
    'HostnameLookups',
    r.anywhere,
    r.oneOf('on', 'off', 'double'),
    later('params'),
    'Look up the client name for REMOTE_HOST.',
    { default: 'Off' }
  ),
  core(
    'AddDefaultCharset',
    r.anywhereAndHtaccess,
    r.text,
    outside('content type'),
    'Character set added to text answers.'
  ),
  core(
    'ForceType',
    r.anywhereAndHtaccess,
    r.text,
    later('mediaTypes'),
    'Media type of everything in this scope.',
    { default: 'None' }
  ),
  core(
    'TraceEnable',
    r.servers,
    r.oneOf('on', 'off', 'extended'),
    read('traceEchoed'),
    'Whether TRACE is answered.',
    { default: 'On' }
  ),
  core('HttpProtocolOptions', r.servers, r.words(1, 3), later('request'), 'How strictly requests are read.', {
    default: 'Strict LenientMethods Allow0.9'
  }),
  core('StrictHostCheck', r.servers, r.flag, later('request.host'), 'Refuse names that no host has.', {
    default: 'Off'
  }),
  core(
    'LimitInternalRecursion',
    r.servers,
    r.words(1, 2),
    later('request.maxRedirects'),
    'Most internal redirects of a request.',
    { default: '10' }
  ),
  core('DefaultType', r.anywhereAndHtaccess, r.text, { kind: 'structure' }, 'Nothing but `none` since 2.4.', {
    deprecated: { since: '2.4' }
  }),
  unixd(
    'User',
    r.main,
    r.text,
    outside('account of the server'),
    'User that requests and applications run as.'
  ),
  unixd(
    'Group',
    r.main,
    r.text,
    outside('account of the server'),
    'Group that requests and applications run as.'
  )
]
