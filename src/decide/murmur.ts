const multiplier = 0x5bd1e995

/** MurmurHash2 with the seed 0, 32 bits (Austin Appleby; as `ngx_murmur_hash2` has it). */
export function murmur2(bytes: Uint8Array): number {
  let hash = bytes.length | 0
  let at = 0
  for (; bytes.length - at >= 4; at += 4) {
    const word =
      byteAt(bytes, at) |
      (byteAt(bytes, at + 1) << 8) |
      (byteAt(bytes, at + 2) << 16) |
      (byteAt(bytes, at + 3) << 24)
    hash = Math.imul(hash, multiplier) ^ mixed(word)
  }
  const rest = bytes.length - at
  if (rest > 0) {
    for (let index = rest - 1; index >= 0; index--) hash ^= byteAt(bytes, at + index) << (8 * index)
    hash = Math.imul(hash, multiplier)
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier)
  return (hash ^ (hash >>> 15)) >>> 0
}

function mixed(word: number): number {
  const product = Math.imul(word, multiplier)
  return Math.imul(product ^ (product >>> 24), multiplier)
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}
