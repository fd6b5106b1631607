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
  /** The server that answers by default at each address so far. */
  private readonly servers = new Map<string, Level>()
  /** Where the options of a socket stand: they may be told once. */
  private readonly tuned = new Map<string, Span>()

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
      if (isDefault || !this.servers.has(listener.id)) this.servers.set(listener.id, level)
      if (item !== undefined && item.directive.args.some(({ value }) => socketOptions.test(value)))
        this.tune(listener.id, item)
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

  private tune(id: string, item: Item): void {
    const first = this.tuned.get(id)
    const span = this.session.head(item)
    if (first === undefined) this.tuned.set(id, span)
    else {
      const related = [{ span: first, message: 'they stand here first' }]
      const message = `The options of the socket \`${id}\` stand twice`
      this.session.refuse('nginx/duplicate-listen', span, message, 'say them in one `listen` only', related)
    }
  }

  /** A TLS listener needs a certificate in its default server, or must turn everybody away. */
  checkCertificates(): void {
    if (this.session.fragment) return
    for (const { id, tls, origin } of this.byId.values()) {
      const level = this.servers.get(id)
      if (!tls || level === undefined || origin === undefined) continue
      const rejects = level.inForce('ssl_reject_handshake').at(-1)?.directive.args[0]?.value === 'on'
      if (rejects || level.inForce('ssl_certificate').length > 0) continue
      const message = `The TLS listener \`${id}\` has no \`ssl_certificate\` in its default server`
      this.session.refuse(
        'nginx/no-certificate',
        origin,
        message,
        'add `ssl_certificate` and `ssl_certificate_key`'
      )
    }
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
  return {
    id: `${host === '0.0.0.0' ? '*' : host}:${port}`,
    address,
    tls,
    ...(origin === undefined ? {} : { origin })
  }
}

/** Of the socket itself; the others are about what comes over it. */
const socketOptions =
  /^(?:deferred|bind|reuseport|(?:ipv6only|so_keepalive|backlog|rcvbuf|sndbuf|setfib|fastopen|accept_filter)=.+)$/

const options: readonly RegExp[] = [
  /^(?:default_server|default|ssl|http2|spdy|quic|proxy_protocol|deferred|bind|reuseport)$/,
  /^ipv6only=(?:on|off)$/,
  /^so_keepalive=(?:on|off|(?=.*\d)[\dsmhd]*:[\dsmhd]*:\d*)$/,
  /^backlog=(?:-1|0*[1-9]\d*)$/,
  /^(?:rcvbuf|sndbuf)=\d+[km]?$/i,
  /^(?:setfib|fastopen)=\d+$/,
  /^accept_filter=.+$/
]

/** `listen 80`, `listen *:80`, `listen [::]:80 ssl`, `listen localhost`, `listen unix:/run/http.sock`. */
function readListen(session: Session, item: Item): Place | undefined {
  const [word, ...rest] = item.directive.args
  if (word === undefined) return undefined
  const span = session.span(item)
  const wrong = rest.find(({ value }) => !options.some((option) => option.test(value)))
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
