import type { Span } from '../../../diagnostics/index.js'
import { always, type FolderRules, type Listener, type Sendfile } from '../../../model/index.js'
import type { ReadIo } from '../../dialect.js'
import { accessPlace } from './access.js'
import type { Login } from './logins.js'
import type { Check, Provider } from './authnz.js'
import { accepts, overrides } from './check.js'
import type { Compat } from './compat.js'
import { Definitions } from './fastcgi.js'
import { closePlace, limits, type Gate } from './gates.js'
import type { Guard } from './guards.js'
import type { Line } from './line.js'
import type { Modules } from './modules.js'
import { absolute } from './paths.js'
import { serverParts, type Place, type Server, type VirtualHost } from './place.js'
import type { BackendType } from './proxy.js'
import type { Surroundings } from './params.js'
import { ProxyServer } from './proxying.js'
import type { RecordState, Report } from './report.js'
import type { Group } from './requirements.js'
import type { Rewriting } from './rewrite.js'
import type { Maps } from './rewrite-texts.js'
import { sectionPlace } from './sections.js'
import type { SendfileLines } from './sendfile.js'
import { stateOf } from './state.js'
import { leaveUndecided, unhandled } from './undecided.js'

/**
 * What a directive's reader says of it; nothing: read as its row says. `undecided`: not read yet, and nothing else sees to it
 * that requests it may have a say in are not answered wrongly.
 */
export type Said = RecordState | 'undecided' | undefined
export type Handler = (line: Line, place: Place, reader: Reader) => Said
export type Handlers = ReadonlyMap<string, Handler>

export const notReadYet: RecordState = { kind: 'not-read-yet' }
const unknown: RecordState = { kind: 'unknown' }

/** A label that some line gives, with the line. */
export interface UsedLabel {
  readonly label: string
  readonly span: Span
  /** Whose requests may have it; absent: those of any. */
  readonly server?: Server
}

/** What a `.htaccess` file is read in. */
export interface Around {
  readonly main: Server
  readonly definitions: Definitions
  readonly allowed: FolderRules
}

/** The second pass: every line in its place. What holds for the whole server is collected here. */
export class Reader {
  readonly main: Server
  readonly hosts: VirtualHost[] = []
  readonly listeners: Listener[] = []
  readonly labels: UsedLabel[] = []
  /** Variables that SetEnvIf lines have set so far, as they were first written, by name in small letters. */
  readonly conditional = new Map<string, string>()
  private readonly hostPlaces = new Map<Server, number>()
  private readonly firstUses = new Map<string, UsedLabel>()
  private readonly labelsBy = new Map<Server | undefined, UsedLabel[]>()
  readonly definitions: Definitions
  private readonly proxies = new Map<Server, ProxyServer>()
  readonly guards: Guard[] = []
  /** Order, Allow and Deny lines by where they stand. */
  readonly compat = new Map<Place, Compat>()
  readonly backendTypes: { readonly type: BackendType; readonly place: Place }[] = []
  /** The first FastCgiConfig. */
  configSpan: Span | undefined
  fcgidDirectory = '/var/run/apache2/fcgidsock'
  /** Servers whose requests have a user of their own. */
  readonly suexec = new Set<Server>()
  /** What Require lines ask, by where they stand. */
  readonly requirements = new Map<Place, Group>()
  readonly logins = new Map<Place, Login>()
  /** Applications of mod_authnz_fcgi, by name in small letters. */
  readonly providers = new Map<string, Provider>()
  /** Names that AuthzProviderAlias gives, in small letters. */
  private readonly aliases = new Set<string>()
  /** Places whose requests one of them is asked about, without a login. */
  readonly checks = new Map<Place, Check>()
  /** Some place asks for a login. */
  asksLogin = false
  /** A guard is a program that no definition covers. */
  asksDynamic = false
  /** Maps of mod_rewrite, by server and name. */
  readonly rewriteMaps = new Map<Server, Maps>()
  /** What mod_rewrite is told, by place. */
  readonly rewriting = new Map<Place, Rewriting>()
  /** What mod_xsendfile is told, by place, and the folders that it may send from, by server. */
  readonly sendfile = new Map<Place, SendfileLines>()
  readonly sendfileRoots = new Map<Server, Sendfile['roots']>()
  readonly gates: Gate[] = []
  /** Places that nobody may be let into, with the line that is not understood. */
  readonly closed = new Map<Place, Span>()
  /** Some line sets `proxy-fcgi-pathinfo`. */
  setsPathInfoVariable = false
  tokens = 'full'
  /** The first line that lets `.htaccess` files say something. */
  allowsFolderFiles: Span | undefined
  /** What a `.htaccess` file may say, where it is one that is read. */
  readonly allowed: FolderRules | undefined

  constructor(
    readonly io: ReadIo,
    readonly report: Report,
    readonly modules: Modules,
    readonly serverRoot: string,
    private readonly handlers: Handlers,
    around?: Around
  ) {
    this.definitions = around?.definitions ?? new Definitions(io, report, serverRoot)
    this.main = around?.main ?? mainServer()
    this.allowed = around?.allowed
  }

  /** mod_proxy as a server has it; made once every line is read. */
  proxyOf(server: Server, around: (server: Server) => Surroundings): ProxyServer {
    const known = this.proxies.get(server)
    if (known !== undefined) return known
    const made = new ProxyServer(server, this, around(server))
    this.proxies.set(server, made)
    return made
  }

  /** Below ServerRoot where it is relative. */
  path(path: string): string {
    return absolute(this.serverRoot, path)
  }

