import { later, outside, read } from '../../vocabulary.js'
import * as r from './row.js'

const alias = r.inModule('mod_alias', 'mod_alias.html')
const dir = r.inModule('mod_dir', 'mod_dir.html')
const mime = r.inModule('mod_mime', 'mod_mime.html')
const actions = r.inModule('mod_actions', 'mod_actions.html')
const negotiation = r.inModule('mod_negotiation', 'mod_negotiation.html')
const vhosts = r.inModule('mod_vhost_alias', 'mod_vhost_alias.html')
const userdir = r.inModule('mod_userdir', 'mod_userdir.html')
const autoindex = r.inModule('mod_autoindex', 'mod_autoindex.html')
const xsendfile = r.inModule('mod_xsendfile', 'mod_xsendfile.html')

/** From URL to file, and what a file is. */
export const fileRows: r.Rows = [
  alias(
    'Alias',
    [...r.servers, 'location'],
    r.words(1, 2),
    read('aliases'),
    'Map URLs to another folder or file.'
  ),
  alias('AliasMatch', r.servers, r.words(2, 2), read('aliases'), 'Map URLs that match a regular expression.'),
  alias(
    'ScriptAlias',
    [...r.servers, 'location'],
    r.words(1, 2),
    read('aliases'),
    'Map URLs to a folder of programs.'
  ),
  alias(
    'ScriptAliasMatch',
    r.servers,
    r.words(2, 2),
    read('aliases'),
    'Map URLs that match a regular expression to programs.'
  ),
  alias('Redirect', r.anywhereAndHtaccess, r.words(1, 3), read('redirects'), 'Send clients elsewhere.'),
  alias(
    'RedirectMatch',
    r.anywhereAndHtaccess,
    r.words(2, 3),
    read('redirects'),
    'Send clients elsewhere by a regular expression.'
  ),
  alias(
    'RedirectPermanent',
    r.anywhereAndHtaccess,
    r.words(2, 2),
    read('redirects'),
    'Send clients elsewhere with 301.'
  ),
  alias(
    'RedirectTemp',
    r.anywhereAndHtaccess,
    r.words(2, 2),
    read('redirects'),
    'Send clients elsewhere with 302.'
  ),
  alias(
    'AliasPreservePath',
    r.anywhere,
    r.flag,
    later('aliases'),
    'Whether an alias in a section keeps the rest of the path.',
    { default: 'Off' }
  ),
  alias('RedirectRelative', r.anywhere, r.flag, later('redirects'), 'Whether a Location may stay relative.', {
    default: 'Off'
  }),
  dir('DirectoryIndex', r.anywhereAndHtaccess, r.any, read('index'), 'Files that answer for a folder.', {
    default: 'index.html'
  }),
  dir(
    'DirectorySlash',
    r.anywhereAndHtaccess,
    r.flag,
    read('slashRedirect'),
    'Whether a folder asked without its slash is redirected.',
    { default: 'On' }
  ),
  dir(
    'FallbackResource',
    r.anywhereAndHtaccess,
    r.text,
    read('tryFiles'),
    'URL that answers for everything that does not exist.'
  ),
  dir(
    'DirectoryIndexRedirect',
    r.anywhereAndHtaccess,
    r.text,
    later('index'),
    'Redirect to the index rather than answer with it.',
    { default: 'Off' }
  ),
  dir(
    'DirectoryCheckHandler',
    r.anywhereAndHtaccess,
    r.flag,
    read('handledFoldersLeft'),
    'Look for no index where there is a handler.',
    { default: 'Off' }
  ),
  mime('AddHandler', r.anywhereAndHtaccess, r.atLeast(2), read('labels'), 'Handler by file name extension.'),
  mime('AddType', r.anywhereAndHtaccess, r.atLeast(2), read('labels'), 'Media type by file name extension.'),
  mime('RemoveHandler', r.anywhereAndHtaccess, r.atLeast(1), read('labels'), 'Take handlers off extensions.'),
  mime('RemoveType', r.anywhereAndHtaccess, r.atLeast(1), read('labels'), 'Take media types off extensions.'),
  mime('TypesConfig', r.main, r.path, outside('content type'), 'File with media types by extension.', {
    default: 'conf/mime.types'
  }),
  mime(
    'MultiviewsMatch',
    r.anywhereAndHtaccess,
    r.atLeast(1),
    outside('negotiation'),
    'Which files negotiation considers.'
  ),
  mime('ModMimeUsePathInfo', r.sections, r.flag, later('labels'), 'Let path info have extensions.', {
    default: 'Off'
  }),
  actions(
    'Action',
    r.anywhereAndHtaccess,
    r.words(2, 3),
    read('actions'),
    'URL that answers for a handler or media type.'
  ),
  actions('Script', r.anywhere, r.words(2, 2), later('actions'), 'Program that answers for a method.'),
  negotiation(
    'LanguagePriority',
    r.anywhereAndHtaccess,
    r.any,
    outside('negotiation'),
    'Order of languages.'
  ),
  negotiation(
    'ForceLanguagePriority',
    r.anywhereAndHtaccess,
    r.any,
    outside('negotiation'),
    'What is done when no language fits.'
  ),
  negotiation(
    'CacheNegotiatedDocs',
    r.servers,
    r.any,
    outside('negotiation'),
    'Whether negotiated answers may be cached.'
  ),
  vhosts('VirtualDocumentRoot', r.servers, r.text, later('root'), 'Document root made of the host name.'),
  vhosts('VirtualDocumentRootIP', r.servers, r.text, later('root'), 'Document root made of the address.'),
  vhosts(
    'VirtualScriptAlias',
    r.servers,
    r.text,
    later('aliases'),
    'Folder of programs made of the host name.'
  ),
  vhosts(
    'VirtualScriptAliasIP',
    r.servers,
    r.text,
    later('aliases'),
    'Folder of programs made of the address.'
  ),
  userdir('UserDir', r.servers, r.atLeast(1), later('aliases'), 'Folders of users, asked as `/~user`.'),
  autoindex(
    'IndexIgnore',
    r.anywhereAndHtaccess,
    r.any,
    outside('directory listings'),
    'Names that listings leave out.'
  ),
  xsendfile(
    'XSendFile',
    r.anywhereAndHtaccess,
    r.flag,
    read('sendfile'),
    'Send the file that an answer names in X-Sendfile.',
    { default: 'Off' }
  ),
  xsendfile(
    'XSendFilePath',
    [...r.servers, 'directory'],
    r.words(1, 2),
    read('sendfile.roots'),
    'Folder that such files may lie in.'
  ),
  xsendfile(
    'XSendFileIgnoreEtag',
    r.anywhereAndHtaccess,
    r.flag,
    read('sendfile'),
    'Replace the ETag of the application.',
    { default: 'Off' }
  ),
  xsendfile(
    'XSendFileIgnoreLastModified',
    r.anywhereAndHtaccess,
    r.flag,
    read('sendfile'),
    'Replace the Last-Modified of the application.',
    { default: 'Off' }
  ),
  xsendfile(
    'XSendFileUnescape',
    r.anywhereAndHtaccess,
    r.flag,
    read('sendfile'),
    'Decode the path in the header.',
    { default: 'On' }
  )
]
