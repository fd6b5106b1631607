import { decodeBytes } from '../diagnostics/index.js'

/** Whether an address lies in a network (`10.0.0.0/8`, `::1`); one of a client that is mapped into IPv6 counts as IPv4. */
export function inNetwork(address: string, network: string): boolean {
  const slash = network.indexOf('/')
  // Without a mask it is one address, of its own family.
  if (slash < 0 && network.includes(':') && !address.includes(':')) return false
  const base = addressBits(slash < 0 ? network : network.slice(0, slash))
  const bits = addressBits(address)
  if (base === undefined || bits?.width !== base.width) return false
  const length = slash < 0 ? base.width : Number(network.slice(slash + 1))
  if (!Number.isInteger(length) || length < 0 || length > base.width) return false
  const shift = BigInt(base.width - length)
  return bits.value >> shift === base.value >> shift
}

interface Bits {
  readonly width: 32 | 128
  readonly value: bigint
}

function addressBits(text: string): Bits | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:(?=\d+\.)/i, '')
  if (!bare.includes(':')) return v4Bits(bare)
  return v6Bits(bare)
}

function v4Bits(text: string): Bits | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined
  return { width: 32, value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) }
}

function v6Bits(text: string): Bits | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const groups = (half: string | undefined): readonly string[] =>
    half === undefined || half === '' ? [] : half.split(':')
  const [head, tail] = [groups(halves[0]), groups(halves[1])]
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return { width: 128, value: all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n) }
}

/** An address as its bytes, as `decodeBytes` makes texts of them; empty for what is no address. */
export function binaryAddress(text: string): string {
  const bits = addressBits(text)
  if (bits === undefined) return ''
  const bytes = Array.from({ length: bits.width / 8 }, (_, at) =>
    Number((bits.value >> BigInt(bits.width - 8 * (at + 1))) & 255n)
  )
  return decodeBytes(Uint8Array.from(bytes))
}

/** An address with or without port, `[::1]:80`; a port that is not told is 0. */
export function parseAddress(text: string): { readonly address: string; readonly port: number } | undefined {
  if (addressBits(text) !== undefined && !text.startsWith('[')) return { address: text, port: 0 }
  const [, v6, v4, digits] = /^(?:\[(.*)\]|([\d.]+)):(\d+)$/.exec(text) ?? []
  const address = v6 ?? v4 ?? ''
  const port = Number(digits)
  if (addressBits(address) === undefined || port < 1 || port > 65535) return undefined
  return { address, port }
}
