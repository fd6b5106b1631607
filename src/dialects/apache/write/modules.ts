import { directive, section } from './entries.js'
import type { Entry } from './entries.js'

/** Which module brings a directive that this writer uses; core's have none. */
const moduleOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['Action', ['actions']],
  ['AddHandler', ['mime']],
  ['AddType', ['mime']],
  ['TypesConfig', ['mime']],
  ['Alias', ['alias']],
  ['AliasMatch', ['alias']],
  ['Redirect', ['alias']],
  ['RedirectMatch', ['alias']],
  ['AuthBasicProvider', ['auth_basic', 'authn_core', 'authn_file', 'authz_user']],
  ['AuthnzFcgiCheckAuthnProvider', ['authnz_fcgi', 'authn_core', 'authz_user']],
  ['AuthnzFcgiDefineProvider', ['authnz_fcgi']],
  ['BalancerMember', ['proxy_balancer', 'slotmem_shm']],
  ['DirectoryIndex', ['dir']],
  ['DirectorySlash', ['dir']],
  ['DirectoryCheckHandler', ['dir']],
  ['FallbackResource', ['dir']],
  ['Header', ['headers']],
  ['Require', ['authz_core', 'authz_host']],
  ['ScriptAlias', ['alias']],
  ['ScriptAliasMatch', ['alias']],
  ['SetEnv', ['env']],
  ['SetEnvIfExpr', ['setenvif']]
])

/** The order of LoadModule lines does not matter to httpd, except that of those which need each other's functions. */
const order = [
  'authz_core',
  'authn_core',
  'mime',
  'dir',
  'alias',
  'env',
  'setenvif',
  'headers',
  'actions',
  'proxy'
]

/** LoadModule lines for what some entries need, each only where the module is not there already. */
export function loadModules(entries: readonly Entry[], further: readonly string[]): readonly Entry[] {
  const needed = new Set(further)
  collect(entries, needed)
  const names = [...needed].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return [
    section('IfModule', ['!mpm_event_module'], [mpm()]),
    ...names.map((name) => section('IfModule', [`!${name}_module`], [load(name)]))
  ]
}

/** Only one of the three may be loaded. */
function mpm(): Entry {
  return section(
    'IfModule',
    ['!mpm_prefork_module'],
    [section('IfModule', ['!mpm_worker_module'], [load('mpm_event')])]
  )
}

function load(name: string): Entry {
  return directive('LoadModule', `${name}_module`, `/usr/lib/apache2/modules/mod_${name}.so`)
}

function rank(name: string): number {
  const at = order.indexOf(name)
  return at < 0 ? order.length : at
}

function collect(entries: readonly Entry[], into: Set<string>): void {
  for (const entry of entries) {
    if (entry.kind !== 'directive' && entry.kind !== 'section') continue
    for (const name of moduleOf.get(entry.name) ?? []) into.add(name)
    for (const word of entry.words) {
      const text = typeof word === 'string' ? word : word.quoted
      const method = /^lbmethod=(\w+)$/.exec(text)?.[1]
      if (method !== undefined) into.add(`lbmethod_${method}`)
    }
    if (entry.kind === 'section') collect(entry.body, into)
  }
}
