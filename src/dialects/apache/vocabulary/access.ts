import { later, read } from '../../vocabulary.js'
import * as r from './row.js'

const authz = r.inModule('mod_authz_core', 'mod_authz_core.html')
const authn = r.inModule('mod_authn_core', 'mod_authn_core.html')
const basic = r.inModule('mod_auth_basic', 'mod_auth_basic.html')
const file = r.inModule('mod_authn_file', 'mod_authn_file.html')
const group = r.inModule('mod_authz_groupfile', 'mod_authz_groupfile.html')
const compat = r.inModule('mod_access_compat', 'mod_access_compat.html')
const fcgi = r.inModule('mod_authnz_fcgi', 'mod_authnz_fcgi.html')
const old = { deprecated: { since: '2.4', instead: 'Require' } } as const

/** Who may ask for what. */
export const accessRows: r.Rows = [
  authz('Require', r.sectionsAndHtaccess, r.atLeast(1), read('access'), 'Who may ask.'),
  authz(
    'RequireAll',
    r.sectionsAndHtaccess,
    r.block(0, 0),
    read('access'),
    'All of the lines inside must hold.'
  ),
  authz(
    'RequireAny',
    r.sectionsAndHtaccess,
    r.block(0, 0),
    read('access'),
    'One of the lines inside must hold.'
  ),
  authz(
    'RequireNone',
    r.sectionsAndHtaccess,
    r.block(0, 0),
    read('access'),
    'None of the lines inside may hold.'
  ),
  authz(
    'AuthMerging',
    r.sectionsAndHtaccess,
    r.oneOf('off', 'and', 'or'),
    read('access'),
    'How access rules of sections go together.',
    { default: 'Off' }
  ),
  authz(
    'AuthzSendForbiddenOnFailure',
    r.sectionsAndHtaccess,
    r.flag,
    read('authentication'),
    '403 rather than 401 for a known user.',
    { default: 'Off' }
  ),
  authz('AuthzProviderAlias', r.main, r.block(2, 99), later('access'), 'Name for a rule.'),
  authn('AuthType', r.sectionsAndHtaccess, r.text, read('authentication'), 'How users say who they are.'),
  authn('AuthName', r.sectionsAndHtaccess, r.text, read('authentication'), 'Realm shown to users.'),
  authn('AuthnProviderAlias', r.main, r.block(2, 2), later('authentication'), 'Name for a provider.'),
  basic(
    'AuthBasicProvider',
    r.sectionsAndHtaccess,
    r.atLeast(1),
    read('authentication'),
    'Who knows passwords.',
    { default: 'file' }
  ),
  basic(
    'AuthBasicAuthoritative',
    r.sectionsAndHtaccess,
    r.flag,
    read('authentication'),
    'Whether others may be asked.',
    { default: 'On' }
  ),
  basic(
    'AuthBasicFake',
    r.sectionsAndHtaccess,
    r.words(1, 2),
    later('authentication'),
    'Credentials made up for applications.',
    { default: 'Off' }
  ),
  file(
    'AuthUserFile',
    r.sectionsAndHtaccess,
    r.path,
    read('authentication'),
    'File with users and passwords.'
  ),
  group('AuthGroupFile', r.sectionsAndHtaccess, r.path, read('authentication'), 'File with groups.'),
  compat('Order', r.sectionsAndHtaccess, r.text, read('access'), 'Which of Allow and Deny comes first.', old),
  compat('Allow', r.sectionsAndHtaccess, r.atLeast(2), read('access'), 'Clients that are let in.', old),
  compat('Deny', r.sectionsAndHtaccess, r.atLeast(2), read('access'), 'Clients that are kept out.', old),
  compat(
    'Satisfy',
    r.sectionsAndHtaccess,
    r.oneOf('all', 'any'),
    read('access'),
    'Whether both address and user must fit.',
    old
  ),
  fcgi(
    'AuthnzFcgiDefineProvider',
    r.main,
    r.atLeast(3),
    read('bindings'),
    'A FastCGI application that authenticates or authorizes.'
  ),
  fcgi(
    'AuthnzFcgiCheckAuthnProvider',
    r.anywhereAndHtaccess,
    r.atLeast(1),
    read('bindings'),
    'Ask such an application for each request.'
  )
]
