import { quote } from '../quote.js'
import type {
  HostName,
  InForce,
  Listener,
  LocationMatch,
  LocationRule,
  PlannedHost
} from '../../../model/index.js'
import { inside } from '../../../model/index.js'
import { markReplaced } from '../../account.js'
import { guardsOf } from './authorizers.js'
import { markSaid, onlyRewrites, rewritesAhead } from './ahead.js'
import { block, commented, directive, type Item } from './document.js'
import { answerItems } from './fastcgi.js'
import { nodeItems } from './locations.js'
import { nodesOf, type UrlNode } from './nodes.js'
import type { Output } from './output.js'
import { refusalItems } from './refusals.js'
import { placeItems } from './settings.js'
import { hostGroup } from './templates.js'

/** One virtual host as a `server` block. `several`: another host shares a listener, so the default must say so. */
export function serverItem(host: PlannedHost, shared: InForce, several: boolean, out: Output): Item {
  const nodes = nodesOf(host.settings, host.rules)
  for (const { settings } of nodes) markReplaced(out.ledger, host.settings, settings)
  const root = nodes.find(({ path }) => path === '')
  const inner = nodes.filter((node) => node.path !== '')
  out.hostGroups.clear()
  for (const group of groupsOf(host)) out.hostGroups.add(group)
  const asking = askingItems(nodes, out)
  out.unasked.clear()
  const ahead = rewritesAhead(nodes, host, out)
  out.said = ahead.said
  const own = root === undefined ? [] : nodeItems(root, shared, out)
  const locations = inner.flatMap((node) => urlLocations(node, host.settings, out))
  const refused = [...out.unasked].flatMap((rule) => refusalItems(rule, host.settings, out))
  const plain = own.filter((item) => !isLocation(item))
  const body = [
    ...host.listeners.map((listener) => listenItem(listener, host.isDefault && several, out)),
    ...nameItems(host, out),
    ...plain.filter((item) => !rewriting.has(item.words[0] ?? '')),
    // Who is refused is so before anything is rewritten.
    ...refused,
    ...ahead.items,
    ...plain.filter((item) => rewriting.has(item.words[0] ?? '')),
    ...own.filter(isLocation),
    ...locations,
    ...asking,
    ...host.rules.flatMap((rule) =>
      rule.kind === 'location' ? [locationItem(rule, host.settings, out)] : []
    )
  ]
  return commented(block(['server'], withoutDoubles(body)), out.ledger.takeComments(host.origin))
}

/** Directives of the rewrite module, which are done in their order. */
const rewriting = new Set(['rewrite', 'if', 'return', 'set', 'break'])

function isLocation({ words, body }: Item): boolean {
  return body !== undefined && words[0] !== 'if'
}

/** A root prefix of its own and the server's catch-all would be two `location /`; the one that says more stays. */
function withoutDoubles(items: readonly Item[]): readonly Item[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    if (item.body === undefined) return true
    const head = item.words.filter((word) => word !== '^~').join(' ')
    if (seen.has(head)) return false
    seen.add(head)
    return true
  })
}

/** Something else than conditions makes a place of the URL: an application, or an alias. */
function isAnswered({ path, settings: { bindings, aliases } }: UrlNode): boolean {
  return [...(bindings?.value ?? []), ...(aliases?.value ?? [])].some(
    ({ match }) => (match.kind === 'prefix' || match.kind === 'exact') && path.startsWith(match.value)
  )
}

function urlLocations(
  node: UrlNode,
  outer: InForce,

  out: Output
): readonly Item[] {
  if (out.said.has(node) && onlyRewrites(node.applied) && !isAnswered(node)) {
    markSaid(node.applied, out)
    return []
  }
  const body = nodeItems(node, outer, out)
  if (node.exact) {
    // Without anything of its own the URL is treated as the prefix around it.
    return body.length === 0 ? [] : [block(['location', '=', quote(node.path)], body)]
  }
  const head = node.path === '/' ? ['location', '/'] : ['location', '^~', quote(node.path)]
  return [block(head, body)]
}

function askingItems(nodes: readonly UrlNode[], out: Output): readonly Item[] {
  const items = new Map<string, Item>()
  for (const node of nodes) {
    for (const { asking } of guardsOf(node, out)) items.set(asking.words.join(' '), asking)
  }
  return [...items.values()]
}

