import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { crypt64Text } from './alphabet.js'

const [fewest, most, usual] = [1000, 999_999_999, 5000]

/** Between two turns of the event loop: about a millisecond's work. */
const roundsAtOnce = 500

/**
 * Ulrich Drepper's crypt with SHA-256 (`$5$`) or SHA-512 (`$6$`). The letters of its steps are those of "Unix crypt
 * using SHA-256 and SHA-512". Undefined for a salt that crypt(3) refuses.
 */
export async function shaCrypt(password: Uint8Array, stored: string): Promise<string | undefined> {
  const found = /^\$([56])\$(?:rounds=([1-9]\d*)\$)?([^$:\n]*)/.exec(stored)
  const kind = found?.[1] === '5' ? sha256 : sha512
  const asked = found?.[2] === undefined ? undefined : Number(found[2])
  if (found === null || (asked !== undefined && (asked < fewest || asked > most))) return undefined
  // Told as rounds, and so none that could be read.
  if (asked === undefined && found[3]?.startsWith('rounds=') === true) return undefined
  const salt = (found[3] ?? '').slice(0, 16)
  const digest = await rounds(password, Buffer.from(salt), asked ?? usual, kind)
  const bytes = kind.order.map((index) => digest[index] ?? 0)
  const head = asked === undefined ? '' : `rounds=${String(asked)}$`
  return `$${found[1] ?? ''}$${head}${salt}$${crypt64Text(bytes)}`
}

async function rounds(
  password: Uint8Array,
  salt: Uint8Array,
  count: number,
  { algorithm, size }: Kind
): Promise<Buffer> {
  const sha = (parts: readonly Uint8Array[]): Buffer => {
    const hash = createHash(algorithm)
    for (const part of parts) hash.update(part)
    return hash.digest()
  }
  const b = sha([password, salt, password])
  const bits: Uint8Array[] = []
  for (let left = password.length; left > 0; left >>= 1) bits.push((left & 1) === 1 ? b : password)
  const a = sha([password, salt, stretched(b, password.length, size), ...bits])
  const p = stretched(sha(Array<Uint8Array>(password.length).fill(password)), password.length, size)
  const s = stretched(sha(Array<Uint8Array>(16 + (a[0] ?? 0)).fill(salt)), salt.length, size)
  let c = a
  for (let round = 0; round < count; round++) {
    if (round % roundsAtOnce === roundsAtOnce - 1) await nextTurn()
    const odd = round % 2 === 1
    const middle = [...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p])]
    c = sha([odd ? p : c, ...middle, odd ? c : p])
  }
  return c
}

/** The digest over and over, as long as asked for. */
function stretched(digest: Buffer, length: number, size: number): Buffer {
  return Buffer.alloc(length, digest.subarray(0, size))
}

interface Kind {
  readonly algorithm: 'sha256' | 'sha512'
  /** Bytes. */
  readonly size: number
  /** In which its bytes are written. */
  readonly order: readonly number[]
}

const sha256: Kind = { algorithm: 'sha256', size: 32, order: [...written(10, [0, 10, 20], 30), 31, 30] }
const sha512: Kind = { algorithm: 'sha512', size: 64, order: [...written(21, [0, 21, 42], 63), 63] }

/** Groups of three bytes a third of the digest apart, each group beginning one of them further. */
function written(groups: number, first: readonly number[], size: number): readonly number[] {
  const step = size === 30 ? 21 : 22
  let group = first
  const order: number[] = []
  for (let index = 0; index < groups; index++) {
    order.push(...group)
    group = group.map((byte) => (byte + step) % size)
  }
  return order
}
