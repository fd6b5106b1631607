import type { Note, Authentication, PasswordForm, Template } from '../model/index.js'

/** A login that a server with these forms of passwords can ask for in the same way. */
export interface WritableLogin {
  readonly path: Template
  /** Forms that may stand in the file and that the target does not know. */
  readonly unknown: readonly PasswordForm[]
}

/** Undefined where nobody could come in, or where more is asked than name and password. */
export function writableLogin(
  { logins, permission, enough, when, users, letsIn, knownUser }: Authentication,
  known: readonly PasswordForm[]
): WritableLogin | undefined {
  if (logins?.kind !== 'file' || permission !== undefined || enough !== undefined) return undefined
  if (when.kind !== 'always' || users !== undefined || letsIn !== undefined || knownUser !== undefined)
    return undefined
  if (!logins.forms.some((form) => known.includes(form))) return undefined
  return { path: logins.path, unknown: logins.forms.filter((form) => !known.includes(form)) }
}

const written: Readonly<Record<PasswordForm, string>> = {
  plain: 'as plain text',
  'marked-plain': 'as {PLAIN}',
  sha1: 'as {SHA}',
  'salted-sha1': 'as {SSHA}',
  apr1: 'as $apr1$',
  crypt: 'by crypt(3)'
}

/** What to say of passwords that let nobody in any more. */
export function unknownForms(unknown: readonly PasswordForm[], server: string): string {
  return `${server} knows no passwords that are stored ${unknown.map((form) => written[form]).join(' or ')}; such logins are refused`
}

/** Where no login is asked for inside a place whose own could not be written. */
export const closedAround: Note = {
  message: 'a login further out could not be written, and what it guards is closed, this place as well',
  affects: ['status', 'routing', 'body']
}
