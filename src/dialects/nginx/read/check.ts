import { rowIn, type NginxContext, type NginxRow } from '../vocabulary/index.js'
import type { Span } from '../../../diagnostics/index.js'
import { parseSize, parseTime } from '../../../model/index.js'
import type { Shape } from '../../vocabulary.js'
import { nameOf, type Item, type Session } from './session.js'
import { readTemplate } from './variables.js'
import { parseFlag, parseNumber, captures, regexProblem } from './values.js'

const places: Readonly<Record<NginxContext, string>> = {
  main: 'the top of the file',
  events: '`events`',
  http: '`http`',
  server: '`server`',
  location: '`location`',
  'if-in-server': 'an `if` of a server',
  'if-in-location': 'an `if` of a location',
  limit_except: '`limit_except`',
  upstream: '`upstream`',
  stream: '`stream`',
  mail: '`mail`'
}

/** Directives whose size counts an offset in a file and so may be given in `g`. */
const offsets = /^(?:client_max_body_size|\w+_cache_max_range_offset)$/

/**
 * Whether nginx takes this directive here: known, in its place, with as many words and such values as it wants.
 * What it refuses is reported; the row is given only for what can be read further.
 */
export function check(session: Session, item: Item, context: NginxContext): NginxRow | undefined {
  const row = rowIn(context, nameOf(item.directive))
  if (row === undefined) {
    // The rule for unknown keys says so to the user.
    if (!session.fragment) session.refused = true
    return undefined
  }
  if (row.foreign !== undefined) reportForeign(session, item, row.foreign)
  if (!row.where.includes(context)) {
    reportPlace(session, item, context, row)
    return undefined
  }
  return checkForm(session, item, row) && checkCount(session, item, row) && checkValues(session, item, row)
    ? row
    : undefined
}

/** A server with the module takes it, so this is no refusal. */
function reportForeign(session: Session, item: Item, origin: string): void {
  const module = /^the module (\S+)$/.exec(origin)?.[1]
  if (session.given.modules?.some((name) => plainName(name) === module) === true) return
  const message = `\`${nameOf(item.directive)}\` belongs to ${origin}; nginx ${session.version} alone refuses it`
  session.warn(
    'nginx/foreign-directive',
    session.head(item),
    message,
    'load the module, or remove the directive'
  )
}

/** `ngx_http_upload_progress_module` and `upload_progress` are one. */
function plainName(module: string): string {
  return module.replace(/^ngx_http_/, '').replace(/_module$/, '')
}

function reportPlace(session: Session, item: Item, context: NginxContext, row: NginxRow): void {
  const name = nameOf(item.directive)
  const allowed = row.where.map((where) => places[where])
  session.refuse(
    'nginx/wrong-context',
    session.head(item),
    `The directive \`${name}\` is not allowed in ${places[context]}`,
    `it may stand in ${allowed.join(', ')}`
  )
}

/** A block where one is due, `;` where none is. */
function checkForm(session: Session, item: Item, row: NginxRow): boolean {
  const { body } = item.directive
  const name = nameOf(item.directive)
  const span = session.head(item)
  if (row.shape.kind === 'block') {
    if (body.kind === 'block' || body.kind === 'code') return true
    const message = `The directive \`${name}\` has no block`
    session.refuse('nginx/wrong-form', span, message, 'write `{ … }` in place of `;`')
    return false
  }
  if (body.kind === 'none' || body.kind === 'missing') return true
  const message = `The directive \`${name}\` takes no block, expected \`;\``
  session.refuse(
    'nginx/wrong-form',
    span,
    message,
    'end it with `;`; a regular expression that holds braces must stand in quotes'
  )
  return false
}

const some = [1, Infinity] as const
const one = [1, 1] as const

export function argumentCount(shape: Shape): readonly [min: number, max: number] {
  switch (shape.kind) {
    case 'arguments':
      return [shape.min, shape.max]
    case 'block':
      return shape.arguments
    case 'words':
    case 'list':
      return some
    default:
      return one
  }
}

