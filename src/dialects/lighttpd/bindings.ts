import type { Span } from '../../diagnostics/index.js'
import { always, literal } from '../../model/index.js'
import type { Balance, Binding, Match, Member, Pool, Role, Script } from '../../model/index.js'
import { HostOptions, readHost } from './hosts.js'
import type { Host, HostContext } from './hosts.js'
import { fits } from './options.js'
import type { Entry, Value } from './values.js'
import { lighttpdVocabulary } from './vocabulary.js'

/** The values of the three directives as they are in force in one block. */
export interface FastcgiValues {
  readonly server: Value
  readonly mapExtensions?: Value
  readonly balance?: Value
}

/** One key of `fastcgi.server` with its hosts of one role. */
interface Extension {
  readonly key: string
  readonly role: Role
  readonly hosts: readonly Host[]
  readonly origin: Span
}

/**
 * Turns `fastcgi.server` into bindings and pools. The same text read for several blocks (a copy made by `+=`, or a
 * block that sets only the balance) gives the same pools.
 */
export class FastcgiReader {
  readonly pools: Pool[] = []
  private readonly known = new Map<string, Pool>()
  /** The first pool of each extension and role. */
  private readonly firstOf = new Map<string, Pool>()
  private readonly extensionsBySpan = new Map<string, readonly Extension[]>()
  private readonly programs = new Map<
    string,
    { readonly command: string; readonly origin: Span; readonly group: number }
  >()
  private group = 0

  constructor(private readonly context: HostContext) {}

  read(values: FastcgiValues): readonly Binding[] {
    const { server } = values
    const shape = lighttpdVocabulary.get('fastcgi.server')?.shape
    if ((shape !== undefined && !this.checkServer(server, shape)) || server.kind !== 'list') return []
    this.group++
    const extensions = server.entries.flatMap((entry) => this.extensions(entry))
    const balance = this.balance(values.balance)
    const map = this.mapExtensions(values.mapExtensions)
    // Authorizers are asked first; map-extensions is looked at before the keys, in each of the two lists.
    return (['authorizer', 'responder'] as const).flatMap((role) => {
      const own = extensions.filter((extension) => extension.role === role)
      const mapped = map.flatMap(({ suffix, target, origin }) =>
        own
          .filter((extension) => extension.key === target)
          .map((extension) => this.binding(extension, balance, { kind: 'suffix', value: suffix }, origin))
      )
      return [
        ...mapped,
        ...own.map((extension) => this.binding(extension, balance, matchOf(extension.key), extension.origin))
      ]
    })
  }

  private checked = new Set<Value>()

  private checkServer(server: Value, shape: NonNullable<Parameters<typeof fits>[2]>): boolean {
    if (this.checked.has(server)) return true
    if (!fits('fastcgi.server', server, shape, this.context.problems)) return false
    this.checked.add(server)
    return true
  }

  private extensions(entry: Entry): readonly Extension[] {
    const id = spanKey(entry.span)
    const known = this.extensionsBySpan.get(id)
    if (known !== undefined) return known
    const hosts = this.hosts(entry)
    const read = (['authorizer', 'responder'] as const).flatMap((role): Extension[] => {
      const own = hosts.filter((host) => host.role === role)
      return own.length === 0 ? [] : [{ key: entry.key ?? '', role, hosts: own, origin: entry.span }]
    })
    this.extensionsBySpan.set(id, read)
    return read
  }

  private hosts(entry: Entry): readonly Host[] {
    if (entry.value.kind !== 'list') return []
    const hosts: Host[] = []
    for (const host of entry.value.entries) {
      const { value } = host
      if (value.kind !== 'list' || value.entries.some((option) => option.key === undefined)) {
        this.oneParenthesisTooFew(entry, host)
        break
      }
      const options = new HostOptions(host.span, value.entries, this.context.problems)
      const read = readHost(entry.key ?? '', host.key, options, this.context)
      if (read === undefined) continue
      this.checkSharedSocket(read)
      hosts.push(read)
    }
    return hosts
  }

  private oneParenthesisTooFew(entry: Entry, host: Entry): void {
    const named = host.key === undefined ? '' : ` near \`${host.key}\``
    this.context.problems.refuse(
      'host-structure',
      host.span,
      `Unexpected value${named} in the hosts of \`${entry.key ?? ''}\`, expected a list of options`,
      { hint: 'each host has parentheses of its own: `"extension" => (( "option" => value, … ))`' }
    )
  }

  /** Across settings, one socket cannot belong to two programs; inside one setting nothing is checked. */
  private checkSharedSocket({ member, command }: Host): void {
    if (command === undefined || member.address.kind !== 'unix') return
    const { path } = member.address
    const first = this.programs.get(path)
    if (first === undefined) {
      this.programs.set(path, { command, origin: member.origin, group: this.group })
    } else if (first.command !== command && first.group !== this.group) {
      this.context.problems.refuse(
        'socket-shared',
        member.origin,
        `Unexpected socket \`${path}\`: another program has it already`,
        {
          hint: 'give each program a socket of its own',
          related: [{ span: first.origin, message: 'the other program is here' }]
        }
      )
    }
  }

  // Pools

