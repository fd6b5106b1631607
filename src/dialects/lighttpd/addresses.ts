/** What a listener is opened on. `id` is the address in one spelling, so that two spellings of one listener meet. */
export type SocketAddress =
  | { readonly kind: 'tcp'; readonly id: string; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly id: string; readonly path: string }

/** What an address that does not say it has: the port, and the host of all addresses. */
export interface UsualAddress {
  readonly port: number
  readonly host: string
}

/** `:81`, `127.0.0.1:81`, `[::]:81`, `name`, `/path` (network_server_init). */
export function socketAddress(text: string, usual: UsualAddress): SocketAddress {
  if (text.startsWith('/')) return { kind: 'unix', id: text, path: text }
  const [name, digits] = nameAndPort(text)
  const host = name === '' ? usual.host : name
  const port = digits === undefined || digits === '' ? usual.port : Number(digits)
  return { kind: 'tcp', id: `${host.includes(':') ? `[${host}]` : host}:${port}`, host, port }
}

function nameAndPort(text: string): readonly [name: string, port: string | undefined] {
  const bracketed = /^\[(.*)\](?::(\d*))?$/.exec(text)
  if (bracketed !== null) return [bracketed[1] === '' ? '::' : (bracketed[1] ?? ''), bracketed[2]]
  if (isAddress(text)) return [text, undefined]
  const found = /^(.*?)(?::(\d*))?$/.exec(text)
  return [found?.[1] ?? '', found?.[2]]
}

const byte = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const four = new RegExp(`^${byte}(?:\\.${byte}){3}$`)

/** An IPv4 or IPv6 address, without brackets. */
export function isAddress(text: string): boolean {
  return four.test(text) || isAddress6(text)
}

function isAddress6(text: string): boolean {
  if (!text.includes(':') || !/^[\dA-Fa-f:.]+$/.test(text)) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  let count = 0
  for (const half of halves) {
    if (half === '') continue
    const groups = half.split(':')
    for (const [index, group] of groups.entries()) {
      const last = index === groups.length - 1 && half === halves.at(-1)
      if (last && four.test(group)) count += 2
      else if (/^[\dA-Fa-f]{1,4}$/.test(group)) count++
      else return false
    }
  }
  return halves.length === 2 ? count < 8 : count === 8
}

/**
 * A host as the server keeps it (http_request_host_normalize): addresses in one spelling, a port in decimal digits, a
 * colon without one gone. Undefined where it refuses it.
 */
export function normalHost(text: string): string | undefined {
  const [, host = text, colon, port = ''] = /^(\[[^\]]*\]|[^:]*)(:)?(.*)$/s.exec(text) ?? []
  if (colon === undefined && port !== '') return undefined
  if (colon !== undefined && host === '') return undefined
  const number = port === '' ? undefined : portNumber(port)
  if (port !== '' && number === undefined) return undefined
  const name = host.startsWith('[') ? shortAddress6(host) : host
  if (name === undefined) return undefined
  return number === undefined ? name : `${name}:${String(number)}`
}

/** Decimal, octal or hexadecimal, as strtol(3) reads it. */
function portNumber(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^\s*([-+]?)(.*)$/s.exec(text) ?? []
  const base = /^0x[\da-f]+$/i.test(digits)
    ? 16
    : /^0[0-7]*$/.test(digits)
      ? 8
      : /^\d+$/.test(digits)
        ? 10
        : 0
  const number = base === 0 || sign === '-' ? 0 : parseInt(digits, base)
  return number > 0 && number <= 65_535 ? number : undefined
}

/** An IPv6 address in its shortest form, an interface behind `%` kept. */
function shortAddress6(host: string): string | undefined {
  const [, address = '', zone = ''] = /^\[([^%]*)(%.*)?\]$/.exec(host) ?? []
  if (!isAddress6(address) || !URL.canParse(`http://[${address}]/`)) return undefined
  return new URL(`http://[${address}]/`).hostname.replace(']', `${zone}]`)
}

/**
 * Addresses that a client's is compared with (config_remoteip_normalize), in brackets or not, with or without a mask. The
 * server takes some that are none, by mistake: no client has such an address.
 */
export function networkOf(text: string): 'network' | 'fits-nobody' | 'refused' {
  if (text.startsWith('/')) return 'fits-nobody'
  const isSix = text.includes(':')
  const [address = '', mask] = text.split(/\/(.*)/s, 2)
  if (mask !== undefined && !(/^\d+$/.test(mask) && Number(mask) > 0 && Number(mask) <= (isSix ? 128 : 32)))
    return 'fits-nobody'
  if (!isSix && !address.startsWith('[')) return four.test(address) ? 'network' : 'refused'
  const host = normalHost(address.startsWith('[') ? address : `[${address}]`)
  if (host === undefined) return 'fits-nobody'
  return isAddress6(host.slice(1, -1)) ? 'network' : 'refused'
}