function checkCount(session: Session, item: Item, row: NginxRow): boolean {
  const { directive } = item
  const [min, max] = argumentCount(row.shape)
  const count = directive.args.length
  if (count >= min && count <= max) return true
  const name = nameOf(directive)
  const swallowed = swallowedDirective(session, item)
  if (swallowed !== undefined) {
    const { before, name: next } = swallowed
    session.refused = true
    session.report({
      code: 'nginx/missing-semicolon',
      severity: 'error',
      message: `Missing \`;\`: \`${name}\` takes the next line, \`${next}\`, for arguments`,
      span: { file: item.file, start: directive.start, end: before },
      hint: `end \`${name}\` with \`;\``,
      fix: {
        title: 'insert `;`',
        safety: 'safe',
        edits: [{ span: { file: item.file, start: before, end: before }, text: ';' }]
      }
    })
    return false
  }
  const message = `\`${name}\` has ${plural(count)}, expected ${expected(min, max)}`
  session.refuse(
    'nginx/argument-count',
    session.head(item),
    message,
    'put a value that holds spaces in quotes'
  )
  return false
}

/** A word at the begin of a line that is a directive's name: the `;` before it is missing. */
function swallowedDirective(
  session: Session,
  { directive, file }: Item
): { readonly before: number; readonly name: string } | undefined {
  const text = session.texts.get(file) ?? ''
  let before = directive.name.end
  for (const word of directive.args) {
    if (text.slice(before, word.start).includes('\n') && rowIn('server', word.value) !== undefined) {
      return { before, name: word.value }
    }
    before = word.end
  }
  return undefined
}

function plural(count: number): string {
  return count === 0 ? 'no argument' : count === 1 ? 'one argument' : `${count} arguments`
}

function expected(min: number, max: number): string {
  if (min === max) return min === 0 ? 'none' : String(min)
  return max === Infinity ? `at least ${min}` : `${min} to ${max}`
}

function checkValues(session: Session, item: Item, row: NginxRow): boolean {
  const name = nameOf(item.directive)
  const { each, variables } = row
  return item.directive.args.every((word, index) => {
    if (variables === 'all' || (variables === 'first' && index === 0)) readTemplate(session, item, word)
    const isOdd = each !== undefined && index >= (each.from ?? 0) && !each.fits.test(word.value)
    const wanted = isOdd ? each.wanted : unmet(row.shape, name, word.value)
    if (wanted === undefined) return true
    refuseValue(session, item, word.value, wanted, { file: item.file, start: word.start, end: word.end })
    return false
  })
}

export function refuseValue(
  session: Session,
  item: Item,
  value: string,
  wanted: string,
  span = session.head(item)
): void {
  const message = `Invalid value \`${value}\` of \`${nameOf(item.directive)}\`, expected ${wanted}`
  session.refuse('nginx/invalid-value', span, message)
}

/** What a value should have been; undefined where it is right. */
function unmet(shape: Shape, name: string, value: string): string | undefined {
  switch (shape.kind) {
    case 'flag':
      return parseFlag(value) === undefined ? '`on` or `off`' : undefined
    case 'number': {
      const { min = 0, max = Infinity } = shape
      const count = parseNumber(value)
      const isWithin = count !== undefined && count >= min && count <= max
      if (isWithin) return undefined
      if (max < Infinity) return `a number from ${min} to ${max}`
      return min > 0 ? `a number from ${min}` : 'a number'
    }
    case 'size': {
      const offset = offsets.test(name)
      const units = offset ? '`k`, `m` or `g`' : '`k` or `m`'
      return parseSize(value, offset) === undefined
        ? `digits, or digits with ${units} behind them`
        : undefined
    }
    case 'time':
      return parseTime(value, shape.unit) === undefined
        ? 'a time such as `30`, `500ms` or `1h30m`, units from large to small'
        : undefined
    case 'word':
    case 'words':
      return shape.of.some((known) => known.toLowerCase() === value.toLowerCase())
        ? undefined
        : shape.of.map((known) => `\`${known}\``).join(', ')
    case 'regex': {
      const problem = regexProblem(value)
      if (problem !== undefined) return `a regular expression; this one has ${problem}`
      const { groups } = shape
      return groups === undefined || captures(value).count === groups
        ? undefined
        : `a regular expression with ${groups} groups, this one has ${captures(value).count}: \`^(.+?\\.php)(/.*)$\``
    }
    case 'text':
    case 'path':
    case 'list':
    case 'arguments':
    case 'block':
      return undefined
  }
}

export function checkRegex(session: Session, item: Item, source: string, span: Span): boolean {
  const problem = regexProblem(source)
  if (problem === undefined) return true
  const message = `Invalid regular expression \`${source}\` in \`${nameOf(item.directive)}\`: it has ${problem}`
  session.refuse(
    'nginx/invalid-regex',
    span,
    message,
    'mind that a backslash takes the special meaning from a character'
  )
  return false
}
