import type { HostRules } from '../model/index.js'

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
  } else if (text === '' || (rules.anyCharacters === true ? /[\s\0]/ : /[/\s\0]/).test(text)) {
    return undefined
  }
  const [, written = text, port = ''] = match ?? []
  const lower = written.toLowerCase()
  const bare = lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower
  if (!rules.normalised) return { name: bare, port, authority: text }
  if (rules.keepsPort === true) return { name: bare, port, authority: text.toLowerCase() }
  const name = bare.startsWith('[') ? shortAddress(bare) : bare
  return { name, port, authority: port === '' || port === defaultPort ? name : `${name}:${port}` }
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
