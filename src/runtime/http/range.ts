import type { Delivery } from '../../model/index.js'

/** A part of a body; `end` is its last byte. */
export interface Part {
  readonly start: number
  readonly end: number
}

/** The part or the parts of a body that were asked for. */
export type RangeChoice =
  | { readonly kind: 'whole' }
  | ({ readonly kind: 'part' } & Part)
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }
  | { readonly kind: 'unsatisfiable' }

const whole: RangeChoice = { kind: 'whole' }
const unsatisfiable: RangeChoice = { kind: 'unsatisfiable' }

/** Reads a Range header (RFC 9110, section 14) for a body of that many bytes. */
export function chooseRange(
  header: string | undefined,
  size: number,
  rules: Delivery['ranges']
): RangeChoice {
  const list = /^bytes=(.*)$/i.exec(header ?? '')?.[1]
  if (list === undefined) return whole
  const wanted = list.split(',')
  if (wanted.length > 1 && rules.several === 'whole') return whole
  const parts: Part[] = []
  for (const text of wanted) {
    const part = readPart(text, size)
    if (part === 'none' && size === 0 && rules.empty === 'whole') return whole
    if (part === 'malformed' || part === 'backwards') {
      if (rules.malformed === 'whole') return whole
      if (part === 'malformed') return unsatisfiable
      continue
    }
    if (part === 'none') continue
    parts.push(part)
    if (parts.length > (rules.most ?? Infinity)) return whole
  }
  const [first] = parts
  if (first === undefined) return unsatisfiable
  if (parts.length === 1) return { kind: 'part', ...first }
  const total = parts.reduce((sum, { start, end }) => sum + end - start + 1, 0)
  return total > size ? whole : { kind: 'parts', parts }
}

/** `none`: behind the end of the body; `backwards`: it ends before it begins. */
function readPart(text: string, size: number): Part | 'malformed' | 'backwards' | 'none' {
  const match = /^[ \t]*(\d*)[ \t]*-[ \t]*(\d*)[ \t]*$/.exec(text)
  const [, first = '', last = ''] = match ?? []
  if (match === null || (first === '' && last === '')) return 'malformed'
  if (first === '') {
    const suffix = Number(last)
    return suffix === 0 || size === 0 ? 'none' : { start: Math.max(0, size - suffix), end: size - 1 }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return 'backwards'
  return start >= size ? 'none' : { start, end: Math.min(last === '' ? Infinity : Number(last), size - 1) }
}
