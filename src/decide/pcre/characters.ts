/** What one character of a pattern is in JavaScript, and the escapes that stand for one. */

/** The pattern has no counterpart in JavaScript; `message` names the construct. */
export class Untranslatable extends Error {}

/** Sets of characters that JavaScript has no escape for, or another one: what stands between brackets. */
export const spaces = '\\t-\\r '
export const horizontal = '\\t \\xa0'
export const vertical = '\\n-\\r\\x85'

const controls: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['f', '\f'],
  ['e', '\x1b'],
  ['a', '\x07']
])

export interface Character {
  readonly text: string
  /** How many characters of the source it takes. */
  readonly length: number
}

/** The character that an escape at the beginning of `rest` stands for; undefined where it stands for anything else. */
export function characterEscape(rest: string): Character | undefined {
  const hex = /^\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{0,2}))/.exec(rest)
  if (hex !== null) {
    const code = parseInt(hex[1] ?? hex[2] ?? '', 16)
    return { text: String.fromCodePoint(Number.isNaN(code) ? 0 : code), length: hex[0].length }
  }
  const octal = /^\\0([0-7]{0,2})/.exec(rest)
  if (octal !== null)
    return { text: String.fromCharCode(parseInt(`0${octal[1] ?? ''}`, 8)), length: octal[0].length }
  const control = controls.get(rest[1] ?? '')
  return control === undefined ? undefined : { text: control, length: 2 }
}

/** One literal character; letters stand for both cases where that is asked for. */
export function literal(unit: string, ignoreCase: boolean): string {
  if (ignoreCase) {
    const lower = unit.toLowerCase()
    const upper = unit.toUpperCase()
    if (lower !== upper && lower.length === 1 && upper.length === 1) return `[${lower}${upper}]`
  }
  return /[\\^$.*+?()[\]{}|/]/.test(unit) ? `\\${unit}` : unit
}
