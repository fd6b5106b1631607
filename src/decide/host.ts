import type { HostRules } from '../model/index.js'
import type { State } from './state.js'

/** The host a request asks for. */
export interface Host {
  /** Lower-cased, without port and final dot. */
  readonly name: string
  /** The port written with it; empty without one. */
  readonly port: string
  /** As the server keeps the header. */
  readonly authority: string
}

/** Reads a Host header or the authority of an absolute target; undefined if it is refused. */
export function readHost(text: string, rules: HostRules, defaultPort: string): Host | undefined {
  const match = /^(\[[^\]]*\]|[^:]*)(?::([^]*))?$/.exec(text)
  if (rules.strict) {
    if (match === null || !/^\d*$/.test(match[2] ?? '') || !isHostName(match[1] ?? '')) return undefined
  } else if (text === '' || (rules.anyCharacters === true ? /[\s\0]/ : notInHosts).test(text)) {
    return undefined
  }
  const [, written = text, port = ''] = match ?? []
  const lower = written.toLowerCase()
  // Where any characters will do, nobody looks for a final dot.
  const hasDot = rules.anyCharacters !== true && lower.length > 1 && lower.endsWith('.')
  const bare = hasDot ? lower.slice(0, -1) : lower
  if (rules.anyCharacters !== true && (bare === '' || bare === '.')) return undefined
  if (!rules.normalised) return { name: bare, port, authority: text }
  if (rules.keepsPort === true) return { name: bare, port, authority: text.toLowerCase() }
  if (rules.anyCharacters === true && port !== '') {
    const number = portNumber(port)
    if (number === undefined) return undefined
    return { name: bare, port: number, authority: number === defaultPort ? bare : `${bare}:${number}` }
  }
  const name = bare.startsWith('[') ? shortAddress(bare) : bare
  return { name, port, authority: port === '' || port === defaultPort ? name : `${name}:${port}` }
}

/** Characters that end a host, and empty parts of a name. */
const notInHosts = /[/\0-\x20\x7f]|\.\./

/** The Host header as the configuration changed it: taken as it is, letters made small. */
export function hostAsChanged({ headers, host }: Pick<State, 'headers' | 'host'>): Host {
  const authority = (headers.get('host')?.[0] ?? '').toLowerCase()
  if (authority === host.authority.toLowerCase()) return host
  const [, name = authority, port = ''] = /^(\[[^\]]*\]|[^:]*):(.*)$/s.exec(authority) ?? []
  return { name, port, authority }
}

/** Decimal, octal or hexadecimal, as strtol reads it; undefined if it is no port. */
function portNumber(text: string): string | undefined {
  const base = /^0x[0-9a-f]+$/i.test(text) ? 16 : /^0[0-7]*$/.test(text) ? 8 : /^\d+$/.test(text) ? 10 : 0
  const number = base === 0 ? 0 : parseInt(text, base)
  return number > 0 && number <= 65_535 ? String(number) : undefined
}

function isHostName(name: string): boolean {
  if (name.startsWith('[')) return shortAddress(name) !== ''
  if (
    !/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\.?$/.test(name)
  )
    return false
  // What ends in a number is an IPv4 address or nothing.
  if (!/(?:^|\.)\d+\.?$/.test(name)) return true
  const parts = name.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
}

/** An IPv6 address in brackets in its shortest form; empty if it is none. */
function shortAddress(address: string): string {
  if (!/^\[[0-9a-f:.]+\]$/i.test(address)) return ''
  return URL.canParse(`http://${address}/`) ? new URL(`http://${address}/`).hostname : ''
}
