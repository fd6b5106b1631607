import type { Address, FastcgiTarget, Pool, Sendfile, Site } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'

/** Folders whose files no application should be able to have sent, nor any folder that holds them. */
const guarded = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/home',
  '/lib',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/var'
]

/** An application that may have any file sent to its users, or files that are not its own. */
export const unsafeSendfile: Rule = {
  code: 'fastcgi/unsafe-sendfile',
  severity: 'error',
  summary: 'X-Sendfile allowed from anywhere, from system folders, or to an application on another host',
  dialects: 'all',
  security: 8.6,
  setting(setting, _scope, context) {
    if (setting.key === 'sendfile') checkRoots(setting.value, context)
    if (setting.key !== 'bindings') return
    for (const { target } of setting.value) {
      if (target.kind !== 'fastcgi' || target.sendfile === undefined) continue
      checkRoots(target.sendfile, context)
      checkHost(target, target.sendfile, context)
    }
  }
}

function checkRoots(sendfile: Sendfile, { report }: RuleContext): void {
  if (sendfile.roots.length === 0) {
    report({
      span: sendfile.origin,
      message: 'the application can have any file sent that the server may read: no folder limits it',
      hint: 'name the folders that it may send from (`x-sendfile-docroot` in lighttpd)'
    })
  }
  for (const { path, origin } of sendfile.roots) {
    const covered = coveredBy(path)
    if (covered === undefined) continue
    report({
      span: origin,
      message: `the application can have files of \`${covered}\` sent: \`${path}\` covers it`,
      hint: 'name only the folders that hold what the application sends'
    })
  }
}

/** The guarded folder that a root gives away: itself, or for a root above several the first. */
function coveredBy(path: string): string | undefined {
  const folder = `${normal(path)}/`.replace(/^\/\/$/, '/')
  if (folder === '/') return '/'
  const exact = guarded.find((name) => folder === `${name}/`)
  if (exact !== undefined) return exact
  return alwaysSystem.find((name) => folder.startsWith(`${name}/`))
}

/** Of these, what lies below belongs to the system as well; of `/var` and `/home` much belongs to applications. */
const alwaysSystem = ['/boot', '/dev', '/etc', '/proc', '/root', '/sys']

function normal(path: string): string {
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return `/${names.join('/')}`
}

function checkHost(target: FastcgiTarget, sendfile: Sendfile, { site, report }: RuleContext): void {
  const away = poolOf(site, target)?.members.find(({ address }) => isElsewhere(address))
  if (away === undefined) return
  report({
    span: sendfile.origin,
    severity: 'warning',
    message: `the files are sent from this host, but \`${hostOf(away.address)}\` may be another one`,
    hint: 'an application on another host names files that are not there; give it an application on this host, or turn it off',
    related: [{ span: away.origin, message: 'the application is here' }]
  })
}

function poolOf(site: Site, { pool }: FastcgiTarget): Pool | undefined {
  return pool.kind === 'pool' ? site.pools.find(({ id }) => id === pool.id) : undefined
}

function isElsewhere(address: Address): boolean {
  return address.kind === 'tcp' && !/^(127\.|localhost$|::1$|\[::1\]$|0\.0\.0\.0$|::$|$)/.test(address.host)
}

function hostOf(address: Address): string {
  return address.kind === 'tcp' ? address.host : address.path
}
