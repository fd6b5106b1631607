import type { Span } from '../../../diagnostics/index.js'
import type { HostName, Listener } from '../../../model/index.js'
import { checkRegex } from './check.js'
import type { Level } from './level.js'
import type { Item, Session } from './session.js'
import { parseNumber } from './values.js'

/** Where a server listens, and as what. */
interface Place {
  readonly listener: Listener
  readonly isDefault: boolean
  readonly item?: Item
}

/** The listeners of all servers; each address is one, and has one default server. */
export class Listeners {
  private readonly byId = new Map<string, Listener>()
  private readonly defaults = new Map<string, Span>()

  constructor(private readonly session: Session) {}

  all(): readonly Listener[] {
    return [...this.byId.values()]
  }

  /** The listeners of a server, and whether it was declared the default of one. Without `listen` it is port 80. */
  ofServer(level: Level): { readonly ids: readonly string[]; readonly isDefault: boolean } {
    const items = level.own('listen')
    const places = items.flatMap((item) => readListen(this.session, item) ?? [])
    if (items.length === 0) places.push({ listener: tcp('*', 80, false), isDefault: false })
    const ids = new Set<string>()
    for (const { listener, isDefault, item } of places) {
      if (ids.has(listener.id) && item !== undefined) this.refuseTwice(item, listener.id)
      ids.add(listener.id)
      const known = this.byId.get(listener.id)
      if (known === undefined || (listener.tls && !known.tls)) this.byId.set(listener.id, listener)
      if (isDefault && item !== undefined) this.claimDefault(listener.id, item)
    }
    return { ids: [...ids], isDefault: places.some(({ isDefault }) => isDefault) }
  }

  private refuseTwice(item: Item, id: string): void {
    this.session.refuse(
      'nginx/duplicate-listen',
      this.session.head(item),
      `The server listens twice on \`${id}\``,
      'remove one of the two'
    )
  }

  private claimDefault(id: string, item: Item): void {
    const span = this.session.head(item)
    const first = this.defaults.get(id)
    if (first === undefined) {
      this.defaults.set(id, span)
      return
    }
    const related = [{ span: first, message: 'it has one here' }]
    this.session.refuse(
      'nginx/duplicate-default',
      span,
      `A second default server for \`${id}\``,
      'remove `default_server` from one of them',
      related
    )
  }
}

function tcp(host: string, port: number, tls: boolean, origin?: Span): Listener {
  const address = {
    kind: 'tcp',
    host: host === '*' ? '0.0.0.0' : host.replace(/^\[|\]$/g, ''),
    port
  } as const
  return { id: `${host}:${port}`, address, tls, ...(origin === undefined ? {} : { origin }) }
}

const options =
  /^(?:default_server|default|ssl|http2|spdy|quic|proxy_protocol|deferred|bind|reuseport|(?:ipv6only|so_keepalive|backlog|rcvbuf|sndbuf|setfib|fastopen|accept_filter)=.+)$/

/** `listen 80`, `listen *:80`, `listen [::]:80 ssl`, `listen localhost`, `listen unix:/run/http.sock`. */
function readListen(session: Session, item: Item): Place | undefined {
  const [word, ...rest] = item.directive.args
  if (word === undefined) return undefined
  const span = session.span(item)
  const wrong = rest.find(({ value }) => !options.test(value))
  if (wrong !== undefined) {
    const hint = 'one `listen` takes one address; mind the spelling of its options'
    session.refuse(
      'nginx/invalid-parameter',
      session.word(item, wrong),
      `Invalid parameter \`${wrong.value}\` of \`listen\``,
      hint
    )
    return undefined
  }
  const tls = rest.some(({ value }) => value === 'ssl' || value === 'quic')
  const isDefault = rest.some(({ value }) => value === 'default_server' || value === 'default')
  const listener = listenerOf(word.value, tls, span)
  if (listener === undefined) {
    const message = `Invalid address \`${word.value}\` of \`listen\``
    session.refuse(
      'nginx/invalid-address',
      session.word(item, word),
      message,
      'write a port, `HOST:PORT` or `unix:/path`'
    )
    return undefined
  }
  return { listener, isDefault, item }
}

function listenerOf(text: string, tls: boolean, origin: Span): Listener | undefined {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length)
    return path === '' ? undefined : { id: text, address: { kind: 'unix', path }, tls, origin }
  }
  const [, host = '*', digits] =
    /^(?:(\[[0-9a-f:.]+\]|[^:[\]/]*[^:[\]/\d][^:[\]/]*|\d+(?:\.\d+){3}):?)?(\d+)?$/i.exec(text) ?? []
  if (digits === undefined && !/^[^:[\]/]+$|^\[[0-9a-f:.]+\]$/i.test(text)) return undefined
  const port = digits === undefined ? 80 : (parseNumber(digits) ?? 0)
  return port < 1 || port > 65535 || host === '' ? undefined : tcp(host.toLowerCase(), port, tls, origin)
}

/** The names of a server; one without `server_name` has the empty name. */
export function readNames(session: Session, level: Level): readonly HostName[] {
  return level.own('server_name').flatMap((item) =>
    item.directive.args.flatMap((word) => {
      const origin = session.word(item, word)
      const name = hostName(word.value, origin)
      if (name === undefined) {
        const hint = 'a `*` stands for whole parts, at one end: `*.example.com`, `www.example.*`'
        session.refuse('nginx/invalid-server-name', origin, `Invalid server name \`${word.value}\``, hint)
        return []
      }
      if (name.kind === 'regex' && !checkRegex(session, item, name.regex.source, origin)) return []
      return [name]
    })
  )
}

/** A regular expression with a capital letter is matched without case. */
function hostName(value: string, origin: Span): HostName | undefined {
  if (value.startsWith('~')) {
    const source = value.slice(1)
    return source === ''
      ? undefined
      : { kind: 'regex', regex: { source, ignoreCase: /[A-Z]/.test(source) }, origin }
  }
  if (value.startsWith('*')) {
    return value.length < 3 || value.charAt(1) !== '.'
      ? undefined
      : { kind: 'leading-wildcard', value, bare: false, origin }
  }
  if (value.startsWith('.')) {
    return value.length < 2 ? undefined : { kind: 'leading-wildcard', value: `*${value}`, bare: true, origin }
  }
  if (value.endsWith('.*')) return { kind: 'trailing-wildcard', value, origin }
  return { kind: 'exact', value: value.toLowerCase(), origin }
}
