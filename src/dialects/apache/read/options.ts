import type { Span } from '../../../diagnostics/index.js'
import { nearest } from '../../../diagnostics/index.js'
import { lookUpOption, optionsOf, type Entry } from '../vocabulary/index.js'
import type { Line, Word } from './line.js'
import type { Report } from './report.js'
import { stateOf } from './state.js'

/** One option of a FastCgi* line. */
export interface Option {
  readonly name: string
  readonly value: string
  readonly span: Span
}

/** Names that were spelt wrong in early releases and still work. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['-multiThreshhold', '-multiThreshold'],
  ['-singleThreshhold', '-singleThreshold']
])

/**
 * The options of a line, each a record of its own; undefined once httpd would have refused it. A repeated option is
 * given as often as it stands there.
 */
export function readOptions(
  line: Line,
  words: readonly Word[],
  report: Report
): readonly Option[] | undefined {
  const directive = line.entry?.row.deprecated?.instead ?? line.name
  const options: Option[] = []
  let refused = false
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (word === undefined) break
    const entry = lookUpOption(directive, word.value)
    if (entry === undefined) {
      unknownOption(directive, word, report)
      refused = true
      continue
    }
    const takesValue = entry.row.shape.kind !== 'flag'
    // `-pass-header` alone at the end of a line is accepted.
    const value = takesValue ? words[at + 1] : undefined
    const span =
      value === undefined ? word.span : { ...word.span, end: Math.max(word.span.end, value.span.end) }
    const wrong = takesValue ? valueProblem(entry, value?.value) : undefined
    if (wrong !== undefined) {
      report.refuse(
        'bad-option-value',
        span,
        `${wrong} for \`${entry.name}\` of \`${directive}\``,
        entry.row.doc
      )
      refused = true
    }
    report.record({
      name: entry.name,
      within: directive,
      span,
      comments: [],
      state: stateOf(entry.row.state)
    })
    options.push({ name: spellings.get(entry.name) ?? entry.name, value: value?.value ?? '', span })
    if (takesValue) at += 1
  }
  const variables = options.filter(({ name }) => name === '-initial-env')
  const tooMany = variables[mostVariables]
  if (tooMany !== undefined) {
    const message = `\`-initial-env\` may stand at most ${mostVariables} times`
    report.refuse('bad-option-value', tooMany.span, message, 'set the others in the application itself')
    return undefined
  }
  return refused ? undefined : options
}

/** `MAX_INIT_ENV_VARS` */
const mostVariables = 64

function unknownOption(directive: string, word: Word, report: Report): void {
  report.record({
    name: word.value,
    within: directive,
    span: word.span,
    comments: [],
    state: { kind: 'unknown' }
  })
  if (word.value.startsWith('#')) {
    const hint = 'move the comment to a line of its own'
    report.refuse('trailing-comment', word.span, 'A comment cannot stand behind a directive', hint)
    return
  }
  const elsewhere = ['FastCgiServer', 'FastCgiExternalServer', 'FastCgiConfig'].filter(
    (other) => lookUpOption(other, word.value) !== undefined
  )
  const guess = nearest(word.value, optionsOf(directive))
  const hint =
    elsewhere.length > 0
      ? `it belongs to ${elsewhere.map((one) => `\`${one}\``).join(' and ')}`
      : guess === undefined
        ? `remove it; options begin with \`-\``
        : `did you mean \`${guess}\`?`
  report.refuse('unknown-option', word.span, `\`${directive}\` has no option \`${word.value}\``, hint)
}

/** Numbers are read by strtol over the whole word; the unsigned ones take negative numbers without a word. */
function valueProblem({ name, row }: Entry, value: string | undefined): string | undefined {
  if (value === undefined) return name === '-pass-header' ? undefined : 'A value is missing'
  if (name === '-gainValue') {
    const number = Number(value)
    if (value === 'nan') return undefined
    return value.trim() === '' || Number.isNaN(number) || number < 0 || number > 1
      ? `\`${value}\` is not a number from 0 to 1`
      : undefined
  }
  const { shape } = row
  if (shape.kind !== 'number') return undefined
  if (!/^\s*[+-]?\d+$/.test(value)) return `\`${value}\` is no whole number`
  const number = Number(value)
  const unsigned = !signed.includes(name)
  if (unsigned && number < 0) return undefined
  if (shape.min !== undefined && number < shape.min) return `\`${value}\` is less than ${shape.min}`
  if (shape.max !== undefined && number > shape.max) return `\`${value}\` is more than ${shape.max}`
  return undefined
}

const signed = [
  '-maxClassProcesses',
  '-minProcesses',
  '-multiThreshold',
  '-multiThreshhold',
  '-singleThreshold',
  '-singleThreshhold',
  '-init-start-delay',
  '-min-server-life',
  '-port'
]

/** The last of several counts. */
export function lastOption(options: readonly Option[], name: string): Option | undefined {
  return options.findLast((option) => option.name === name)
}

/** A negative number becomes a huge unsigned one: no limit that anybody reaches. */
export function numberOf(options: readonly Option[], name: string, standard: number): number {
  const option = lastOption(options, name)
  if (option === undefined) return standard
  const number = Number(option.value)
  return number < 0 ? number + 2 ** 32 : number
}
