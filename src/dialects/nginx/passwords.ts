import type { PasswordForm } from '../../model/index.js'

/** What `auth_basic_user_file` may hold, in the order nginx looks for them. */
export const passwordForms: readonly PasswordForm[] = ['apr1', 'marked-plain', 'salted-sha1', 'sha1', 'crypt']
