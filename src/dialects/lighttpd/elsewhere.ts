import type { Span } from '../../diagnostics/index.js'
import { allOf, always, anyOf, variable } from '../../model/index.js'
import type { Binding, Condition, Match } from '../../model/index.js'
import type { Held, Place } from './blocks.js'
import { matchOf } from './bindings.js'
import { flagOf } from './options.js'
import type { Entry, Value } from './values.js'

/**
 * Handlers that are no FastCGI applications: CGI programs, other protocols, scripts inside the server. Most are not
 * served, but what they take nobody else gets, so that no source is sent in their place.
 */
export interface Elsewhere {
  readonly module: string
  readonly from: readonly [string, ...string[]]
  /** `last`: of the directives, the one that this block itself holds. */
  readonly read: (block: Place, last: Held) => readonly Binding[]
}

export const elsewhere: readonly Elsewhere[] = [
  { module: 'mod_cgi', from: ['cgi.assign', 'cgi.execute-x-only'], read: cgiPrograms },
  { module: 'mod_scgi', from: ['scgi.server', 'scgi.map-extensions'], read: hosts('scgi', 'looked-at') },
  {
    module: 'mod_proxy',
    from: ['proxy.server', 'proxy.map-extensions'],
    read: hosts('proxy', 'taken-by-url')
  },
  {
    module: 'mod_ajp13',
    from: ['ajp13.server', 'ajp13.map-extensions'],
    read: hosts('ajp13', 'taken-by-url')
  },
  {
    module: 'mod_wstunnel',
    from: ['wstunnel.server', 'wstunnel.map-extensions'],
    read: hosts('wstunnel', 'taken-by-url')
  },
  { module: 'mod_sockproxy', from: ['sockproxy.server'], read: everything('sockproxy.server') },
  { module: 'mod_ssi', from: ['ssi.extension'], read: includes },
  { module: 'mod_dirlisting', from: ['dir-listing.activate', 'server.dir-listing'], read: listings },
  {
    module: 'mod_magnet',
    from: ['magnet.attract-raw-url-to'],
    read: everything('magnet.attract-raw-url-to')
  },
  {
    module: 'mod_magnet',
    from: ['magnet.attract-physical-path-to'],
    read: everything('magnet.attract-physical-path-to')
  },
  { module: 'mod_webdav', from: ['webdav.activate'], read: webdav },
  {
    module: 'mod_extforward',
    from: ['extforward.forwarder', 'extforward.headers', 'extforward.hap-proxy'],
    read: forwardedAddresses
  },
  { module: 'mod_vhostdb', from: ['vhostdb.backend'], read: everything('vhostdb.backend') },
  {
    module: 'mod_status',
    from: ['status.status-url', 'status.config-url', 'status.statistics-url'],
    read: statusPages
  },
  { module: 'mod_userdir', from: ['userdir.path', 'userdir.active'], read: userDirectories }
]

/** The group of a handler's bindings: modules may have two, which do not replace each other. */
export function groupOf({ module, from }: Elsewhere): string {
  return module === 'mod_magnet' ? from[0] : module
}

const isFile: Condition = {
  kind: 'test',
  subject: { of: 'text', template: variable('filename') },
  test: { kind: 'exists', what: 'file' }
}

const isExecutable: Condition = { ...isFile, test: { kind: 'exists', what: 'executable' } }

interface Taking {
  readonly match: Match
  readonly when?: Condition
  readonly at: Binding['at']
  readonly origin: Span
  readonly mustExist?: true
}

function taking(directive: string, { match, when = always, at, origin, mustExist }: Taking): Binding {
  return {
    match,
    when,
    at,
    origin,
    target: { kind: 'unsupported', what: `\`${directive}\``, ...(mustExist && { mustExist }) }
  }
}

/** Plain files only; the first key that ends the file's name counts (array_match_key_suffix). */
function cgiPrograms(block: Place): readonly Binding[] {
  const onlyExecutable = isOn(block, 'cgi.execute-x-only')
  return entriesOf(block.find('cgi.assign')?.value).map((entry) =>
    taking('cgi.assign', {
      match: { kind: 'suffix', value: entry.key ?? '' },
      when: onlyExecutable ? { kind: 'all', of: [isFile, isExecutable] } : isFile,
      at: ['file'],
      origin: entry.span
    })
  )
}

/** As `fastcgi.server`: map-extensions first, then the keys. Only mod_scgi looks at files, and only unless its hosts say no. */
function hosts(group: string, how: 'looked-at' | 'taken-by-url') {
  const name = `${group}.server`
  return (block: Place): readonly Binding[] => {
    const keys = entriesOf(block.find(name)?.value).filter((entry) => entriesOf(entry.value).length > 0)
    const bound = (entry: Entry, match: Match): Binding => {
      const looksAtFile = how === 'looked-at' && checksLocal(entry)
      return taking(name, {
        match,
        at: how === 'looked-at' ? ['url', 'file'] : ['url'],
        origin: entry.span,
        ...(looksAtFile && { mustExist: true })
      })
    }
    const map = entriesOf(block.find(`${group}.map-extensions`)?.value)
    const mapped = map.flatMap(({ key = '', value: target }) =>
      keys
        .filter((entry) => target.kind === 'string' && entry.key === target.text)
        .map((entry) => bound(entry, { kind: 'suffix', value: key }))
    )
    return [...mapped, ...keys.map((entry) => bound(entry, matchOf(entry.key ?? '')))]
  }
}