  lines(lines: readonly Line[], place: Place): void {
    for (const line of lines) this.line(line, place)
  }

  private line(line: Line, place: Place): void {
    if (namesPathInfoVariable(line.text)) this.setsPathInfoVariable = true
    if (this.allowed !== undefined && overrides(line, this.allowed, this.report) !== 'taken') {
      const why = '`AllowOverride` does not allow it'
      this.record(line, { kind: 'ignored', why })
      this.passOver(line.body, why)
      return
    }
    const isNamed = (name: string): boolean => this.providers.has(name) || this.aliases.has(name)
    if (!accepts(line, place, this.modules, this.report, isNamed)) {
      this.record(line, line.entry === undefined ? unknown : stateOf(line.entry.row.state))
      if (line.kind === 'section') this.passOver(line.body, 'its section cannot stand here')
      return
    }
    if (line.kind === 'section') {
      this.section(line, place)
      return
    }
    const handler = this.handlers.get(line.name)
    const said = handler === undefined ? unhandled(line) : handler(line, place, this)
    if (said === 'undecided') leaveUndecided(line, place)
    const row = line.entry?.row.state
    const state = said ?? (row === undefined ? unknown : stateOf(row))
    this.record(line, state === 'undecided' ? notReadYet : state)
  }

  private section(line: Line, place: Place): void {
    if (line.name === 'VirtualHost') {
      this.record(line, { kind: 'read', as: 'host' })
      this.lines(line.body, this.host(line))
      return
    }
    if (line.name === 'AuthzProviderAlias') this.aliases.add((line.words[1]?.value ?? '').toLowerCase())
    const group = accessPlace(line, place, this)
    if (group !== undefined) {
      this.record(line, { kind: 'read', as: 'access' })
      this.lines(line.body, group)
      return
    }
    const inner = sectionPlace(line, place, this)
    if (inner === undefined) {
      this.record(line, notReadYet)
      if (limits(line) || anyLimits(line.body)) closePlace(line, place, this)
      this.notRead(line.body)
      return
    }
    this.record(line, { kind: 'read', as: 'scope' })
    this.lines(line.body, inner)
  }

  /** Rules may name maps that stand behind them. */
  declareMaps(lines: readonly Line[], server: Server): void {
    const maps = lines.filter(({ name }) => name === 'RewriteMap')
    if (maps.length === 0) return
    this.rewriteMaps.set(server, new Map(maps.map(({ words }) => [words[0]?.value ?? '', undefined])))
  }

  private host(line: Line): VirtualHost {
    const host = virtualHost(line)
    this.declareMaps(line.body, host)
    this.hosts.push(host)
    return host
  }

  /** A section whose condition cannot be asked yet: what is in it is known, and has no effect here. */
  private notRead(lines: readonly Line[]): void {
    for (const line of lines) {
      const state = line.entry === undefined ? undefined : line.entry.row.state
      this.record(
        line,
        state === undefined ? unknown : state.kind === 'outside' ? stateOf(state) : notReadYet
      )
      this.notRead(line.body)
    }
  }

  private passOver(lines: readonly Line[], why: string): void {
    for (const line of lines) {
      this.record(line, { kind: 'ignored', why })
      this.passOver(line.body, why)
    }
  }

  private record(line: Line, state: RecordState): void {
    const { name, span, comments } = line
    this.report.record({ name, span, comments, state })
  }

  /** A handler name that the line gives to requests of a server, or of any. */
  useLabel(label: string, span: Span, server?: Server): void {
    const used = { label, span, ...(server !== undefined && { server }) }
    this.labels.push(used)
    if (!this.firstUses.has(label)) this.firstUses.set(label, used)
    const known = this.labelsBy.get(server)
    if (known === undefined) this.labelsBy.set(server, [used])
    else known.push(used)
  }

  /** How many hosts come before it; -1 for one that is none of them. */
  placeOfHost(server: Server): number {
    for (const host of this.hosts.slice(this.hostPlaces.size)) this.hostPlaces.set(host, this.hostPlaces.size)
    return this.hostPlaces.get(server) ?? -1
  }

  /** The first line that gives this handler name. */
  firstUse(label: string): UsedLabel | undefined {
    return this.firstUses.get(label)
  }

  /** Handler names that requests of these servers may have: thousands of hosts may have thousands of their own. */
  labelsOf(servers: readonly Server[]): readonly UsedLabel[] {
    return [undefined, ...servers].flatMap((server) => this.labelsBy.get(server) ?? [])
  }
}

/** Any line may: the environment is set in many ways. */
function namesPathInfoVariable(text: string): boolean {
  return text.length >= 'proxy-fcgi-pathinfo'.length && /proxy-fcgi-pathinfo/i.test(text)
}

function anyLimits(lines: readonly Line[]): boolean {
  return lines.some((line) => limits(line) || anyLimits(line.body))
}

/** A server is the place that its own directives stand in. */
function mainServer(): Server {
  const server: Server = {
    context: 'main',
    settings: [],
    sections: [],
    condition: always,
    ...serverParts(),
    get server() {
      return server
    }
  }
  return server
}

function virtualHost(line: Line): VirtualHost {
  const host: VirtualHost = {
    context: 'vhost',
    settings: [],
    sections: [],
    condition: always,
    ...serverParts(),
    name: `<VirtualHost ${line.text}>`,
    head: line.span,
    addresses: line.words.map(({ value, span }) => ({ text: value, span })),
    get server() {
      return host
    }
  }
  return host
}
