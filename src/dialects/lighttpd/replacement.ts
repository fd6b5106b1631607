import type { Condition, Subject, Template, TemplateFunction, TemplatePart } from '../../model/index.js'
import { variable } from '../../model/index.js'
import type { Place } from './blocks.js'

/** What stands in place of what a rule of url.rewrite* or url.redirect matched. */
export interface Replacement {
  readonly template: Template
  /** The query is put behind it (`${qsa}` at the end). */
  readonly appendsQuery: boolean
}

/**
 * `$1` of the rule, `%1` of the block it stands in, `${url.path}` and the like (pcre_keyvalue_buffer_subst). Undefined where something is
 * not read.
 */
export function readReplacement(text: string, block: Place): Replacement | undefined {
  const appendsQuery = text.endsWith('${qsa}')
  const parts: TemplatePart[] = []
  const pattern = /([$%])(?:(\d)|\{([^}]*)(\}?)|(\1))/g
  const written = appendsQuery ? text.slice(0, -'${qsa}'.length) : text
  let at = 0
  for (const found of written.matchAll(pattern)) {
    const [whole, sign = '', digit, inner, closing, doubled] = found
    pushText(parts, written.slice(at, found.index))
    at = found.index + whole.length
    if (doubled !== undefined) pushText(parts, doubled)
    // What is left open ends the text.
    else if (closing === '') return { template: parts, appendsQuery: false }
    else {
      const template = digit === undefined ? extended(sign, inner ?? '', block) : group(sign, digit, block)
      if (template === undefined) return undefined
      parts.push(...template)
    }
  }
  pushText(parts, written.slice(at))
  return { template: parts, appendsQuery }
}

function pushText(parts: TemplatePart[], text: string): void {
  if (text !== '') parts.push({ kind: 'text', text })
}

function group(sign: string, digit: string, block: Place): Template {
  if (sign === '$') return [{ kind: 'capture', group: Number(digit), from: 'rule' }]
  if (digit === '0' && !hasExpression(block)) return compared(block.condition)
  return [{ kind: 'capture', group: Number(digit), from: 'scope' }]
}

function hasExpression(block: Place): boolean {
  const { condition, parent } = block
  if (condition?.kind === 'test' && condition.test.kind === 'regex') return true
  return parent !== undefined && hasExpression(parent)
}

/** Without an expression, `%0` is all of what the block's condition compares. */
function compared(condition: Condition | undefined): Template {
  return condition?.kind === 'test' ? subjectText(condition.subject) : []
}

function subjectText(subject: Subject): Template {
  switch (subject.of) {
    case 'host':
      return variable('request.authority')
    case 'path':
      return variable('path')
    case 'query':
      return variable('query')
    case 'method':
      return variable('request.method')
    case 'scheme':
      return variable('request.scheme')
    case 'remote-address':
      return variable('remote.address')
    case 'header':
      return [{ kind: 'header', name: subject.name }]
    case 'filename':
    case 'basename':
    case 'passed-to':
    case 'listener':
    case 'text':
      return []
  }
}

/** What is done with a value: how it is escaped, and whether its letters are made small. */
interface Form {
  readonly escape: TemplateFunction | 'none' | undefined
  readonly small: boolean
}

/** In the order in which the first one that is asked for counts. */
const escapes: ReadonlyMap<string, TemplateFunction | 'none'> = new Map<string, TemplateFunction | 'none'>([
  ['noesc', 'none'],
  ['noescape', 'none'],
  ['esc', 'escape-all'],
  ['escape', 'escape-all'],
  ['escpsnde', 'escape-once'],
  ['encb64u', 'base64url']
])

/** Both make letters small: 1.4.69 takes `toupper` for the other one (pcre_keyvalue_buffer_subst_ext). */
const small = new Set(['tolower', 'toupper'])

/** `${esc:1}`, `%{1}`, `${url.path}`. */
function extended(sign: string, inner: string, block: Place): Template | undefined {
  const names = inner.split(':')
  const last = names.pop() ?? ''
  if (!names.every((name) => escapes.has(name) || small.has(name))) return undefined
  const form: Form = {
    escape: [...escapes].find(([name]) => names.includes(name))?.[1],
    small: names.some((name) => small.has(name))
  }
  if (/^\d\d?$/.test(last)) return shaped(group(sign, String(Number(last)), block), form, 'escape-once')
  const found = named(last)
  return found && shaped(found, form, 'none')
}

function shaped(template: Template, { escape, small }: Form, usual: TemplateFunction | 'none'): Template {
  // Letters alone are not enough said: 1.4.69 then adds nothing at all (burl_append).
  if (escape === undefined && small) return []
  const how = escape ?? usual
  const escaped: Template = how === 'none' ? template : [{ kind: 'apply', function: how, to: template }]
  return small ? [{ kind: 'apply', function: 'lower-case-outside-escapes', to: escaped }] : escaped
}

function named(name: string): Template | undefined {
  switch (name) {
    case 'url.scheme':
      return variable('request.scheme')
    case 'url.authority':
      return variable('request.authority')
    case 'url.port':
      return variable('server.port')
    case 'url.path':
      return variable('uri.path')
    case 'url.query':
      return variable('query')
    default:
      return undefined
  }
}
