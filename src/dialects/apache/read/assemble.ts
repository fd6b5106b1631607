import {
  always,
  literal,
  type Binding,
  type Pool,
  type Scope,
  type Setting,
  type SourceFile,
  type Site,
  type Template
} from '../../../model/index.js'
import { pipeline, requestRules, unaskedSettings, type Module, type TargetChoices } from './behaviour.js'
import { answering, fastcgiPools } from './bindings.js'
import { hostGroups, hostMatch, impliedListeners, parseAddress } from './hosts.js'
import { serverPort, type Surroundings } from './params.js'
import { setting, type Section, type Server } from './place.js'
import type { Reader } from './reader.js'
import { currentVersion } from './preprocess.js'

export interface Sources {
  readonly files: readonly SourceFile[]
  readonly texts: ReadonlyMap<string, string>
  readonly version: string | undefined
}

/** Puts what the second pass collected together. */
export function assemble(
  reader: Reader,
  module: Module,
  around: (server: Server) => Surroundings,
  sources: Sources
): Site {
  const { main, hosts } = reader
  const listeners = reader.listeners.length > 0 ? reader.listeners : impliedListeners(hosts)
  const groups = hostGroups(hosts, listeners)
  const pools = new Map<string, Pool>(fastcgiPools(reader).map((pool) => [pool.id, pool]))
  const bindingsOf = (server: Server): Setting => {
    const { bindings, pools: more } = answering(
      server,
      reader,
      around(server),
      reader.proxyOf(server, around)
    )
    for (const pool of more) if (!pools.has(pool.id)) pools.set(pool.id, pool)
    return bindingSetting(bindings)
  }
  const areDifferent = differ(main, hosts)
  const unasked = forgotten([main, ...hosts])
  const software = softwareOf(reader.tokens, sources.version ?? currentVersion)
  const root: Scope = {
    name: 'main server',
    when: always,
    choose: { kind: 'all' },
    rank: 0,
    settings: [
      ...unaskedSettings(module, reader.path('htdocs'), software),
      ...bodyLimit(main, module),
      serverNameSetting(main, main),
      setting('serverPort', serverPort(around(main))),
      ...(areDifferent ? [targetSetting(main, main)] : []),
      ...slashesStay(main),
      ...main.settings,
      ...lists(main, main),
      bindingsOf(main)
    ],
    // Sections of the main server come before those of hosts.
    children: [
      ...ordered(main.sections, unasked),
      ...(hosts.length === 0
        ? []
        : [
            {
              name: 'virtual hosts',
              when: always,
              choose: { kind: 'host', precedence: 'in-order' } as const,
              rank: 0,
              settings: [],
              children: hosts.map((host): Scope => ({
                name: host.name,
                when: always,
                choose: { kind: 'all' },
                rank: 0,
                settings: [
                  serverNameSetting(host, main),
                  setting('serverPort', serverPort(around(host))),
                  ...(areDifferent ? [targetSetting(host, main)] : []),
                  ...bodyLimit(host, module),
                  ...unasked,
                  ...slashesStay(host),
                  ...host.settings,
                  ...lists(host, main),
                  bindingsOf(host)
                ],
                children: ordered(host.sections, unasked),
                host: hostMatch(host, groups),
                origin: host.head,
                head: host.head
              }))
            }
          ])
    ]
  }
  return {
    schema: 1,
    sources: sources.files,
    listeners,
    request: requestRules(module, siteTarget(main, areDifferent)),
    ownAnswers: {
      escapes: 'small',
      pageType: 'text/html; charset=iso-8859-1',
      rangesOnError: true,
      rangesOnNotModified: true,
      rangesWithAnyMethod: true,
      sizeOnRefusedRange: false
    },
    pipeline: pipeline(module),
    root,
    pools: [...pools.values()],
    directives: reader.report.directives(sources.files.map(({ file }) => file))
  }
}

/** What params of one server's requests depend on. */
export function aroundOf(server: Server, reader: Reader, around: Surroundings): Surroundings {
  const { main } = reader
  const port = namedPort(server) ?? namedPort(main)
  const canonicalName = server.canonicalName ?? main.canonicalName ?? false
  const physicalPort = server.physicalPort ?? main.physicalPort ?? false
  return {
    ...around,
    canonicalName,
    physicalPort,
    logins: reader.asksLogin,
    ...(port === undefined ? {} : { namedPort: port })
  }
}

/** A host without ServerName has the port of its first address (core: `ap_parse_vhost_addrs`). */
function namedPort(server: Server): string | undefined {
  if (server.serverName !== undefined) return server.serverName.port
  const first = server.addresses[0]
  const port = first === undefined ? undefined : parseAddress(first.text).port
  return port === undefined ? undefined : String(port)
}

