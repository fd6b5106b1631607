import type { Span } from '../../../diagnostics/index.js'
import { retryWords } from '../retry-words.js'
import {
  parseTime,
  type Address,
  type ComputedPool,
  type ConnectionRules,
  type KeptLimits,
  type Member,
  type Pool,
  type RetryReason,
  type Template
} from '../../../model/index.js'
import { parseAddress } from './address.js'
import type { Level } from './level.js'
import { refuseValue } from './check.js'
import { isNetwork } from './access.js'
import { headText, nameOf, type Item, type Session } from './session.js'
import { smoothRoundRobin, type Upstream } from './upstreams.js'
import { parseFlag, parseNumber } from './values.js'
import { readTemplate } from './variables.js'

type PoolChoice =
  | { readonly kind: 'pool'; readonly id: string }
  | ComputedPool
  | { readonly kind: 'unsupported'; readonly what: string }

/** What is spoken to the servers; its directives begin with the name. */
export type Protocol = 'fastcgi' | 'proxy'

/** How the servers of a pool are talked to. */
type Rules = Pick<Pool, 'connection' | 'retry'>

/** What is talked to. */
type PoolItself = Omit<Pool, 'id' | keyof Rules>

/** The pools of each protocol. */
export type PoolsByProtocol = { readonly [P in Protocol]: Pools }

/**
 * The pools of the site that one protocol is spoken to. An upstream or address is one pool for all places that talk to it in the same way; where
 * timeouts or retries differ, each way is a pool of its own with the same name and members, which share whose turn it is
 * and who failed.
 */
export class Pools {
  private readonly byId = new Map<string, Pool>()
  /** The rules of places, by the level that says them. */
  private readonly ruled = new Map<Level, Rules>()

  constructor(
    private readonly session: Session,
    private readonly upstreams: ReadonlyMap<string, Upstream>,
    private readonly protocol: Protocol
  ) {}

  all(): readonly Pool[] {
    return [...this.byId.values()]
  }

  /** The pool that a `fastcgi_pass` names, with the rules in force at its level; undefined if it is refused. */
  choose(item: Item, level: Level): PoolChoice | undefined {
    const word = item.directive.args[0]
    if (word === undefined) return undefined
    if (!word.value.includes('$')) return this.named(item, word.value, level)
    const { template, complete } = readTemplate(this.session, item, word)
    if (!complete) this.session.notReadYet(item)
    return this.computed(template, level)
  }

  /** The pool of an upstream or address that is known. */
  named(item: Item, text: string, level: Level): PoolChoice | undefined {
    const unsupported = this.unsupportedBind(level)
    if (unsupported !== undefined) return unsupported
    const upstream = this.upstreams.get(text.toLowerCase())
    if (upstream?.undecided !== undefined) return { kind: 'unsupported', what: upstream.undecided }
    if (upstream !== undefined) return { kind: 'pool', id: this.ofUpstream(upstream, level) }
    return this.ofAddress(item, text, level)
  }

  /** A pool that each request names: any upstream may be meant. */
  computed(from: Template, level: Level): PoolChoice {
    const unsupportedBind = this.unsupportedBind(level)
    if (unsupportedBind !== undefined) return unsupportedBind
    const unsupported = [...this.upstreams.values()].find(({ undecided }) => undecided !== undefined)
    if (unsupported?.undecided !== undefined) return { kind: 'unsupported', what: unsupported.undecided }
    for (const upstream of this.upstreams.values()) this.ofUpstream(upstream, level)
    return { kind: 'computed', from, ...this.hostNames(level) }
  }

  private unsupportedBind(level: Level): Extract<PoolChoice, { kind: 'unsupported' }> | undefined {
    const bind = level.inForce(`${this.protocol}_bind`).at(-1)
    const isUnsupported = bind !== undefined && readBind(this.session, bind) === 'unsupported'
    return isUnsupported ? { kind: 'unsupported', what: `\`${headText(bind)}\`` } : undefined
  }

  /** Without a `resolver` nginx looks no name up at a request; that of a part may stand elsewhere. */
  private hostNames(level: Level): Pick<ComputedPool, 'hostNames'> {
    const resolves = this.session.fragment || level.inForce('resolver').length > 0
    return resolves ? {} : { hostNames: 'not-looked-up' }
  }

  private ofUpstream({ name, members, balance, idle, kept, origin }: Upstream, level: Level): string {
    return this.add(name, this.rules(level, idle, kept), () => ({ name, members, balance, origin }))
  }

