import type { Address } from '../model/index.js'

/** An address as people write it, and by which it is told from others: `/path`, `host:port`. */
export function addressText(address: Address): string {
  return address.kind === 'unix' ? address.path : `${address.host}:${address.port}`
}