/** The sections of a place, in the order they are folded: by rank, then as written. `unasked`: what each of them says besides. */
export function ordered(sections: readonly Section[], unasked: readonly Setting[] = []): readonly Scope[] {
  return [...sections].sort((a, b) => a.rank - b.rank).map((section) => scopeOf(section, unasked))
}

function scopeOf(section: Section, unasked: readonly Setting[]): Scope {
  const { name, when, rank, head, choose } = section
  // Branches of an If stay in their order.
  const children =
    choose === 'first'
      ? section.sections.map((branch) => scopeOf(branch, unasked))
      : ordered(section.sections, unasked)
  // What only sets variables is no section of the configuration.
  const settings = rank < 0 ? section.settings : [...unasked, ...section.settings]
  return { name, when, choose: { kind: choose }, rank, settings, children, origin: head, head }
}

/** AllowEncodedSlashes NoDecode is forgotten wherever a section is merged (core: `merge_core_dir_configs`). */
function forgotten(servers: readonly Server[]): readonly Setting[] {
  const isSaid = servers.some(({ target }) => target.encodedSlash === 'kept')
  return isSaid ? [setting('escapedSlashesStay', false)] : []
}

function slashesStay({ target }: Server): readonly Setting[] {
  return target.encodedSlash === 'kept' ? [setting('escapedSlashesStay', true, target.span)] : []
}

function bindingSetting(bindings: readonly Binding[]): Setting {
  const parts = bindings.map(({ origin }) => origin)
  return { ...setting('bindings', bindings), parts }
}

/** Lists that a virtual host has in front of the main server's. */
function lists(server: Server, main: Server): readonly Setting[] {
  const both = <T>(own: readonly T[], outer: readonly T[]): readonly T[] =>
    server === main ? own : [...own, ...outer]
  const aliases = both(server.aliases, main.aliases)
  const redirects = both(server.redirects, main.redirects)
  const errorPages = both(server.errorPages, main.errorPages)
  return [
    ...(aliases.length > 0 ? [setting('aliases', aliases)] : []),
    ...(redirects.length > 0 ? [setting('redirects', redirects)] : []),
    ...(errorPages.length > 0 ? [setting('errorPages', errorPages)] : [])
  ]
}

/** SERVER_NAME: the name asked for, unless UseCanonicalName wants the configured one. */
function serverNameSetting(server: Server, main: Server): Setting {
  const configured = server.serverName ?? main.serverName
  const name = literal(configured?.name ?? 'localhost')
  const asked: Template = [{ kind: 'first-of', of: [[{ kind: 'variable', name: 'request.host' }], name] }]
  return setting(
    'serverName',
    (server.canonicalName ?? main.canonicalName) === true ? name : asked,
    configured?.span
  )
}

const standardTarget = { encodedSlash: 'not-found', mergeSlashes: true } as const

/** Where hosts differ, the target is read once the host is known: until then nothing in it is lost. */
function siteTarget(main: Server, areDifferent: boolean): TargetChoices {
  const { span: _, ...said } = main.target
  return areDifferent ? { encodedSlash: 'kept', mergeSlashes: false } : { ...standardTarget, ...said }
}

/** Hosts do not inherit what the main server says of escaped slashes. */
function differ(main: Server, hosts: readonly Server[]): boolean {
  const isOwn = hosts.length > 0 && main.target.encodedSlash !== undefined
  return isOwn || hosts.some(({ target }) => target.span !== undefined)
}

function targetSetting(server: Server, main: Server): Setting {
  const { mergeSlashes = standardTarget.mergeSlashes } = main.target
  const { span, ...own } = server.target
  return setting('targetRules', { ...standardTarget, mergeSlashes, ...own }, span)
}

/** mod_fcgid's limit is 128 KiB where nothing is said; the others have none. */
function bodyLimit(server: Server, module: Module): readonly Setting[] {
  if (module !== 'mod_fcgid') return []
  const limit = server.fcgid.numbers.get('FcgidMaxRequestLen')
  if (limit === undefined && server.context === 'vhost') return []
  return [setting('maxBodySize', limit ?? 131072)]
}

function softwareOf(tokens: string, version: string): string {
  const [major = '', minor = ''] = version.split('.')
  switch (tokens) {
    case 'prod':
    case 'productonly':
      return 'Apache'
    case 'major':
      return `Apache/${major}`
    case 'minor':
      return `Apache/${major}.${minor}`
    case 'min':
    case 'minimal':
      return `Apache/${version}`
    default:
      return `Apache/${version} (Unix)`
  }
}
