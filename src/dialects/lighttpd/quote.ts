/**
 * Texts of a lighttpd.conf, both directions. The only escape is `\"`: every other backslash stays as it is, so that a text
 * which ends in a backslash, or has one before a quote, cannot be written.
 */

/** The text in quotes; ask `unwritable` first. */
export function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`
}

/** Why a text cannot stand in a configuration at all; undefined if it can. */
export function unwritable(text: string): string | undefined {
  if (text.includes('\0')) return 'lighttpd has no way to write a NUL'
  if (text.endsWith('\\')) return 'in lighttpd no string can end in a backslash'
  if (text.includes('\\"')) return 'lighttpd has no way to write a backslash before a quote'
  return undefined
}

/** The text of a string as it is written, quotes included. */
export function unquote(written: string): string {
  return written.slice(1, -1).replaceAll('\\"', '"')
}
