import type { Ledger, Listener, Plan, Scope } from '../../../model/index.js'
import type { OutputFile, WriteOptions } from '../../dialect.js'
import { blank, comment, directive, printEntries, quoted, section } from './entries.js'
import type { Entry } from './entries.js'
import { toldBehind } from '../../same-names.js'
import { responseRules } from '../read/behaviour.js'
import { fastcgi } from './fastcgi.js'
import { fcgid } from './fcgid.js'
import { grant } from './files.js'
import { writeHost } from './hosts.js'
import { poolNames } from './module.js'
import type { Context, FastcgiModule } from './module.js'
import { loadModules } from './modules.js'
import { proxyFcgi } from './proxy-fcgi.js'
import { factoredOut } from './shared.js'
import { accountUnasked } from './unasked.js'
import { withoutUnwritable } from './unwritable.js'

/** Writes a plan for httpd with one of its three FastCGI modules. */
export function write(plan: Plan, options: WriteOptions, ledger: Ledger): readonly OutputFile[] {
  const module = moduleFor(options.target)
  const context: Context = {
    ledger,
    names: poolNames(plan.site.pools),
    definitions: new Map(),
    definedFor: new Map(),
    differs: new Set(),
    headers: new Set(),
    answersOf: responseRules[module.name],
    unasked: new Set(),
    allowOpen: options.allowOpen === true,
    closedLogins: false,
    toldBehind: toldBehind(plan.site.root),
    actions: actionsOf(plan.site.root),
    files: [],
    accounted: new Set(),
    linksRefused: refusesLinks(plan.site.root),
    used: new Set(),
    started: new Map(),
    proxies: module.modules.includes('proxy')
  }
  const pools = new Map(plan.site.pools.map((pool) => [pool.id, pool]))
  const hosts = [...plan.hosts].sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
  const written = hosts.map((host) => writeHost(host, module, pools, context))
  const folders = [...new Set(written.flatMap((host) => host.folders))]
  const entries = written.map((host) => host.entry)
  // Beside other sites, what stands in the main server would be theirs as well.
  const factored = options.fragment ? { shared: [], hosts: entries } : factoredOut(entries)
  const sites = [
    ...[...context.definitions.values()].flat(),
    blank,
    ...factored.shared,
    blank,
    ...folders.map((folder) => grant(folder, context)),
    ...factored.hosts
  ]
  accountUnasked(plan, context)
  if (module.caution !== undefined) ledger.unasked('manual', module.caution)
  const all = options.fragment ? sites : [...frame(plan, sites, module), blank, ...sites]
  const text = printEntries(withoutUnwritable(all, ledger))
  return [{ path: options.fragment ? 'site.conf' : 'httpd.conf', text }, ...context.files]
}

function actionsOf({ settings, children }: Scope): ReadonlySet<string> {
  const own = settings.flatMap((setting) =>
    setting.key === 'actions' ? setting.value.map(({ label }) => label) : []
  )
  return new Set([...own, ...children.flatMap((child) => [...actionsOf(child)])])
}

function refusesLinks({ settings, children }: Scope): boolean {
  const own = settings.some((setting) => setting.key === 'symlinks' && setting.value === 'refused')
  return own || children.some(refusesLinks)
}

function moduleFor(target: WriteOptions['target']): FastcgiModule {
  switch (target) {
    case 'apache':
      return fastcgi
    case 'apache-fcgid':
      return fcgid
    case 'apache-proxy-fcgi':
      return proxyFcgi
    case 'lighttpd':
    case 'nginx':
      throw new RangeError(`Apache's writer was asked for \`${target}\``)
  }
}

/** What a configuration needs beside its sites, so that `apache2 -f` takes it as it is. */
function frame(plan: Plan, sites: readonly Entry[], module: FastcgiModule): readonly Entry[] {
  const types = section('IfFile', ['/etc/mime.types'], [directive('TypesConfig', '/etc/mime.types')])
  const rest = [
    types,
    blank,
    ...listens(plan.site.listeners),
    blank,
    ...module.server,
    section('Directory', ['/'], [directive('AllowOverride', 'None'), directive('Require', 'all', 'denied')])
  ]
  return [
    directive('ServerRoot', quoted('/etc/apache2')),
    directive('ServerName', 'localhost'),
    directive('PidFile', '/run/apache2/apache2.pid'),
    directive('User', 'www-data'),
    directive('Group', 'www-data'),
    directive('ErrorLog', '/var/log/apache2/error.log'),
    blank,
    comment('Debian keeps its modules here; those that are built in or loaded already are left alone.'),
    ...loadModules([...rest, ...sites], module.modules),
    blank,
    ...rest
  ]
}

function listens(listeners: readonly Listener[]): readonly Entry[] {
  const words = listeners.flatMap(({ address, tls }) => {
    if (address.kind === 'unix') return []
    const { host, port } = address
    const any = host === '' || host === '*' || host === '0.0.0.0'
    const where = any
      ? String(port)
      : `${host.includes(':') ? `[${host.replaceAll(/[[\]]/g, '')}]` : host}:${port}`
    return [tls && port !== 443 ? `${where} https` : where]
  })
  return [...new Set(words)].map((word) => directive('Listen', ...word.split(' ')))
}
