import { encodeBytes } from '../../diagnostics/index.js'
import type { Address } from '../../model/index.js'
import { smoothWeighted } from './round-robin.js'
import type { Choice, MemberState } from './state.js'

/** After so many hashes that hit unusable members, round robin chooses. */
const mostHashes = 20

/** D. J. Bernstein's hash with xor, 32 bits, carried on from `start`. */
export function djb(start: number, bytes: Uint8Array): number {
  let hash = start
  for (const byte of bytes) hash = (Math.imul(hash, 33) ^ byte) >>> 0
  return hash
}

export const djbStart = 5381

/** The member whose name, mixed with the request's hash, scores highest; the first of equals. */
export function highestScore(
  candidates: readonly MemberState[],
  base: number,
  score: (address: Address) => number,
  choice: Choice
): MemberState | undefined {
  let best: { readonly state: MemberState; readonly score: number } | undefined
  for (const state of candidates) {
    if (!choice.usable(state)) continue
    const own = (base ^ score(state.member.address)) >>> 0
    if (best === undefined || own > best.score) best = { state, score: own }
  }
  return best?.state
}

/** Path, then authority, against the member's address or socket path; the port has no part in it. */
export function byAuthorityAndPath(
  candidates: readonly MemberState[],
  choice: Choice
): MemberState | undefined {
  const { authority, path } = choice.asked
  const base = djb(djb(djbStart, encodeBytes(path)), encodeBytes(authority))
  return highestScore(candidates, base, (address) => djb(djbStart, encodeBytes(nameOf(address))), choice)
}

/** CRC-32 of the key, its upper 15 bits modulo the sum of weights; again with a number before the key if that member is unusable. */
export function byCrc32(candidates: readonly MemberState[], choice: Choice): MemberState | undefined {
  const key = encodeBytes(choice.asked.key ?? '')
  if (key.length === 0 || candidates.length < 2) return smoothWeighted(candidates, choice)
  let hash = 0
  for (let round = 0; round < mostHashes; round++) {
    const prefix = round === 0 ? new Uint8Array(0) : encodeBytes(String(round))
    hash += (crc32(key, crc32(prefix)) >>> 16) & 0x7fff
    const state = atSlot(candidates, hash)
    if (state && choice.usable(state)) return state
  }
  return smoothWeighted(candidates, choice)
}

/** Counts a slot along the members, each as wide as its weight. */
export function atSlot(candidates: readonly MemberState[], hash: number): MemberState | undefined {
  const total = candidates.reduce((sum, { member }) => sum + member.weight, 0)
  let slot = hash % total
  for (const state of candidates) {
    if (slot < state.member.weight) return state
    slot -= state.member.weight
  }
  return undefined
}

/** Ketama: 160 points on a circle per weight; the first point at or behind the key's hash is taken. */
export function onCircle(
  circle: readonly Point[],
  candidates: readonly MemberState[],
  choice: Choice
): MemberState | undefined {
  const key = encodeBytes(choice.asked.key ?? '')
  if (key.length === 0 || circle.length === 0) return smoothWeighted(candidates, choice)
  let at = firstAtOrBehind(circle, crc32(key))
  for (let round = 0; round < mostHashes; round++, at++) {
    const index = circle[at % circle.length]?.member
    const state = index === undefined ? undefined : candidates[index]
    if (state && choice.usable(state)) return state
  }
  return smoothWeighted(candidates, choice)
}

export interface Point {
  readonly hash: number
  /** Index among the candidates. */
  readonly member: number
}

const pointsPerWeight = 160

export function makeCircle(candidates: readonly MemberState[]): readonly Point[] {
  const points: Point[] = []
  candidates.forEach(({ member }, index) => {
    const { address } = member
    const name = address.kind === 'unix' ? `${address.path}\0` : `${address.host}\0${address.port}`
    const base = crc32(encodeBytes(name))
    const previous = new Uint8Array(4)
    const view = new DataView(previous.buffer)
    for (let count = 0; count < member.weight * pointsPerWeight; count++) {
      const hash = crc32(previous, base)
      points.push({ hash, member: index })
      view.setUint32(0, hash, true)
    }
  })
  points.sort((one, other) => one.hash - other.hash)
  // Of two points in one place the first stays.
  return points.filter((point, at) => at === 0 || points[at - 1]?.hash !== point.hash)
}

function firstAtOrBehind(circle: readonly Point[], hash: number): number {
  let low = 0
  let high = circle.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((circle[middle]?.hash ?? 0) < hash) low = middle + 1
    else high = middle
  }
  return low
}

function nameOf(address: Address): string {
  return address.kind === 'unix' ? address.path : address.host
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** CRC-32 (IEEE 802.3), carried on from `start`. */
export function crc32(bytes: Uint8Array, start = 0): number {
  let value = ~start
  for (const byte of bytes) value = (value >>> 8) ^ (crcTable[(value ^ byte) & 0xff] ?? 0)
  return ~value >>> 0
}
