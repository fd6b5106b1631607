import type { Forwarding, HttpTarget, Target, Template } from '../../../model/index.js'
import { responseFrom } from './exchange.js'
import type { Level } from './level.js'
import { lastWord, type Pools } from './pools.js'
import { headText, type Item, type Session } from './session.js'
import { parseFlag } from './values.js'
import { readTemplate, readText } from './variables.js'

/** What is not done: a request that it has a say in has no answer. */
const undone = [
  'proxy_set_body',
  'proxy_cookie_domain',
  'proxy_cookie_path',
  'proxy_cookie_flags',
  'proxy_store'
] as const

/** Where `proxy_pass` leads: the servers, and what of the target is replaced (empty: nothing). */
interface Place {
  readonly pool: ReturnType<Pools['named']>
  readonly target: Forwarding['target']
  /** What `$proxy_host` gives, and both it and `$proxy_port` where they are known beforehand. */
  readonly host: Template
  readonly known?: { readonly host: string; readonly port: string }
  readonly replacesLocation?: HttpTarget['replacesLocation']
}

/** `proxy_pass http://ADDRESS[URI];` with the `proxy_*` directives in force. */
export function readHttpTarget(session: Session, level: Level, item: Item, pools: Pools): Target | undefined {
  const what = headText(item)
  const text = item.directive.args[0]?.value ?? ''
  const other = undone
    .flatMap((name) => level.inForce(name))
    .find(({ directive }) => directive.args[0]?.value !== 'off')
  if (other !== undefined) return { kind: 'unsupported', what: headText(other) }
  if (/^https:\/\//i.test(text)) return { kind: 'unsupported', what }
  const place = text.includes('$')
    ? computedPlace(session, level, item, pools)
    : namedPlace(session, level, item, pools, text)
  if (place?.pool === undefined) return undefined
  if (place.pool.kind === 'unsupported') return place.pool
  const { pool, target } = place
  const replaced = readRedirect(session, level, place)
  if (replaced === 'unsupported') return { kind: 'unsupported', what: 'proxy_redirect' }
  const headers = readHeaders(session, level, place)
  const method = level.inForce('proxy_method').at(-1)
  const word = method?.directive.args[0]
  return {
    kind: 'http',
    what,
    pool,
    forwarding: {
      version: lastWord(level, 'proxy_http_version') === '1.1' ? '1.1' : '1.0',
      ...(method !== undefined && word !== undefined
        ? { method: readTemplate(session, method, word).template }
        : {}),
      target,
      headers,
      passesHeaders: isOn(level, 'proxy_pass_request_headers'),
      body: isOn(level, 'proxy_pass_request_body')
        ? isOn(level, 'proxy_request_buffering')
          ? 'whole'
          : 'streamed'
        : 'withheld'
    },
    response: responseFrom(level, 'proxy'),
    ...(replaced === undefined ? {} : { replacesLocation: replaced })
  }
}

function isOn(level: Level, name: string): boolean {
  return parseFlag(lastWord(level, name) ?? 'on') !== false
}

function namedPlace(
  session: Session,
  level: Level,
  item: Item,
  pools: Pools,
  text: string
): Place | undefined {
  const [, bare] = /^http:\/\/(.*)$/is.exec(text) ?? []
  if (bare === undefined) {
    const hint = 'it begins with `http://` or `https://`'
    session.refuse('nginx/invalid-address', session.head(item), `No such URL: \`${text}\``, hint)
    return undefined
  }
  const [, address = '', rest = ''] =
    /^(unix:[^:]*):?(.*)$/is.exec(bare) ?? /^([^/?]*)(.*)$/s.exec(bare) ?? []
  const uri = rest.startsWith('?') ? `/${rest}` : rest
  const head = locationHead(level)
  if (uri !== '' && head === undefined) {
    const message = 'A URI in `proxy_pass` where no prefix of the location stands for it'
    const hint = 'in a location with an expression or a name, in `if` and in `limit_except` leave the URI out'
    session.refuse('nginx/invalid-address', session.head(item), message, hint)
    return undefined
  }
  const isUnix = address.startsWith('unix:')
  const [, , port = '80'] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(address) ?? []
  const host = isUnix ? 'localhost' : address.replace(/:80$/, '')
  const url = `http://${address}${isUnix ? ':' : ''}`
  return {
    pool: pools.named(item, address, level),
    target:
      uri === '' ? { kind: 'current' } : { kind: 'replaced', prefixLength: (head ?? '').length, by: uri },
    host: [{ kind: 'text', text: host }],
    known: { host, port: isUnix ? '' : port },
    replacesLocation: uri === '' ? { from: `${url}/`, to: '/' } : { from: `${url}${uri}`, to: head ?? '/' }
  }
}

/** The text that paths of the location begin with; undefined where there is none. */
function locationHead({ context, head }: Level): string | undefined {
  if (context !== 'location') return undefined
  const words = (head?.directive.args ?? []).map(({ value }) => value).join(' ')
  return /^(?:~|@)/.test(words) ? undefined : words.replace(/^(?:=|\^~) ?/, '')
}

/** With variables all of the URL is made for each request, and what stands behind the address is the target. */
function computedPlace(session: Session, level: Level, item: Item, pools: Pools): Place | undefined {
  const word = item.directive.args[0]
  if (word === undefined) return undefined
  const { template, complete } = readTemplate(session, item, word)
  if (!complete) session.notReadYet(item)
  const part = (source: string): Template => [
    { kind: 'part', of: template, matching: { source, ignoreCase: true } }
  ]
  return {
    pool: pools.computed(template, level),
    target: { kind: 'made', from: part('^http://[^/?]*(.*)$') },
    host: part('^http://([^/?]*)')
  }
}

/** `proxy_redirect off | default | FROM TO;` */
function readRedirect(
  session: Session,
  level: Level,
  { replacesLocation }: Place
): HttpTarget['replacesLocation'] | 'unsupported' {
  const items = level.inForce('proxy_redirect')
  const [first] = items
  if (first === undefined) return replacesLocation
  const [from = '', to] = first.directive.args.map(({ value }) => value)
  if (to === undefined) return from === 'default' ? replacesLocation : undefined
  if (items.length > 1 || /^~|\$/.test(from) || to.includes('$')) {
    for (const item of items) session.notReadYet(item)
    return 'unsupported'
  }
  return { from, to }
}

/** Sent unless `proxy_set_header` says otherwise (`ngx_http_proxy_headers`). */
const unasked: readonly (readonly [name: string, value: Template])[] = [
  ['Connection', [{ kind: 'text', text: 'close' }]],
  ['Content-Length', [{ kind: 'variable', name: 'request.content-length' }]],
  ['Transfer-Encoding', []],
  ['TE', []],
  ['Keep-Alive', []],
  ['Expect', []],
  ['Upgrade', []]
]

function withKnown(text: string, known: NonNullable<Place['known']>): string {
  return text.replace(/\$\{?proxy_(host|port)\b\}?/g, (_, which) =>
    which === 'host' ? known.host : known.port
  )
}

function readHeaders(session: Session, level: Level, place: Place): Forwarding['headers'] {
  const { known } = place
  const own = level.inForce('proxy_set_header').flatMap((item) => {
    const [name, value] = item.directive.args
    if (name === undefined || value === undefined) return []
    if (value.value === '$proxy_host') return [{ name: name.value, value: place.host }]
    const text = known === undefined ? value.value : withKnown(value.value, known)
    const { template, complete } = readText(session, text, session.word(item, value))
    if (!complete) session.notReadYet(item)
    return [{ name: name.value, value: template }]
  })
  const names = new Set(own.map(({ name }) => name.toLowerCase()))
  const others = [['Host', place.host] as const, ...unasked]
    .filter(([name]) => !names.has(name.toLowerCase()))
    .map(([name, value]) => ({ name, value }))
  return [...own, ...others]
}
