import { isUtf8 } from 'node:buffer'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { PasswordVerdict } from '../../decide/types.js'
import { encodeBytes, unreachable } from '../../diagnostics/index.js'
import type { PasswordForm } from '../../model/index.js'
import { desCrypt } from './des-crypt.js'
import { md5Crypt } from './md5-crypt.js'
import { shaCrypt } from './sha-crypt.js'

/** Whether a password is the stored one. Long computations let other requests go on. */
export async function checkPassword(
  given: string,
  stored: string,
  form: PasswordForm
): Promise<PasswordVerdict> {
  // The servers take passwords for C strings.
  const password = encodeBytes(given.replace(/\0.*$/s, ''))
  switch (form) {
    case 'plain':
      return same(encodeBytes(given), stored)
    case 'marked-plain':
      return same(Buffer.concat([Buffer.from('{PLAIN}'), password]), stored)
    case 'sha1':
      return same(`{SHA}${sha1(password).toString('base64')}`, stored)
    case 'salted-sha1':
      return same(saltedSha1(password, stored), stored)
    case 'apr1':
      return same(md5Crypt(password, stored, '$apr1$'), stored)
    case 'crypt':
      return crypt(given, password, stored)
    default:
      return unreachable(form)
  }
}

function sha1(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha1')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** What follows the 20 bytes of the digest is the salt. */
function saltedSha1(password: Uint8Array, stored: string): string {
  const salt = Buffer.from(stored.slice('{SSHA}'.length), 'base64').subarray(20)
  return `{SSHA}${Buffer.concat([sha1(password, salt), salt]).toString('base64')}`
}

/** crypt(3) refuses longer ones. */
const longest = 511

async function crypt(given: string, password: Uint8Array, stored: string): Promise<PasswordVerdict> {
  if (password.length > longest) return 'no'
  const sign = /^\$[^$]*\$/.exec(stored)?.[0]
  switch (sign) {
    case '$1$':
      return same(md5Crypt(password, stored, '$1$'), stored)
    case '$5$':
    case '$6$':
      return same(await shaCrypt(password, stored), stored)
    case '$2a$':
    case '$2b$':
    case '$2y$':
      return bcrypt(given.replace(/\0.*$/s, ''), stored)
    case undefined:
      // The extended DES of BSD begins with `_`; a lone `*` or `!` locks an account.
      return stored.startsWith('_') ? 'unknown-form' : same(desCrypt(password, stored), stored)
    default:
      return 'unknown-form'
  }
}

/** 2^13 rounds take a second or so here, and each further step of the cost doubles that. */
async function bcrypt(password: string, stored: string): Promise<PasswordVerdict> {
  if (!/^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./0-9A-Za-z]{53}$/.test(stored)) return 'no'
  // It wants text and encodes it itself, so that bytes that are none cannot be given.
  if (/[\udc80-\udcff]/.test(password) && !isUtf8(encodeBytes(password))) return 'unknown-form'
  const { compare } = await import('bcryptjs')
  return (await compare(password, stored)) ? 'yes' : 'no'
}

/** In a time that does not tell where they differ. */
function same(computed: string | Uint8Array | undefined, stored: string): PasswordVerdict {
  if (computed === undefined) return 'no'
  const [left, right] = [digest(computed), digest(encodeBytes(stored))]
  return timingSafeEqual(left, right) ? 'yes' : 'no'
}

function digest(value: string | Uint8Array): Buffer {
  return createHash('sha256').update(value).digest()
}
