import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { PasswordForm } from '../../../src/model/index.js'
import { checkPassword } from '../../../src/runtime/passwords/index.js'

interface Login {
  readonly password: string
  readonly stored: string
  readonly form: PasswordForm
}

/** Made by crypt(3) of libxcrypt 4.4, `openssl passwd` and `htpasswd`. */
const logins: readonly Login[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/passwords/logins.json', import.meta.url), 'utf8')
) as readonly Login[]

describe('a stored password', () => {
  test('is that of the tool that made it, and of no other text', async () => {
    for (const { password, stored, form } of logins) {
      expect([stored, await checkPassword(password, stored, form)]).toEqual([stored, 'yes'])
    }
    for (const { stored, form } of logins.filter(({ password }) => password === 'secret')) {
      expect([stored, await checkPassword('Secret', stored, form)]).toEqual([stored, 'no'])
    }
  })

  test.each<[string, PasswordForm]>([
    ['', 'crypt'],
    ['*', 'crypt'],
    ['!!', 'crypt'],
    ['secret', 'crypt'],
    ['$5$rounds=10$ab$Obg7IOH5MYGbPhIPrPkPleaehbt86.IKR69wHoi1R94', 'crypt'],
    ['$5$rounds=x$ab$Obg7IOH5MYGbPhIPrPkPleaehbt86.IKR69wHoi1R94', 'crypt'],
    ['$2y$99$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a', 'crypt'],
    ['{SHA}', 'sha1'],
    ['{SSHA}', 'salted-sha1'],
    ['{SSHA}!', 'salted-sha1'],
    ['$apr1$', 'apr1']
  ])('%j lets nobody in', async (stored, form) => {
    for (const given of ['', 'secret', stored]) {
      expect(await checkPassword(given, stored, form)).toBe('no')
    }
  })

  test.each([
    '$y$j9T$abcdefgh$IUWJt2doU4Kf6E/JP1UkAT3S5O3Q7SSA8SJirXIlEu9',
    '$7$CU..../....abcdefgh$IUWJt2doU4Kf6E/JP1UkAT3S5O3Q7SSA8SJirXIlEu9',
    '_J9..rasmz0.F/jqjWck'
  ])('%j is in a form that is not known', async (stored) => {
    expect(await checkPassword('secret', stored, 'crypt')).toBe('unknown-form')
  })

  test('ends at a zero byte as C has it, and bytes that are no text are compared as bytes', async () => {
    expect(await checkPassword('secret\0more', 'abNANd1rDfiNc', 'crypt')).toBe('yes')
    expect(await checkPassword('\udce9', '\udce9', 'plain')).toBe('yes')
    expect(await checkPassword('é', '\udce9', 'plain')).toBe('no')
  })

  test('is refused where crypt(3) takes no password of that length', async () => {
    expect(await checkPassword('x'.repeat(512), '$1$abcdefgh$BvLLGBOtwd7MkI4sL2Bzi/', 'crypt')).toBe('no')
  })
})
