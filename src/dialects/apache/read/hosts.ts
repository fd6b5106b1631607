import type { HostMatch, HostName, Listener } from '../../../model/index.js'
import type { VirtualHost } from './place.js'

/** `127.0.0.1:8080`, `*:80`, `[::1]:80`, `_default_`, a name; the port may be missing. */
export function parseAddress(text: string): { readonly host: string; readonly port: number | undefined } {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\*|\d+))?$/.exec(text)
  const host = (match?.[1] ?? text).replace(/^\[|\]$/g, '')
  const port = match?.[2]
  const any = host === '' || host === '*' || host === '_default_' || host === '0.0.0.0' || host === '::'
  return { host: any ? '*' : host, port: port === undefined || port === '*' ? undefined : Number(port) }
}

/** `Listen 80`, `Listen 127.0.0.1:8080 https` */
export function parseListen(text: string): { readonly host: string; readonly port: number } | undefined {
  if (/^\d+$/.test(text)) return { host: '*', port: Number(text) }
  const { host, port } = parseAddress(text)
  return port === undefined ? undefined : { host, port }
}

/** Where a configuration says nothing of listening, requests come in at the ports its hosts name. */
export function impliedListeners(hosts: readonly VirtualHost[]): readonly Listener[] {
  const found = new Map<string, Listener>()
  for (const { text, span } of hosts.flatMap(({ addresses }) => addresses)) {
    const { port = 80 } = parseAddress(text)
    const listener = listenerOf('*', port, port === 443)
    if (!found.has(listener.id)) found.set(listener.id, { ...listener, origin: span })
  }
  return found.size > 0 ? [...found.values()] : [listenerOf('*', 80, false)]
}

export function listenerOf(host: string, port: number, tls: boolean): Listener {
  const address = host === '*' ? '0.0.0.0' : host
  return { id: `${host}:${port}`, address: { kind: 'tcp', host: address, port }, tls }
}

/** The hosts of each listener. */
export type Groups = ReadonlyMap<Listener['id'], ReadonlySet<VirtualHost>>

/** The local address picks a group of hosts, an exact address before `*` (core: vhost.c, `find_addr_list`). */
export function hostGroups(hosts: readonly VirtualHost[], listeners: readonly Listener[]): Groups {
  return new Map(
    listeners.map((listener) => {
      const exact = hosts.filter((host) => fits(host, listener, true))
      return [
        listener.id,
        new Set(exact.length > 0 ? exact : hosts.filter((host) => fits(host, listener, false)))
      ]
    })
  )
}

export function hostMatch(host: VirtualHost, groups: Groups): HostMatch {
  const served = [...groups].filter(([, group]) => group.has(host))
  return { listeners: served.map(([id]) => id), names: host.names, isDefault: false }
}

function fits(host: VirtualHost, { address }: Listener, exact: boolean): boolean {
  if (address.kind !== 'tcp') return false
  return host.addresses.some(({ text }) => {
    const asked = parseAddress(text)
    if (asked.port !== undefined && asked.port !== address.port) return false
    if (asked.host === '*') return !exact
    return asked.host === address.host || (!exact && address.host === '0.0.0.0')
  })
}

/** ServerName and ServerAlias; without either the host answers for what no other does. */
export function hostName(value: string, origin: HostName['origin']): HostName {
  const name = value.toLowerCase()
  return /[*?]/.test(name) ? { kind: 'glob', value: name, origin } : { kind: 'exact', value: name, origin }
}
