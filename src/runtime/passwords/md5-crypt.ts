import { createHash } from 'node:crypto'
import { crypt64Text } from './alphabet.js'

/** Poul-Henning Kamp's crypt of FreeBSD (`$1$`), which httpd writes with a sign of its own (`$apr1$`). */
export function md5Crypt(password: Uint8Array, stored: string, sign: '$1$' | '$apr1$'): string {
  const salt = /^[^$]{0,8}/.exec(stored.slice(sign.length))?.[0] ?? ''
  const once = md5(password, salt, password)
  const first: (Uint8Array | string)[] = [password, sign, salt]
  for (let left = password.length; left > 0; left -= 16) first.push(once.subarray(0, Math.min(16, left)))
  for (let bits = password.length; bits > 0; bits >>= 1) {
    first.push((bits & 1) === 1 ? Uint8Array.of(0) : password.subarray(0, 1))
  }
  let digest = md5(...first)
  for (let round = 0; round < 1000; round++) {
    const odd = round % 2 === 1
    digest = md5(
      odd ? password : digest,
      round % 3 === 0 ? '' : salt,
      round % 7 === 0 ? '' : password,
      odd ? digest : password
    )
  }
  const at = (index: number): number => digest[index] ?? 0
  const groups = [0, 1, 2, 3, 4].flatMap((index) => [
    at(index),
    at(index + 6),
    at(index === 4 ? 5 : index + 12)
  ])
  return `${sign}${salt}$${crypt64Text([...groups, at(11)])}`
}

function md5(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