function listenItem(listener: Listener, isDefault: boolean, out: Output): Item {
  const comments = out.ledger.takeComments(listener.origin)
  out.ledger.mark(listener.origin, listener.tls ? 'lost' : 'exact', ...(listener.tls ? [tlsNote] : []))
  return commented(
    directive('listen', quote(listenWord(listener)), ...(isDefault ? ['default_server'] : [])),
    comments
  )
}

const tlsNote = {
  message: 'certificates are not carried over; the address answers plain HTTP',
  affects: ['scheme'],
  advice: 'Add `ssl` to the listen directive, and ssl_certificate and ssl_certificate_key.'
}

function listenWord({ address }: Listener): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  const port = String(address.port)
  if (address.host === '' || address.host === '*' || address.host === '0.0.0.0') return port
  const host =
    address.host.includes(':') && !address.host.startsWith('[') ? `[${address.host}]` : address.host
  return `${host}:${port}`
}

/** The default needs no name: `default_server` takes what no other has. */
function nameItems(host: PlannedHost, out: Output): readonly Item[] {
  for (const { origin } of host.names) out.ledger.mark(origin, 'exact')
  out.ledger.mark(host.origin, 'exact')
  if (host.names.length === 0) return []
  return [directive('server_name', ...host.names.map((name) => quote(nameWord(name))))]
}

function nameWord(name: HostName): string {
  switch (name.kind) {
    case 'exact':
      return name.value
    case 'leading-wildcard': {
      const domain = name.value.replace(/^\*?\./, '')
      return name.bare ? `.${domain}` : `*.${domain}`
    }
    case 'trailing-wildcard':
      return name.value.endsWith('*') ? name.value : `${name.value}.*`
    case 'glob':
      return globName(name.value)
    case 'regex':
      return `~${name.regex.ignoreCase ? '(?i)' : ''}${named(name.regex.source)}`
  }
}

/** Groups of names are asked for behind other patterns, which take the numbers. */
function named(source: string): string {
  let count = 0
  return source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)/g, (piece) => {
    if (piece !== '(') return piece
    count += 1
    return `(?<${hostGroup(count)}>`
  })
}

/** Every name must have them. */
function groupsOf({ names }: PlannedHost): readonly (number | string)[] {
  const [name, ...others] = names
  if (name?.kind !== 'regex' || others.length > 0) return []
  const text = named(name.regex.source)
  const numbered = [...text.matchAll(/\(\?<host_(\d+)>/g)].map(([, number]) => Number(number))
  const own = [...text.matchAll(/\(\?P?<((?!host_\d)\w+)>/g)].map(([, word = '']) => word)
  return [...numbered, ...own]
}

function globName(glob: string): string {
  if (/^\*\.[^*?]+$/.test(glob)) return glob
  const source = glob
    .replace(/[.+()[\]{}|^$\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return `~^${source}$`
}

/** A location that was one before: nginx's own choice between them stays as it is. */
function locationItem(rule: LocationRule, outer: InForce, out: Output): Item {
  const settings = inside(outer, rule.settings)
  const place = { settings, aliased: settings.root?.value.kind === 'alias' }
  const answer = (rule.settings.bindings?.value ?? []).find(({ target }) => target.kind === 'fastcgi')
  const body = [
    ...placeItems(settings, outer, out),
    ...(answer?.target.kind === 'fastcgi' ? answerItems(answer, answer.target, place, out) : []),
    ...rule.rules.flatMap((inner) => (inner.kind === 'location' ? [locationItem(inner, settings, out)] : []))
  ]
  out.ledger.mark(rule.origin, 'exact')
  return commented(block(['location', ...matchWords(rule.match)], body), out.ledger.takeComments(rule.origin))
}

function matchWords(match: LocationMatch): readonly string[] {
  switch (match.kind) {
    case 'exact':
      return ['=', quote(match.value)]
    case 'prefix':
      return match.noRegex ? ['^~', quote(match.value)] : [quote(match.value)]
    case 'regex':
      return [match.regex.ignoreCase ? '~*' : '~', quote(match.regex.source)]
    case 'named':
      return [`@${match.name.replace(/^@/, '')}`]
  }
}