  private binding(extension: Extension, balance: Balance, match: Match, origin: Span): Binding {
    const [first] = extension.hosts
    if (first === undefined) throw new TypeError('an extension without hosts is bound to nothing')
    const pool = this.pool(extension, balance)
    const mappedPrefix = match.kind === 'suffix' && extension.key.startsWith('/')
    return {
      match,
      when: always,
      at: ['url', 'file'],
      origin,
      target: {
        kind: 'fastcgi',
        role: extension.role,
        pool: { kind: 'pool', id: pool.id },
        script: mappedPrefix ? behindLength(first.script, extension.key.length) : first.script,
        mustExist: first.mustExist,
        ...(first.sendfile && { sendfile: first.sendfile }),
        ...(extension.role === 'authorizer' &&
          first.docroot !== undefined && { rootWhenAllowed: literal(first.docroot) })
      }
    }
  }

  private pool({ key, role, hosts, origin }: Extension, balance: Balance): Pool {
    const shared = `${spanKey(origin)} ${role}`
    const id = `${shared} ${balance.kind}`
    const known = this.known.get(id)
    if (known !== undefined) return known
    // Whichever way a host is chosen, it is the same one: busy or out for all.
    const other = this.firstOf.get(shared)
    const [first] = hosts
    if (first === undefined) throw new TypeError('a pool has at least one host')
    const label = hosts.length === 1 ? first.member.label : undefined
    const pool: Pool = {
      id: this.freeId(key === '' ? 'everything' : key),
      ...(label !== undefined && { name: label }),
      ...(other !== undefined && { sharedWith: other.id }),
      members: other?.members ?? hosts.map((host) => withOverrides(host, first, role)),
      balance,
      connection: { ...first.timeouts, keep: false, idle: 0 },
      // A host that cannot be reached is out, and another one is asked, up to five times; once where it took too long.
      retry: { on: ['connect'], tries: 6, within: 0, slowConnections: 1, nonIdempotent: true },
      origin
    }
    this.pools.push(pool)
    this.known.set(id, pool)
    if (other === undefined) this.firstOf.set(shared, pool)
    return pool
  }

  /** By identifier, the number to try next: thousands of blocks may have one key. */
  private readonly ids = new Map<string, number>()

  private freeId(wanted: string): string {
    let id = wanted
    let number = this.ids.get(wanted) ?? 2
    while (this.ids.has(id)) id = `${wanted}-${number++}`
    this.ids.set(wanted, number)
    if (id !== wanted) this.ids.set(id, 2)
    return id
  }

  // The other two directives

  private balance(value: Value | undefined): Balance {
    const leastConnections = { kind: 'least-connections', ties: 'first' } as const
    if (value === undefined) return leastConnections
    const name = value.kind === 'string' ? value.text : ''
    switch (name) {
      case '':
      case 'fair':
      case 'least-connection':
        return leastConnections
      case 'round-robin':
        return { kind: 'round-robin', variant: 'per-pass' }
      case 'hash':
        return { kind: 'hash', variant: 'djb-authority-path' }
      case 'sticky':
        return { kind: 'address-hash', variant: 'djb-address' }
      default:
        return leastConnections
    }
  }

  private mapExtensions(
    value: Value | undefined
  ): readonly { readonly suffix: string; readonly target: string; readonly origin: Span }[] {
    if (value?.kind !== 'list') return []
    return value.entries.flatMap((entry) =>
      entry.key === undefined || entry.value.kind !== 'string'
        ? []
        : [{ suffix: entry.key, target: entry.value.text, origin: entry.span }]
    )
  }
}

/** A key that begins with a slash is the beginning of the URL, every other the end of a name. */
export function matchOf(extension: string): Match {
  return extension.startsWith('/')
    ? { kind: 'prefix', value: extension, segments: false }
    : { kind: 'suffix', value: extension }
}

/** A prefix key reached by a suffix of map-extensions: the path is split at the first slash behind the key's length all the same. */
function behindLength(script: Script, length: number): Script {
  if (script.split.kind !== 'after-prefix') return script
  const source = `^([\\s\\S]{${length}}[^/]*)(/[\\s\\S]*)$`
  return { ...script, split: { kind: 'regex', regex: { source, ignoreCase: false } } }
}

function withOverrides(host: Host, first: Host, role: Role): Member {
  const differs = <T>(left: T, right: T): boolean => JSON.stringify(left) !== JSON.stringify(right)
  const overrides: NonNullable<Member['overrides']> = {
    ...(differs(host.script, first.script) && { script: host.script }),
    ...(host.mustExist !== first.mustExist && { mustExist: host.mustExist }),
    ...(differs(rootsOf(host), rootsOf(first)) && { sendfile: host.sendfile ?? 'none' }),
    ...(differs(host.timeouts, first.timeouts) && { connection: host.timeouts }),
    ...(role === 'authorizer' &&
      host.docroot !== first.docroot && {
        rootWhenAllowed: host.docroot === undefined ? 'none' : literal(host.docroot)
      })
  }
  return Object.keys(overrides).length === 0 ? host.member : { ...host.member, overrides }
}

function rootsOf({ sendfile }: Host): readonly string[] | undefined {
  return sendfile?.roots.map(({ path }) => path)
}

function spanKey({ file, start, end }: Span): string {
  return `${file}:${start}:${end}`
}
