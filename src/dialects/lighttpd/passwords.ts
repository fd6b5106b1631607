import type { PasswordForm } from '../../model/index.js'

/** What the files of the backends may hold, in the order lighttpd looks for them. */
export const passwordForms: Readonly<Record<'plain' | 'htpasswd', readonly PasswordForm[]>> = {
  plain: ['plain'],
  htpasswd: ['sha1', 'apr1', 'crypt']
}
