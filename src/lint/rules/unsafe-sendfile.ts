import { literalText } from '../../model/index.js'
import type { Address, FastcgiTarget, Sendfile, Site } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import { poolOf, settingsOf } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

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
  summary: 'X-Sendfile or X-Accel-Redirect that reaches any file, system folders, or files of another host',
  dialects: 'all',
  security: 8.6,
  site(site, context) {
    checkInternalLocations(site, context)
    checkModule(site, context)
  },
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
  // Its folders hold in every place that turns it on, and are looked at once (`checkModule`).
  if (sendfile.named === 'in-folder' || sendfile.headers.length === 0) return
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

function isElsewhere(address: Address): boolean {
  return address.kind === 'tcp' && !/^(127\.|localhost$|::1$|\[::1\]$|0\.0\.0\.0$|::$|$)/.test(address.host)
}

function hostOf(address: Address): string {
  return address.kind === 'tcp' ? address.host : address.path
}

/** X-Accel-Redirect leads to any location, those for internal use first of all: what they serve an application can have sent. */
function checkInternalLocations(site: Site, { report }: RuleContext): void {
  const named = settingsOf(site, 'response')
  for (const { setting, place } of settingsOf(site, 'internalOnly')) {
    const { location, head } = place.scope
    const root = place.get('root')
    const span = root?.origin ?? head
    if (!setting.value || location?.kind !== 'prefix' || root === undefined || span === undefined) continue
    // Where the application's header is ignored everywhere, nobody is led here.
    if (named.length > 0 && named.every(({ setting: { value } }) => value.redirectHeader === undefined))
      continue
    const path = literalText(root.value.path)
    if (path === undefined) continue
    const covered = coveredBy(root.value.kind === 'alias' ? path : `${path}${location.value}`)
    if (covered === undefined) continue
    report({
      span,
      message: `an application can have files of \`${covered}\` sent: X-Accel-Redirect to \`${location.value}\` leads there`,
      hint: 'let the location lead to the folder that holds what the application sends, and no further'
    })
  }
}

/** mod_xsendfile, whose folders hold for the whole server. */
function checkModule(site: Site, context: RuleContext): void {
  const paths = liveRecordsOf(site, 'XSendFilePath')
  for (const { span } of paths) {
    const word = wordsOf(context, span)[1]
    const covered = word === undefined ? undefined : coveredBy(word.value)
    if (word === undefined || covered === undefined) continue
    context.report({
      span: word.span,
      message: `the application can have files of \`${covered}\` sent: \`${word.value}\` covers it`,
      hint: 'name only the folders that hold what the application sends'
    })
  }
  for (const { span } of liveRecordsOf(site, 'XSendFileAllowAbove')) {
    context.report({
      span,
      message: '`XSendFileAllowAbove` lets any file be sent; mod_xsendfile 0.10 has replaced it',
      hint: 'name the folders with `XSendFilePath`'
    })
  }
  if (paths.length > 0 || context.missing.length > 0) return
  const on = liveRecordsOf(site, 'XSendFile').find(({ span }) =>
    /^on$/i.test(wordsOf(context, span)[1]?.value ?? '')
  )
  if (on === undefined) return
  context.report({
    span: on.span,
    severity: 'warning',
    message:
      'no `XSendFilePath` says what may be sent: everything in the folder of the requested file may, scripts and their settings too',
    hint: 'name a folder outside of the document root with `XSendFilePath`'
  })
}