  private rules(level: Level, idle: number, kept?: KeptLimits): Rules {
    const { session, protocol } = this
    const saying = level.saying(ruling[protocol])
    if (idle > 0 || kept !== undefined) return rules(session, saying, protocol, idle, kept)
    const known = this.ruled.get(saying) ?? rules(session, saying, protocol, idle)
    this.ruled.set(saying, known)
    return known
  }

  private ofAddress(item: Item, text: string, level: Level): PoolChoice | undefined {
    const { session } = this
    const span = session.head(item)
    const parsed = parseAddress(text, this.protocol === 'proxy' ? 80 : undefined)
    const isTcp = parsed.kind === 'address' && parsed.address.kind === 'tcp'
    const inUpstream = isTcp ? this.upstreams.get(text.replace(/:\d*$/, '').toLowerCase()) : undefined
    if (inUpstream !== undefined) {
      const message = `The upstream \`${inUpstream.name}\` may not have a port here`
      const related = [{ span: inUpstream.origin, message: 'its servers have their own ports' }]
      session.refuse(
        'nginx/invalid-address',
        span,
        message,
        `write \`${nameOf(item.directive)} …${inUpstream.name};\``,
        related
      )
      return undefined
    }
    switch (parsed.kind) {
      case 'address': {
        const { address } = parsed
        const made = (): PoolItself => ({
          members: [memberAt(address, session.span(item))],
          balance: smoothRoundRobin,
          origin: span
        })
        return { kind: 'pool', id: this.add(text, this.rules(level, 0), made) }
      }
      case 'no-port':
        return this.unknown(item, parsed.host, level)
      case 'wrong':
        session.refuse('nginx/invalid-address', span, parsed.message, parsed.hint)
        return undefined
    }
  }

