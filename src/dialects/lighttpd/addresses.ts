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

/** Whether the mask of an address is one: of 0 bits, or of more than the address has, the server takes it and nothing fits. */
export function hasPossibleMask(text: string): boolean {
  const mask = /\/(\d+)$/.exec(text)?.[1]
  return mask === undefined || (Number(mask) > 0 && Number(mask) <= (text.includes(':') ? 128 : 32))
}

/** An address, in brackets or not, with or without a mask. */
export function isNetwork(text: string): boolean {
  const [address = '', mask] = text.split('/', 2)
  if (mask !== undefined && !/^\d+$/.test(mask)) return false
  return isAddress(/^\[(.*)\]$/.exec(address)?.[1] ?? address)
}
