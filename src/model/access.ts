import type { Span } from '../diagnostics/index.js'
import type { Condition } from './condition.js'
import type { Assignment } from './request.js'
import type { Template } from './template.js'

/** Rules in order; the first that fits decides, else `otherwise`. */
export interface Access {
  readonly rules: readonly { readonly when: Condition; readonly allow: boolean; readonly origin: Span }[]
  readonly otherwise: 'allow' | 'deny'
}

export interface Authentication {
  /** `guard`: no login is asked for; a guard of the stage `login` lets the request in, as `vouched` says. */
  readonly method: 'none' | 'basic' | 'guard'
  readonly realm: Template
  /** Who has a login; absent: it is known that one is asked for, and not how it is decided. */
  readonly logins?: Logins
  /** The user's name where a guard has said yes; `otherwise` where that is empty. */
  readonly vouched?: { readonly user: Template; readonly otherwise?: string }
  /** Status for an Authorization of the method that cannot be read; absent: as if none had been sent. */
  readonly unreadable?: number
  /** What a name is that `logins` do not hold: wrong, or for others to know (a guard of the stage `login`); `wrong` where absent. */
  readonly unknownUser?: 'wrong' | 'left-to-others'
  /** The only users let in; absent: every one of the file. */
  readonly users?: readonly string[]
  /** What is asked of a user that is known; absent: nothing but that. */
  readonly letsIn?: Condition
  /** Status for one that is known and not let in; absent: 401, to ask for another. */
  readonly refused?: number
  /** Told to the client along with the realm. */
  readonly charset?: string
  /** REMOTE_USER and AUTH_TYPE become variables of the request's environment. */
  readonly intoEnvironment?: true
  /** A REMOTE_USER that is in the environment already (told by an authorizer): is `enough` if he is one of `users`, or the `only` way in. */
  readonly knownUser?: 'enough' | 'only'
  /** Of the login. */
  readonly when: Condition
  /** Another URL of the site must say yes as well; it is asked last. */
  readonly permission?: Permission
  /** Of access rules, login and permission one is enough; all are needed where absent. */
  readonly enough?: 'any'
}

export type Logins =
  | LoginFile
  /** Guards of the stage `login` say so. */
  | { readonly kind: 'guards' }
  /** Nobody says who has one: such a request fails with the status before its login is looked at. */
  | { readonly kind: 'unset'; readonly status: number }

/** A file with `name:password` on each line; the first line of a name counts. Lines that begin with `#` are none. */
export interface LoginFile {
  readonly kind: 'file'
  readonly path: Template
  /** How passwords may be written: a stored one has the first of these forms whose sign it bears. */
  readonly forms: readonly PasswordForm[]
  /** A password ends at the next colon, else with its line. */
  readonly endsAtColon: boolean
  /** Blanks around a line do not belong to it. */
  readonly trimmed?: true
  /** Statuses where there is no such file, and where it cannot be read; absent: nobody has a login, which is 401. */
  readonly missing?: number
  readonly unreadable?: number
}

/**
 * `plain`: as it is, without a sign. `marked-plain`: `{PLAIN}`. `sha1`: `{SHA}`. `salted-sha1`: `{SSHA}`. `apr1`: httpd's
 * MD5, `$apr1$`. `crypt`: whatever crypt(3) of the C library knows (DES, `$1$`, `$2y$`, `$5$`, `$6$`), without a sign of
 * its own.
 */
export type PasswordForm = 'plain' | 'marked-plain' | 'sha1' | 'salted-sha1' | 'apr1' | 'crypt'

/**
 * Another URL of the site is asked, as the same request without arguments and body. Statuses from 200 to 299 let the
 * request through, 401 and 403 become its own, and with others it fails with 500.
 */
export interface Permission {
  readonly to: string
  /** What is made of the answer, whatever it was. */
  readonly sets: readonly Assignment[]
  readonly origin: Span
}