function checksLocal({ value }: Entry): boolean {
  const [first] = entriesOf(value)
  const option = entriesOf(first?.value).find(({ key }) => key?.toLowerCase() === 'check-local')
  return (option && flagOf(option.value)) ?? true
}

function includes(_: Place, { name, value }: Held): readonly Binding[] {
  return entriesOf(value).flatMap((entry) =>
    entry.value.kind === 'string'
      ? [
          taking(name, {
            match: { kind: 'suffix', value: entry.value.text },
            at: ['file'],
            origin: entry.span
          })
        ]
      : []
  )
}

const isRead: Condition = {
  kind: 'any',
  of: ['GET', 'HEAD'].map((value) => ({
    kind: 'test',
    subject: { of: 'method' },
    test: { kind: 'equals', value }
  }))
}

/** Where a block says both, the old name counts. */
function listings(_: Place, { name, value, origin }: Held): readonly Binding[] {
  if (flagOf(value) !== true) return []
  return [
    taking(name, {
      match: { kind: 'any' },
      when: {
        kind: 'all',
        of: [isRead, { kind: 'test', subject: { of: 'path' }, test: { kind: 'suffix', value: '/' } }]
      },
      at: ['file'],
      origin
    })
  ]
}

/** What answers, or where files are, is settled outside the configuration. */
function everything(name: string) {
  return (block: Place): readonly Binding[] => {
    const held = block.find(name)
    if (held === undefined || isNothing(held.value)) return []
    return [taking(name, { match: { kind: 'any' }, at: ['url'], origin: held.origin })]
  }
}

function isNothing(value: Value): boolean {
  return value.kind === 'list' ? value.entries.length === 0 : value.kind === 'string' && value.text === ''
}

const davMethods = 'COPY DELETE LOCK MKCOL MOVE PROPFIND PROPPATCH PUT UNLOCK'.split(' ')

function webdav(_: Place, { name, value, origin }: Held): readonly Binding[] {
  if (flagOf(value) !== true) return []
  const when: Condition = {
    kind: 'any',
    of: davMethods.map((method) => ({
      kind: 'test',
      subject: { of: 'method' },
      test: { kind: 'equals', value: method }
    }))
  }
  return [taking(name, { match: { kind: 'any' }, when, at: ['file'], origin })]
}

/** Whose home it is only the machine's list of users says. */
function userDirectories(block: Place): readonly Binding[] {
  const path = block.find('userdir.path')
  const active = block.find('userdir.active')?.value
  if (path === undefined || (active !== undefined && flagOf(active) === false)) return []
  const match: Match = { kind: 'regex', regex: { source: '^/~[^/]', ignoreCase: false } }
  return [taking(path.name, { match, at: ['url'], origin: path.origin })]
}

const counterNames = { requests: 'fastcgi.requests', active: 'gw.active-requests', backends: 'gw.backend' }

/** Pages of the server itself; only the counters are told here. */
function statusPages(block: Place): readonly Binding[] {
  return ['status.status-url', 'status.config-url', 'status.statistics-url'].flatMap((name) => {
    const held = block.find(name)
    if (held?.value.kind !== 'string' || held.value.text === '') return []
    const match: Match = { kind: 'exact', value: held.value.text }
    const page = taking(name, { match, at: ['url'], origin: held.origin })
    return name === 'status.statistics-url'
      ? { ...page, target: { kind: 'counters', names: counterNames } }
      : page
  })
}

/** Unless said otherwise (mod_extforward_set_defaults). */
const usualHeaders = ['X-Forwarded-For', 'Forwarded-For']

/**
 * A trusted proxy says in a header who the client is, and of which scheme: conditions and params would be other ones. A
 * request without such a header, and one of somebody else, is answered as if there were no such thing.
 */
function forwardedAddresses(block: Place): readonly Binding[] {
  const forwarder = block.find('extforward.forwarder')
  const trusted = entriesOf(forwarder?.value).flatMap(({ key = '', value }) =>
    value.kind === 'string' && value.text.toLowerCase() === 'trust' ? [trustedPeer(key)] : []
  )
  const names = entriesOf(block.find('extforward.headers')?.value).flatMap(({ value }) =>
    value.kind === 'string' ? [value.text] : []
  )
  const headers = block.find('extforward.headers') === undefined ? usualHeaders : names
  const told = headers.map((name): Condition => ({
    kind: 'not',
    of: {
      kind: 'test',
      subject: { of: 'header', name: name.toLowerCase() },
      test: { kind: 'equals', value: '' }
    }
  }))
  if (forwarder === undefined || trusted.length === 0 || told.length === 0) return []
  const when = allOf([anyOf(trusted), isOn(block, 'extforward.hap-proxy') ? always : anyOf(told)])
  return [taking(forwarder.name, { match: { kind: 'any' }, when, at: ['url'], origin: forwarder.origin })]
}

function trustedPeer(key: string): Condition {
  if (key === 'all') return always
  return { kind: 'test', subject: { of: 'remote-address' }, test: { kind: 'address', network: key } }
}

function isOn(block: Place, name: string): boolean {
  const held = block.find(name)
  return held !== undefined && flagOf(held.value) === true
}

function entriesOf(value: Value | undefined): readonly Entry[] {
  return value?.kind === 'list' ? value.entries : []
}

/** The bindings of a block, in the group of their handler. */
export function readElsewhere(handler: Elsewhere, block: Place, last: Held): readonly Binding[] {
  const group = groupOf(handler)
  return handler.read(block, last).map((binding) => ({ ...binding, group }))
}
