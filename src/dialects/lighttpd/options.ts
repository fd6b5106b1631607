import type { Problems } from './problems.js'
import type { Shape } from '../vocabulary.js'
import { describe } from './values.js'
import type { Entry, Value } from './values.js'

/**
 * Values as the server takes them (config_plugin_values_init_block): texts for numbers and the words for yes and no are let through,
 * everything else of a wrong type keeps it from starting.
 */

const yes = new Set(['enable', 'enabled', 'true', '1'])
const no = new Set(['disable', 'disabled', 'false', '0'])

/** A yes or no; undefined where the server refuses the value. */
export function flagOf(value: Value): boolean | undefined {
  if (value.kind === 'integer') return value.number % 2 ** 32 !== 0
  if (value.kind === 'list') return undefined
  const word = value.text.toLowerCase()
  if (yes.has(word)) return true
  return no.has(word) ? false : undefined
}

/** A whole number; of one that does not fit the server keeps the low bits, but for texts where it looks at 16. */
export function numberOf(value: Value, bits: 16 | 32): number | undefined {
  const limit = 2 ** bits
  if (value.kind === 'integer') return value.number % limit
  if (value.kind !== 'string' || !/^\d+$/.test(value.text)) return undefined
  const number = Number(value.text)
  return number < limit || bits === 32 ? number % limit : undefined
}

/** Whether the value has the shape its row asks for; says what is wrong otherwise. */
export function fits(name: string, value: Value, shape: Shape, problems: Problems): boolean {
  const expected = expectation(value, shape)
  if (expected === undefined) {
    warnOfCut(name, value, shape, problems)
    return true
  }
  problems.refuse(
    'value',
    expected.at?.span ?? value.span,
    `Unexpected ${describe(expected.at?.value ?? value)} ${expected.at ? 'in' : 'for'} \`${name}\`, expected ${expected.what}`,
    {
      ...(expected.hint !== undefined && { hint: expected.hint })
    }
  )
  return false
}

interface Expected {
  readonly what: string
  /** The element that is wrong. */
  readonly at?: Entry
  readonly hint?: string
}

function expectation(value: Value, shape: Shape): Expected | undefined {
  switch (shape.kind) {
    case 'flag':
      return flagOf(value) === undefined ? { what: '`"enable"` or `"disable"`' } : undefined
    case 'number':
    case 'size':
    case 'time':
      return numberOf(value, bitsOf(shape)) === undefined ? numberExpected(value, shape) : undefined
    case 'text':
    case 'path':
    case 'regex':
    case 'word':
    case 'words':
      return value.kind === 'string' ? undefined : { what: 'a text in double quotes' }
    case 'list':
      return listExpected(value, shape.of)
    case 'arguments':
    case 'block':
      return undefined
  }
}

function bitsOf(shape: Shape): 16 | 32 {
  return shape.kind === 'number' && shape.max === undefined ? 32 : 16
}

function numberExpected(value: Value, shape: Shape): Expected {
  const what = `a number from 0 to ${String(2 ** bitsOf(shape) - 1)}`
  if (value.kind === 'string' && /^\d+[a-z]+$/i.test(value.text)) {
    return {
      what,
      hint: `write the bare number: units such as \`${value.text.replace(/^\d+/, '')}\` are not understood`
    }
  }
  return { what }
}

type ListOf = Extract<Shape, { kind: 'list' }>['of']

function listExpected(value: Value, of: ListOf): Expected | undefined {
  if (value.kind !== 'list') return { what: `a list: \`( ${of === 'text' ? '"…"' : '"…" => "…"'} )\`` }
  const wrong = value.entries.find((entry) => !elementFits(entry, of))
  return wrong === undefined ? undefined : { ...elements[of], at: wrong }
}

function elementFits({ key, value }: Entry, of: ListOf): boolean {
  switch (of) {
    case 'text':
      return key === undefined && value.kind === 'string'
    case 'pair':
      return key !== undefined && value.kind === 'string'
    case 'keyed':
      return key !== undefined
    case 'options':
    case 'host':
      return key !== undefined && value.kind === 'list'
  }
}

const elements: Readonly<Record<ListOf, { readonly what: string; readonly hint?: string }>> = {
  text: { what: 'a list of texts without keys' },
  pair: { what: 'a list of `"key" => "text"`', hint: 'numbers have to stand in double quotes too' },
  keyed: { what: 'a list of `"key" => value`' },
  options: { what: 'a list of `"key" => ( "option" => "text", … )`' },
  host: { what: 'a list of `"extension" => (( "option" => value, … ))`' }
}

function warnOfCut(name: string, value: Value, shape: Shape, problems: Problems): void {
  if (!['number', 'size', 'time'].includes(shape.kind)) return
  const written = value.kind === 'integer' ? value.number : value.kind === 'string' ? Number(value.text) : 0
  tellCut(name, written, value, bitsOf(shape), problems)
}

/** Of a number that does not fit, what is left. */
export function tellCut(
  name: string,
  written: number,
  { span }: Value,
  bits: 16 | 32,
  problems: Problems
): void {
  const limit = 2 ** bits
  if (written < limit) return
  problems.warn(
    'number-cut',
    span,
    `Unexpected \`${String(written)}\` for \`${name}\`: the server keeps its low ${String(bits)} bits, \`${String(written % limit)}\``,
    { hint: `give a number from 0 to ${String(limit - 1)}` }
  )
}