  /** Neither an upstream nor an address; in a part of a configuration the upstream may stand elsewhere. */
  private unknown(item: Item, host: string, level: Level): PoolChoice | undefined {
    const { session } = this
    const span = session.head(item)
    if (!session.fragment || /^[\d.]+$|^\[/.test(host)) {
      const message = `\`${host}\` is no upstream, and without a port no address`
      session.refuse(
        'nginx/no-port',
        span,
        message,
        `write \`${host}:PORT\`, or define \`upstream ${host} { … }\``
      )
      return undefined
    }
    session.report({
      code: 'nginx/upstream-elsewhere',
      severity: 'info',
      message: `The upstream \`${host}\` is not defined in this part of a configuration`,
      span,
      hint: 'read the main file, or the file that defines it, as well'
    })
    const made = (): PoolItself => ({ name: host, members: [], balance: smoothRoundRobin, origin: span })
    return { kind: 'pool', id: this.add(host, this.rules(level, 0), made) }
  }

  /** Names of upstreams fold case, and requests name HTTP servers by their ids. */
  private idOf(name: string): string {
    return this.protocol === 'proxy' ? `http://${name.toLowerCase()}` : name
  }

  /** The id of an equal pool, or of the new one: the name itself, `name~2` for the next way of talking to it. */
  private add(name: string, rules: Rules, made: () => PoolItself): string {
    for (let count = 1; ; count++) {
      const id = this.idOf(name) + (count === 1 ? '' : `~${count}`)
      const known = this.byId.get(id)
      if (known === undefined) {
        this.byId.set(id, {
          id,
          ...(count === 1 ? {} : { sharedWith: this.idOf(name) }),
          ...made(),
          ...rules
        })
        return id
      }
      if (sameRules(known, rules)) return id
    }
  }
}

function memberAt(address: Address, origin: Span): Member {
  const failure = { kind: 'count', failures: 1, seconds: 10 } as const
  return { address, weight: 1, maxConnections: 0, backup: false, down: false, failure, origin }
}

function sameRules(one: Rules, other: Rules): boolean {
  if (one.connection === other.connection && one.retry === other.retry) return true
  const [a, b] = [one.connection, other.connection]
  const [c, d] = [one.retry, other.retry]
  return (
    a.connectTimeout === b.connectTimeout &&
    a.sendTimeout === b.sendTimeout &&
    a.readTimeout === b.readTimeout &&
    a.keep === b.keep &&
    a.idle === b.idle &&
    a.outlivesClient === b.outlivesClient &&
    a.from?.host === b.from?.host &&
    a.from?.port === b.from?.port &&
    c.tries === d.tries &&
    c.within === d.within &&
    c.nonIdempotent === d.nonIdempotent &&
    c.on.join() === d.on.join()
  )
}

function rules(session: Session, level: Level, protocol: Protocol, idle: number, kept?: KeptLimits): Rules {
  const words = level.inForce(`${protocol}_next_upstream`).flatMap(({ directive }) => directive.args)
  const events = words.map(({ value }) => value.toLowerCase())
  const bind = level.inForce(`${protocol}_bind`).at(-1)
  const from = bind === undefined ? undefined : readBind(session, bind)
  return {
    connection: {
      connectTimeout: seconds(level, `${protocol}_connect_timeout`, 60),
      sendTimeout: seconds(level, `${protocol}_send_timeout`, 60),
      readTimeout: seconds(level, `${protocol}_read_timeout`, 60),
      // Whether an HTTP server's connection goes on is its own affair.
      keep: protocol === 'proxy' || (parseFlag(lastWord(level, 'fastcgi_keep_conn') ?? 'off') ?? false),
      idle,
      ...(parseFlag(lastWord(level, `${protocol}_ignore_client_abort`) ?? 'off') === true
        ? { outlivesClient: true }
        : { endsWithClient: true }),
      ...(typeof from === 'object' && { from }),
      ...(idle > 0 && kept !== undefined ? { kept } : {})
    },
    retry: {
      on: reasons(events.length === 0 ? ['error', 'timeout'] : events),
      tries: parseNumber(lastWord(level, `${protocol}_next_upstream_tries`) ?? '0') ?? 0,
      within: seconds(level, `${protocol}_next_upstream_timeout`, 0),
      nonIdempotent: events.includes('non_idempotent') && !events.includes('off')
    }
  }
}

/** `fastcgi_bind ADDRESS[:PORT] [transparent] | off`; an address made of variables, or of the client's, is not decided. */
function readBind(session: Session, item: Item): ConnectionRules['from'] | 'unsupported' {
  const [address, option] = item.directive.args
  if (address === undefined || (address.value === 'off' && option === undefined)) return undefined
  if (option !== undefined && option.value !== 'transparent') {
    refuseValue(session, item, option.value, '`transparent`', session.word(item, option))
    return undefined
  }
  if (option !== undefined || address.value.includes('$')) return 'unsupported'
  // Brackets want a port (`ngx_parse_addr_port`).
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*|[^\]]*:[^\]]*:[^\]]*)(?::(\d+))?$/.exec(address.value) ?? []
  const bare = host.replace(/^\[|\]$/g, '')
  if (
    !isNetwork(bare) ||
    (host !== bare && port === undefined) ||
    (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65535))
  ) {
    refuseValue(
      session,
      item,
      address.value,
      'an address, with or without a port',
      session.word(item, address)
    )
    return undefined
  }
  return { host: bare, ...(port === undefined ? {} : { port: Number(port) }) }
}

/** The directives that have a part in the rules in force, for the ledger. */
export const poolDirectives: readonly string[] = [
  'fastcgi_connect_timeout',
  'fastcgi_send_timeout',
  'fastcgi_read_timeout',
  'fastcgi_keep_conn',
  'fastcgi_bind',
  'fastcgi_ignore_client_abort',
  'fastcgi_next_upstream',
  'fastcgi_next_upstream_tries',
  'fastcgi_next_upstream_timeout'
]

/** Where one of these is said, the rules are other ones. */
const ruling: Readonly<Record<Protocol, ReadonlySet<string>>> = {
  fastcgi: rulingOf('fastcgi'),
  proxy: rulingOf('proxy')
}

function rulingOf(protocol: Protocol): ReadonlySet<string> {
  return new Set(poolDirectives.map((name) => name.replace(/^fastcgi/, protocol)))
}

/** `off` cancels all other words. */
function reasons(events: readonly string[]): readonly RetryReason[] {
  return events.includes('off') ? [] : events.flatMap((event) => retryWords.get(event) ?? [])
}

export function lastWord(level: Level, name: string): string | undefined {
  return level.inForce(name).at(-1)?.directive.args[0]?.value
}

function seconds(level: Level, name: string, otherwise: number): number {
  const word = lastWord(level, name)
  return word === undefined ? otherwise : (parseTime(word, 'ms') ?? otherwise)
}
