/** The digits of the base 64 that crypt(3) writes in. */
export const crypt64 = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Bytes in the order given, by threes, each group written from its low end; what is missing of the last group is left out. */
export function crypt64Text(bytes: readonly number[]): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.slice(at, at + 3)
    // The first byte of a group is its highest.
    let value = group.reduce((sum, byte) => sum * 256 + byte, 0)
    for (let digit = 0; digit <= group.length; digit++) {
      text += crypt64.charAt(value & 63)
      value >>= 6
    }
  }
  return text
}
