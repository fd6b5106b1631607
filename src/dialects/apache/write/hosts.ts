import type { HostName, Listener, PlannedHost, Pool, Regex } from '../../../model/index.js'
import { literalText } from '../../../model/index.js'
import { ClaimWriter } from './claims.js'
import { blank, commented, directive, sameEntry, section, wordText } from './entries.js'
import type { Entry, Word } from './entries.js'
import { mapFiles } from './files.js'
import { withoutBody } from './params.js'
import type { Context, FastcgiModule } from './module.js'
import { placed } from './places.js'
import type { Claim } from './places.js'
import { hostSettings } from './settings.js'
import { fallbackEntries } from './try-files.js'

export interface WrittenHost {
  readonly entry: Entry
  readonly folders: readonly string[]
}

/** A virtual host: names, files, what holds for all of its URLs, then sections from the weakest to the strongest. */
export function writeHost(
  host: PlannedHost,
  module: FastcgiModule,
  pools: ReadonlyMap<string, Pool>,
  context: Context
): WrittenHost {
  const comments = context.ledger.takeComments(host.origin)
  context.ledger.mark(host.origin, 'exact')
  const names = hostNames(host, context)
  const files = mapFiles(host.settings, host.rules, context)
  const own = hostSettings(host.settings, context)
  const index = host.settings.index === undefined ? [directive('DirectoryIndex', 'disabled')] : []
  const fallback = fallbackEntries(host.settings.tryFiles, host.rules, context)
  const writer = new ClaimWriter(module, pools, context)
  const { claims, beside } = writer.host(host.settings, host.rules, host.listeners)
  const shared = sharedParams(claims)
  const body = [
    ...names,
    blank,
    ...files.entries,
    ...index,
    ...own,
    ...fallback,
    ...(claims.some((claim) => claim.decides) ? module.host : []),
    ...shared,
    ...once(beside),
    blank,
    ...placed(claims.map((claim) => without(claim, shared)))
  ]
  const entry = section(
    'VirtualHost',
    host.listeners.flatMap((listener) => address(listener, context)),
    body
  )
  return { entry: commented(entry, comments), folders: files.folders }
}

/** Params that every application of a host is told alike, and that no other line builds on. */
function sharedParams(claims: readonly Claim[]): readonly Entry[] {
  const answers = claims.filter(({ entries }) =>
    entries.some((entry) => named(entry, 'SetHandler') && !resets(entry))
  )
  const [first, ...rest] = answers
  return (first?.entries ?? []).filter(
    (entry) => tells(entry) && rest.every(({ entries }) => entries.some((other) => sameEntry(entry, other)))
  )
}

function tells(entry: Entry): boolean {
  if (named(entry, 'SetEnv') || named(entry, 'SetEnvIfExpr')) return true
  if (!named(entry, 'ProxyFCGISetEnvIf') || entry.kind !== 'directive') return false
  const [condition, name, value] = entry.words.map(wordText)
  const own = [
    'SCRIPT_NAME',
    'SCRIPT_FILENAME',
    'PATH_INFO',
    'PATH_TRANSLATED',
    'DOCUMENT_ROOT',
    'REQUEST_URI'
  ]
  const isAlways = condition === 'true' || condition === withoutBody
  return isAlways && value?.includes('reqenv:') !== true && !own.includes(name?.replace('!', '') ?? '')
}

function named(entry: Entry, name: string): boolean {
  return entry.kind === 'directive' && entry.name === name
}

function resets(entry: Entry): boolean {
  return entry.kind === 'directive' && entry.words.map(wordText).includes('None')
}

function without(claim: Claim, shared: readonly Entry[]): Claim {
  return {
    ...claim,
    entries: claim.entries.filter((entry) => !shared.some((other) => sameEntry(entry, other)))
  }
}

function once(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter((entry, index) => entries.findIndex((other) => sameEntry(other, entry)) === index)
}

function address(listener: Listener, context: Context): readonly Word[] {
  context.ledger.mark(listener.origin, listener.tls ? 'approx' : 'exact', listener.tls ? tlsNote : undefined)
  if (listener.address.kind === 'unix') {
    context.ledger.mark(listener.origin, 'lost', {
      message: 'httpd does not listen on unix sockets',
      affects: ['routing'],
      advice: 'choose a TCP port'
    })
    return []
  }
  const { host, port } = listener.address
  const any = host === '' || host === '*' || host === '0.0.0.0'
  const plain = host.replaceAll(/[[\]]/g, '')
  return [`${any ? '*' : plain.includes(':') ? `[${plain}]` : plain}:${port}`]
}

