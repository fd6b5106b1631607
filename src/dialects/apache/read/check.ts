import { nearest } from '../../../diagnostics/index.js'
import type { FolderRules } from '../../../model/index.js'
import type { Shape } from '../../vocabulary.js'
import { apacheVocabulary } from '../vocabulary/index.js'
import { classesOf } from '../vocabulary/overrides.js'
import type { Line } from './line.js'
import type { Modules } from './modules.js'
import type { Place } from './place.js'
import type { Report } from './report.js'
import { valuesProblem } from './values.js'

/** Whether httpd takes the line where it stands; if not, it has been said why. */
export function accepts(
  line: Line,
  place: Place,
  modules: Modules,
  report: Report,
  isNamed: (authority: string) => boolean
): boolean {
  if (line.entry === undefined) return unknown(line, modules, report)
  const { row } = line.entry
  if (row.module !== undefined && !modules.provides(row.module) && !isThere(row.orModule, modules)) {
    const message = `\`${line.name}\` belongs to \`${row.module}\`, which is not loaded`
    report.refuse(
      'module-not-loaded',
      line.nameSpan,
      message,
      `load it above with \`LoadModule ${identifier(row.module)} …\``
    )
    return false
  }
  if (!row.where.includes(place.context)) {
    const allowed = [...new Set(row.where.flatMap((where) => contextNames.get(where) ?? []))].join(', ')
    const message = `\`${line.name}\` is not allowed ${contextName(place)}`
    report.refuse('wrong-context', line.nameSpan, message, `it is allowed ${allowed}`)
    return false
  }
  const around = modules.whole ? { place, isNamed } : { place }
  const problem = wordsProblem(line, row.shape) ?? valuesProblem(line, around)
  if (problem === undefined) return true
  const comment = line.words.find(({ value }, index) => index > 0 && value.startsWith('#'))
  if (comment === undefined) report.refuse('bad-arguments', line.span, problem, row.doc)
  else
    report.refuse(
      'trailing-comment',
      comment.span,
      'A comment cannot stand behind a directive',
      'move the comment to a line of its own'
    )
  return false
}

/** Whether a `.htaccess` file may say it: else it is passed over, or an error. */
export function overrides(
  line: Line,
  allowed: FolderRules,
  report: Report
): 'taken' | 'passed-over' | 'refused' {
  const { classes, directives, passedOver } = allowed
  if (line.entry === undefined) {
    if (passedOver.includes('unknown')) return 'passed-over'
    report.refuse('unknown-directive', line.nameSpan, `No directive \`${line.name}\` is known`)
    return 'refused'
  }
  const isListed = directives.some((name) => name.toLowerCase() === line.name.toLowerCase())
  const possible = classesOf(line.name)
  if (isListed || possible.some((one) => classes.includes(one))) return optionsAllowed(line, allowed, report)
  if (passedOver.includes('not-allowed')) return 'passed-over'
  const hint =
    possible.length === 0
      ? 'it belongs into the main configuration'
      : `\`AllowOverride ${possible[0] ?? ''}\` for this folder would allow it`
  report.refuse(
    'not-allowed-here',
    line.nameSpan,
    `\`${line.name}\` is not allowed in this \`.htaccess\``,
    hint
  )
  return 'refused'
}

function optionsAllowed(
  line: Line,
  { options, passedOver }: FolderRules,
  report: Report
): 'taken' | 'passed-over' | 'refused' {
  if (line.name !== 'Options' || options === undefined) return 'taken'
  const odd = line.words.find(({ value }) => !options.includes(value.replace(/^[+-]/, '').toLowerCase()))
  if (odd === undefined) return 'taken'
  if (passedOver.includes('not-allowed')) return 'passed-over'
  report.refuse(
    'not-allowed-here',
    odd.span,
    `Option \`${odd.value}\` is not allowed in this \`.htaccess\``,
    `\`AllowOverride\` allows ${options.join(', ')}`
  )
  return 'refused'
}

function isThere(module: string | undefined, modules: Modules): boolean {
  return module !== undefined && modules.isThere(`${module}.c`)
}

const directiveNames = (): readonly string[] =>
  [...apacheVocabulary.keys()].filter((name) => /^[A-Z]/i.test(name))
/** A text with more findings than this is no configuration of httpd's; guessing takes time. */
const mostSuggestions = 100

/** In a fragment a directive may belong to a module that nobody here knows; a whole configuration is refused. */
function unknown(line: Line, modules: Modules, report: Report): boolean {
  const guess = report.diagnostics.length > mostSuggestions ? undefined : nearest(line.name, directiveNames())
  const hint =
    guess === undefined ? 'load the module it belongs to, or remove it' : `did you mean \`${guess}\`?`
  const message = `No directive \`${line.name}\` is known`
  if (modules.whole) report.refuse('unknown-directive', line.nameSpan, message, hint)
  else report.warn('unknown-directive', line.nameSpan, message, hint)
  return false
}

const contextNames: ReadonlyMap<string, string> = new Map([
  ['main', 'in the main server'],
  ['vhost', 'in `<VirtualHost>`'],
  ['directory', 'in `<Directory>`'],
  ['location', 'in `<Location>`'],
  ['files', 'in `<Files>`'],
  ['if', 'in `<If>`'],
  ['proxy', 'in `<Proxy>`'],
  ['htaccess', 'in `.htaccess`']
])

function contextName(place: Place): string {
  return contextNames.get(place.context) ?? 'here'
}

function identifier(module: string): string {
  return `${module.replace(/^mod_/, '')}_module`
}

function wordsProblem(line: Line, shape: Shape): string | undefined {
  const { length } = line.words
  const first = line.words[0]?.value ?? ''
  const directive = `\`${line.name}\``
  switch (shape.kind) {
    case 'flag':
      return /^(on|off)$/i.test(first) ? undefined : `${directive} must be \`On\` or \`Off\``
    case 'word':
      if (length !== 1) return `${directive} takes one argument`
      return shape.of.some((one) => one.toLowerCase() === first.toLowerCase())
        ? undefined
        : `${directive} takes ${shape.of.map((one) => `\`${one}\``).join(', ')}, not \`${first}\``
    case 'text':
    case 'path':
    case 'time':
    case 'size':
    case 'regex':
      return length === 1 ? undefined : `${directive} takes one argument`
    case 'number':
      return numberProblem(directive, first, length, shape.min)
    case 'arguments':
      return countProblem(directive, length, shape.min, shape.max)
    case 'block':
      return countProblem(`\`<${line.name}>\``, length, shape.arguments[0], shape.arguments[1])
    case 'words':
    case 'list':
      return length > 0 ? undefined : `${directive} needs an argument`
  }
}

/** Most numbers are read by atol, which takes anything; those with a range are looked at. */
function numberProblem(
  directive: string,
  first: string,
  length: number,
  min: number | undefined
): string | undefined {
  if (length !== 1) return `${directive} takes one argument`
  if (min === undefined) return undefined
  if (!/^[+-]?\d+$/.test(first)) return `\`${first}\` is no whole number`
  return Number(first) < min ? `${directive} must be at least ${min}` : undefined
}

function countProblem(directive: string, count: number, min: number, max: number): string | undefined {
  if (count >= min && count <= max) return undefined
  const few = (number: number): string => `${number} argument${number === 1 ? '' : 's'}`
  if (count < min) return `${directive} needs at least ${few(min)}`
  return `${directive} takes at most ${few(max)}`
}
