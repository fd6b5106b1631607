import type { PasswordForm } from '../../model/index.js'

/** What `AuthUserFile` may hold, in the order httpd looks for them; plain text only on other systems than this one's. */
export const passwordForms: readonly PasswordForm[] = ['apr1', 'sha1', 'crypt']
