import { isIPv4, isIPv6 } from 'node:net'
import { encodeBytes } from '../../diagnostics/index.js'
import { atSlot, djb, djbStart, highestScore } from './hash.js'
import { smoothWeighted } from './round-robin.js'
import type { Choice, MemberState } from './state.js'

const mostHashes = 20

/** The client's address as text against the member's name and port. */
export function byClientAddress(candidates: readonly MemberState[], choice: Choice): MemberState | undefined {
  const base = djb(djbStart, encodeBytes(choice.remoteAddress))
  return highestScore(
    candidates,
    base,
    (address) =>
      address.kind === 'unix'
        ? djb(djbStart, encodeBytes(address.path))
        : djb(djbStart, encodeBytes(address.host)) ^ address.port,
    choice
  )
}

/** The first three bytes of an IPv4 address, all sixteen of an IPv6 one; hashed on where the member is unusable. */
export function byFirstBytes(candidates: readonly MemberState[], choice: Choice): MemberState | undefined {
  if (candidates.length < 2) return smoothWeighted(candidates, choice)
  const bytes = hashedBytes(choice.remoteAddress)
  let hash = 89
  for (let round = 0; round <= mostHashes; round++) {
    for (const byte of bytes) hash = (hash * 113 + byte) % 6271
    const state = atSlot(candidates, hash)
    if (state && choice.usable(state)) return state
  }
  return smoothWeighted(candidates, choice)
}

/** A Unix client counts as three zero bytes. */
function hashedBytes(address: string): readonly number[] {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  if (isIPv4(plain)) return plain.split('.').slice(0, 3).map(Number)
  if (isIPv6(plain)) return sixteenBytes(plain)
  return [0, 0, 0]
}

function sixteenBytes(address: string): readonly number[] {
  const [left = '', right] = (address.split('%')[0] ?? '').split('::')
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'))
  const [head, tail] = [groups(left), groups(right ?? '')]
  const middle = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0')
  return [...head, ...middle, ...tail].flatMap((group) => {
    const value = parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}