const tlsNote = {
  message: 'certificates are not carried over; without mod_ssl the port speaks plain HTTP',
  affects: ['HTTPS', 'REQUEST_SCHEME'],
  advice: 'add SSLEngine, SSLCertificateFile and SSLCertificateKeyFile'
}

/** The first plain name is the host's own, all others are aliases. */
function hostNames(host: PlannedHost, context: Context): readonly Entry[] {
  const plain = host.names.filter((name) => name.kind === 'exact' && name.value !== '')
  const named = literalText(host.settings.serverName?.value ?? [])
  const canonical = named !== undefined && /^[\w.-]+$/.test(named) && named !== '_' ? named : undefined
  const own =
    canonical !== undefined &&
    canonical !== '' &&
    plain.some((name) => name.kind === 'exact' && name.value === canonical)
      ? canonical
      : undefined
  const [first] = plain
  const server = own ?? (first?.kind === 'exact' ? first.value : canonical)
  const aliases = host.names.flatMap((name) => {
    const words = aliasWords(name)
    if (words === undefined) {
      context.ledger.mark(name.origin, 'lost', {
        message:
          'ServerAlias has wildcards but no regular expressions; requests for such names reach the default host',
        affects: ['routing', 'status', 'body'],
        advice: 'list the names, or use wildcards'
      })
      return []
    }
    context.ledger.mark(name.origin, 'exact')
    return words.filter((word) => word !== server && word !== '')
  })
  const setting = host.settings.serverName
  if (setting?.origin !== undefined) accountServerName(setting.origin, server, canonical, context)
  return [
    ...(server === undefined || server === '' ? [] : [directive('ServerName', server)]),
    ...(server === undefined && aliases.length > 0
      ? [directive('ServerName', `${slug(aliases[0] ?? '')}.invalid`)]
      : []),
    ...(aliases.length === 0 ? [] : [directive('ServerAlias', ...aliases)])
  ]
}

function accountServerName(
  origin: NonNullable<PlannedHost['origin']>,
  server: string | undefined,
  canonical: string | undefined,
  context: Context
): void {
  if (canonical !== undefined && canonical === server) {
    context.ledger.mark(origin, 'approx', {
      message: 'SERVER_NAME is the name asked for; ServerName is used where none was',
      affects: ['SERVER_NAME', 'Location'],
      advice: 'add `UseCanonicalName On` to have it always'
    })
  } else {
    context.ledger.mark(origin, 'lost', { message: 'httpd has ServerName only', affects: ['SERVER_NAME'] })
  }
}

function slug(alias: string): string {
  return alias.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-+|-+$/g, '') || 'host'
}

function aliasWords(name: HostName): readonly string[] | undefined {
  switch (name.kind) {
    case 'exact':
      return [name.value]
    case 'leading-wildcard':
      return name.bare
        ? [name.value.replace(/^\*\./, ''), wildcard(name.value, 'front')]
        : [wildcard(name.value, 'front')]
    case 'trailing-wildcard':
      return [wildcard(name.value, 'back')]
    case 'glob':
      return [name.value]
    case 'regex':
      return globOf(name.regex)
  }
}

/** A pattern of plain characters, dots and `.*` is one of ServerAlias, where `?` is any character and `*` any number. */
function globOf({ source }: Regex): readonly string[] | undefined {
  const [, start, text = '', end] = /^(\^?)(.*?)(\$?)$/s.exec(source) ?? []
  const parts = text.match(/\\[.-]|\.\*|\.|[\w-]/g) ?? []
  if (parts.join('') !== text || text === '') return undefined
  const glob = parts
    .map((part) => (part === '.*' ? '*' : part === '.' ? '?' : part.replace('\\', '')))
    .join('')
  return [`${start === '' ? '*' : ''}${glob}${end === '' ? '*' : ''}`]
}

function wildcard(value: string, side: 'front' | 'back'): string {
  if (value.includes('*')) return value
  return side === 'front' ? `*.${value.replace(/^\./, '')}` : `${value.replace(/\.$/, '')}.*`
}
