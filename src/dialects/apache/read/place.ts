import type { Span } from '../../../diagnostics/index.js'
import type { BalancerLine } from './balancers.js'
import type { Backend } from './proxy.js'
import type { Group } from './requirements.js'
import type {
  Alias,
  Condition,
  ErrorPage,
  HostName,
  Match,
  Redirect,
  Setting,
  SettingKey,
  SettingOf,
  SettingValues,
  TargetRules
} from '../../../model/index.js'

/** Settings and what stands in a section, while they are collected. */
export interface Place {
  /** As the vocabulary's `where` says it. */
  readonly context: 'main' | 'vhost' | 'directory' | 'location' | 'files' | 'if' | 'proxy' | 'htaccess'
  readonly server: Server
  readonly settings: Setting[]
  readonly sections: Section[]
  /** All that must hold for a request to come here, virtual hosts apart. */
  readonly condition: Condition
  /** Of a section: the order they are folded in. */
  readonly rank?: number
  /** The worker that a `<Proxy>` defines. */
  readonly worker?: WorkerLine
  readonly balancer?: BalancerLine
  /** In `<RequireAll>`, `<Limit>` and their kin: the section or server they stand in, and their own lines. */
  readonly section?: Place
  readonly group?: Group
  /** The path of a `<Location>` or `<Directory>` without wildcards. */
  readonly path?: string
  /** What stands in a section's head: a path, a pattern. */
  readonly about?: string
}

export interface Section extends Place {
  readonly name: string
  readonly head: Span
  /** What the section itself asks. */
  readonly when: Condition
  readonly rank: number
  /** `first`: an If with the ElseIf and Else behind it. */
  readonly choose: 'all' | 'first'
}

/** The main server, or a virtual host: lists here are joined with those of the main server at the end. */
export interface Server extends Place {
  readonly aliases: Alias[]
  readonly redirects: Redirect[]
  /** Names it answers for; the main server's do not matter. */
  readonly names: HostName[]
  readonly errorPages: ErrorPage[]
  /** ProxyPass lines, in order. */
  readonly passes: Pass[]
  /** ProxyPass in sections: the last one that fits wins, so they are asked in turned order, before the others. */
  readonly sectionPasses: Pass[]
  /** ProxyPassInherit and BalancerInherit; a host that says nothing does as the main server says. */
  readonly inherits: { passes?: boolean; balancers?: boolean }
  /** Programs of mod_fcgid for the files of a section. */
  readonly wrappers: Wrapper[]
  serverName: { readonly name: string; readonly port: string | undefined; readonly span: Span } | undefined
  /** How targets are read, as far as the server says it itself. */
  target: ServerTarget
  canonicalName: boolean | undefined
  physicalPort: boolean | undefined
  proxyTimeout: number | undefined
  timeout: number | undefined
  readonly fcgid: FcgidSettings
  /** What stands in the head of a virtual host. */
  readonly addresses: readonly { readonly text: string; readonly span: Span }[]
  /** `<Proxy>` sections that define a worker. */
  readonly workers: WorkerLine[]
  readonly balancers: BalancerLine[]
}

export interface ServerTarget {
  readonly encodedSlash?: TargetRules['encodedSlash']
  readonly mergeSlashes?: boolean
  readonly span?: Span
}

/** A worker with its parameters, which ProxySet lines add to. */
export interface WorkerLine {
  readonly backend: Backend
  readonly parameters: Map<string, string>
  readonly span: Span
  readonly sets: Span[]
}

/** One ProxyPass line. */
export interface Pass {
  readonly match: Match
  readonly condition: Condition
  /** Absent for `!`: these URLs are left to others. `unread`: a URL that leads to no FastCGI application. */
  readonly backend: Backend | { readonly unread: string } | undefined
  /** `nocanon`: the URL goes on as it came. */
  readonly raw: boolean
  readonly parameters: ReadonlyMap<string, string>
  readonly span: Span
}

export interface Wrapper {
  readonly command: readonly string[]
  /** With its dot; absent: for every file. */
  readonly extension: string | undefined
  readonly virtual: boolean
  readonly condition: Condition
  /** In the order sections are folded. */
  readonly rank: number
  readonly span: Span
}

/** What mod_fcgid's directives say at server level; undefined: as the main server. */
export interface FcgidSettings {
  readonly environment: { readonly name: string; readonly value: string; readonly origin: Span }[]
  readonly passed: { readonly header: string; readonly origin: Span }[]
  readonly numbers: Map<string, number>
  /** What holds for a program, by its path, in place of all that. */
  readonly commands: Map<string, CommandOptions>
}

/** FcgidCmdOptions */
export interface CommandOptions {
  readonly environment: FcgidSettings['environment']
  readonly numbers: ReadonlyMap<string, number>
  readonly span: Span
}

export interface VirtualHost extends Server {
  readonly name: string
  readonly head: Span
}

/** The parts of a server that only servers have. */
export function serverParts(): Omit<Server, keyof Place> {
  return {
    aliases: [],
    redirects: [],
    names: [],
    errorPages: [],
    passes: [],
    sectionPasses: [],
    wrappers: [],
    serverName: undefined,
    target: {},
    canonicalName: undefined,
    physicalPort: undefined,
    proxyTimeout: undefined,
    timeout: undefined,
    addresses: [],
    workers: [],
    balancers: [],
    inherits: {},
    fcgid: { environment: [], passed: [], numbers: new Map(), commands: new Map() }
  }
}

/** A setting as it is written at a place; several of one key are folded in their order. */
export function setting<K extends SettingKey>(key: K, value: SettingValues[K], origin?: Span): SettingOf<K> {
  return { key, value, reach: 'inherited', ...(origin === undefined ? {} : { origin }) }
}
