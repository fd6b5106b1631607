import type { Address } from '../../../model/index.js'

export type AddressResult =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'no-port'; readonly host: string }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint?: string }

/** The longest path a socket address holds on Linux (`sockaddr_un.sun_path`, with its final NUL). */
const longestPath = 107

/** `unix:PATH`, `HOST:PORT`, `[IPv6]:PORT`, as `ngx_parse_url` takes them. */
export function parseAddress(text: string, defaultPort?: number): AddressResult {
  if (/^unix:/i.test(text)) return parseUnix(text.slice('unix:'.length))
  if (text.includes('/')) {
    const hint = text.startsWith('/') ? `a socket is written \`unix:${text}\`` : 'write host and port alone'
    return { kind: 'wrong', message: `Invalid host in the address \`${text}\``, hint }
  }
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]*)(?::(.*))?$/i.exec(text)
  if (match === null)
    return {
      kind: 'wrong',
      message: `Invalid address \`${text}\``,
      hint: 'write `HOST:PORT`; an IPv6 address stands in brackets'
    }
  const [, host = '', digits] = match
  if (host === '')
    return { kind: 'wrong', message: `No host in the address \`${text}\``, hint: 'write `HOST:PORT`' }
  if (digits === undefined && defaultPort === undefined) return { kind: 'no-port', host }
  const port = digits === undefined ? defaultPort : /^\d{1,5}$/.test(digits) ? Number(digits) : undefined
  if (port === undefined || port < 1 || port > 65535) {
    return {
      kind: 'wrong',
      message: `Invalid port in the address \`${text}\``,
      hint: 'a port is a number from 1 to 65535'
    }
  }
  if (/\.invalid\.?$/i.test(host)) {
    const hint = 'names below `.invalid` never exist (RFC 6761)'
    return { kind: 'wrong', message: `The host \`${host}\` cannot be found`, hint }
  }
  return { kind: 'address', address: { kind: 'tcp', host: host.replace(/^\[|\]$/g, ''), port } }
}

/** What follows a second colon is ignored. */
function parseUnix(text: string): AddressResult {
  const colon = text.indexOf(':')
  const path = colon === -1 ? text : text.slice(0, colon)
  if (path === '')
    return { kind: 'wrong', message: 'No path behind `unix:`', hint: 'write `unix:/path/of/socket`' }
  // No character takes more than three bytes.
  if (path.length * 3 > longestPath && new TextEncoder().encode(path).length > longestPath) {
    return {
      kind: 'wrong',
      message: `The path of the socket is longer than ${longestPath} bytes`,
      hint: 'use a shorter path'
    }
  }
  return { kind: 'address', address: { kind: 'unix', path } }
}
