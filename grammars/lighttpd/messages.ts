/** What to say of a character that can begin no word of the language, and what was probably meant. */
export function explainStray(text: string, at: number): { readonly message: string; readonly hint?: string } {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
  const hint = hints.get(character)
  const shown = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)
    ? `\`${character}\``
    : `character U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  return { message: `Unexpected ${shown}`, ...(hint !== undefined && { hint }) }
}

const hints: ReadonlyMap<string, string> = new Map([
  ["'", 'write strings with double quotes: single quotes have no meaning'],
  ['\u2018', 'write strings with double quotes: these are typographic quotes'],
  ['\u201c', 'write strings with plain double quotes: these are typographic quotes'],
  ['\u201d', 'write strings with plain double quotes: these are typographic quotes'],
  [';', 'remove it: a statement ends where its line ends'],
  ['\ufeff', 'save the file without a byte order mark'],
  ['/', 'comments begin with `#`, and paths stand in double quotes'],
  ['!', 'use `!=` and `!~` in conditions only'],
  [':', 'write `:=` to replace an earlier value, or put the text in double quotes']
])
