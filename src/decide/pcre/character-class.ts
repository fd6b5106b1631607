import { Untranslatable, characterEscape, horizontal, spaces, vertical } from './characters.js'
import { propertySet } from './property.js'

const posixClasses: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t-\\r ',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f'
}

/** What stands in a class: one character, or the `set` that an escape or a name means. */
interface Item {
  readonly text: string
  readonly set?: string
  readonly length: number
  readonly onlyAscii?: true
}

/**
 * The class whose bracket stands at `start` of `source`, in JavaScript, and where the source goes on behind it.
 *
 * @throws {Untranslatable} where JavaScript has nothing like it.
 */
export function characterClass(
  source: string,
  start: number,
  ignoreCase: boolean
): { readonly text: string; readonly end: number; readonly onlyAscii: boolean } {
  let at = start + 1
  const negated = source[at] === '^'
  if (negated) at += 1
  const parts: string[] = []
  let onlyAscii = false
  let first = true
  for (;;) {
    const unit = source[at]
    if (unit === undefined) throw new Untranslatable('a class is not closed')
    // A bracket that comes first stands for itself.
    if (unit === ']' && !first) break
    first = false
    const item = itemAt(source, at, ignoreCase)
    onlyAscii ||= item.onlyAscii === true
    at += item.length
    const to = rangeEnd(source, at, item, ignoreCase)
    if (to === undefined) {
      parts.push(item.set ?? range(item.text, item.text, ignoreCase))
      continue
    }
    parts.push(range(item.text, to.text, ignoreCase))
    at += 1 + to.length
  }
  return { text: `[${negated ? '^' : ''}${parts.join('')}]`, end: at + 1, onlyAscii }
}

function rangeEnd(source: string, at: number, from: Item, ignoreCase: boolean): Item | undefined {
  const next = source[at + 1]
  if (source[at] !== '-' || next === ']' || next === undefined || from.set !== undefined) return undefined
  const to = itemAt(source, at + 1, ignoreCase)
  return to.set === undefined ? to : undefined
}

function itemAt(source: string, at: number, ignoreCase: boolean): Item {
  const unit = source[at] ?? ''
  if (unit === '[') {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(source.slice(at, at + 16))
    if (posix !== null) return posixItem(posix[0], posix[1] === '^', posix[2] ?? '', ignoreCase)
  }
  if (unit !== '\\') return { text: unit, length: 1 }
  const rest = source.slice(at, at + 12)
  const character = characterEscape(rest)
  if (character !== undefined) return character
  const property = propertySet(rest, ignoreCase)
  if (property !== undefined) return { text: '', ...property }
  const next = rest[1] ?? ''
  if (next === 'b') return { text: '\b', length: 2 }
  if (/[dDwW]/.test(next)) return { text: '', set: `\\${next}`, length: 2 }
  if (next === 's') return { text: '', set: spaces, length: 2 }
  if (next === 'S') return { text: '', set: '\\x00-\\x08\\x0e-\\x1f!-\\uffff', length: 2 }
  if (next === 'h') return { text: '', set: horizontal, length: 2 }
  if (next === 'v') return { text: '', set: vertical, length: 2 }
  if (/[A-Za-z0-9]/.test(next)) throw new Untranslatable(`\`\\${next}\` in a class`)
  return { text: next, length: 2 }
}

function posixItem(text: string, negated: boolean, name: string, ignoreCase: boolean): Item {
  const set = posixClasses[ignoreCase && (name === 'lower' || name === 'upper') ? 'alpha' : name]
  if (set === undefined || negated) throw new Untranslatable(`\`${text}\``)
  return { text: '', set, length: text.length }
}

function range(from: string, to: string, ignoreCase: boolean): string {
  if (from > to) throw new Untranslatable(`the range ${from}-${to} is out of order`)
  const text = from === to ? classUnit(from) : `${classUnit(from)}-${classUnit(to)}`
  if (!ignoreCase) return text
  return text + otherCase(from, to, 'a', 'z', -32) + otherCase(from, to, 'A', 'Z', 32)
}

/** The part of a range that lies within the letters, moved to the other case. */
function otherCase(from: string, to: string, low: string, high: string, shift: number): string {
  const start = from > low ? from : low
  const end = to < high ? to : high
  if (start > end) return ''
  const move = (unit: string): string => String.fromCharCode(unit.charCodeAt(0) + shift)
  return start === end ? move(start) : `${move(start)}-${move(end)}`
}

function classUnit(unit: string): string {
  if (/[\\\]^[-]/.test(unit)) return `\\${unit}`
  const code = unit.charCodeAt(0)
  return code < 32 ? `\\x${code.toString(16).padStart(2, '0')}` : unit
}
