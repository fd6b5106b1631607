import { literal, variable } from '../../../model/index.js'
import type {
  PathRuleCondition,
  Template,
  TemplateFunction,
  TemplatePart,
  Test
} from '../../../model/index.js'
import { parseExpression } from './expression.js'
import { named as namedInExpression, type Unclear } from './interpolation.js'
import type { Line } from './line.js'
import { regex } from './patterns.js'
import type { Place } from './place.js'

/** A map of mod_rewrite: a function, or a file of lines; undefined for one that is not followed here. */
export type RewriteMap =
  | { readonly kind: 'function'; readonly name: TemplateFunction }
  | { readonly kind: 'file'; readonly path: string }
  | undefined

/** The maps that rules of a place can name. */
export type Maps = ReadonlyMap<string, RewriteMap>

/** Where a text stands. */
export interface Around {
  readonly place: Place
  readonly maps: Maps
}

export type RuleCondition = PathRuleCondition | { readonly unread: string }

/**
 * The words of a RewriteRule or RewriteCond, which keep their backslashes; a blank behind one belongs to the word
 * (mod_rewrite: `parseargline`).
 */
export function argumentsOf(text: string): readonly string[] {
  const words = text.matchAll(/\s*(?:"((?:\\\s|[^"])*)"?|'((?:\\\s|[^'])*)'?|((?:\\\s|\S)+))/g)
  return [...words].map(([, double, single, bare]) => double ?? single ?? bare ?? '').slice(0, 3)
}

/** `[NC,OR]`, names in small letters. */
export function flagsOf(text: string): readonly (readonly [name: string, text: string])[] {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? ''
  return inner
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const at = each.indexOf('=')
      return at < 0 ? [each.toLowerCase(), ''] : [each.slice(0, at).toLowerCase(), each.slice(at + 1)]
    })
}

/** `RewriteCond %{REQUEST_FILENAME} !-f [OR]` */
export function conditionOf(line: Line, around: Around): RuleCondition {
  const [text = '', written = '', flagged = ''] = argumentsOf(line.text)
  const flags = flagsOf(flagged).map(([name]) => name)
  const negated = written.startsWith('!')
  const pattern = negated ? written.slice(1) : written
  const ignoreCase = flags.includes('nc') || flags.includes('nocase')
  const or = flags.includes('or') || flags.includes('ornext')
  const unread = { unread: `the condition \`${line.text}\`` }
  if (text.toLowerCase() === 'expr') {
    const read = parseExpression(pattern)
    return 'condition' in read ? { when: read.condition, negated, or } : unread
  }
  const subject = filled(text, around)
  const asked = testOf(pattern, ignoreCase)
  if (subject === undefined || asked === undefined) return unread
  return {
    subject: asked.inSmallLetters ? [{ kind: 'apply', function: 'lower-case', to: subject }] : subject,
    test: asked.test,
    negated: negated !== (asked.inverted === true),
    or
  }
}

interface Asked {
  readonly test: Test
  readonly inSmallLetters?: boolean
  readonly inverted?: boolean
}

const fileTests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['-f', { kind: 'exists', what: 'file' }],
  ['-s', { kind: 'exists', what: 'filled' }],
  ['-d', { kind: 'exists', what: 'directory' }],
  ['-x', { kind: 'exists', what: 'executable' }],
  ['-l', { kind: 'exists', what: 'link' }],
  ['-L', { kind: 'exists', what: 'link' }],
  ['-h', { kind: 'exists', what: 'link' }],
  ['-U', { kind: 'allowed', as: 'url' }],
  ['-F', { kind: 'allowed', as: 'file' }]
])

const numberRelations = { eq: '=', ne: '=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const

function testOf(pattern: string, ignoreCase: boolean): Asked | undefined {
  const ofFile = fileTests.get(pattern)
  if (ofFile !== undefined) return { test: ofFile }
  const [, word, number = ''] = /^-(eq|ne|lt|le|gt|ge)([^]+)$/.exec(pattern) ?? []
  if (word !== undefined) {
    const relation = numberRelations[word as keyof typeof numberRelations]
    return {
      test: { kind: 'compare', as: 'number', relation, to: literal(number) },
      inverted: word === 'ne'
    }
  }
  const [, sign, text = ''] = /^(?=..)([<>]=?)([^]*)$/s.exec(pattern) ?? []
  if (sign !== undefined) {
    const relation = sign as '<' | '<=' | '>' | '>='
    const to = literal(ignoreCase ? text.toLowerCase() : text)
    // Without regard to case texts are compared letter by letter, else the longer one is greater.
    return {
      test: { kind: 'compare', as: ignoreCase ? 'text' : 'length', relation, to },
      inSmallLetters: ignoreCase
    }
  }
  if (!/^=./s.test(pattern)) return { test: { kind: 'regex', regex: regex(pattern, ignoreCase) } }
  const equal = pattern.slice(1)
  return { test: { kind: 'equals', value: equal === '""' ? '' : equal, ignoreCase } }
}

/** A text with `$1`, `%1`, `%{NAME}` and `${map:key|default}` in it; undefined where it has more. */
export function filled(text: string, around: Around): Template | undefined {
  const parts: TemplatePart[] = []
  for (const [piece, escaped, group, ofCondition, name, map, key = '', otherwise = ''] of text.matchAll(
    /\\([^])|\$(\d)|%(\d)|%\{((?:[^{}]|\{[^{}]*\})*)\}|\$\{([^:{}|]+):((?:[^{}|]|[%$]\{(?:[^{}]|\{[^{}]*\})*\})*)(?:\|((?:[^{}]|[%$]\{[^{}]*\})*))?\}|\$\{|[^\\$%]+|[^]/g
  )) {
    if (piece === '${') return undefined
    if (map !== undefined) {
      const made = lookedUp(map, key, otherwise, around)
      if (made === undefined) return undefined
      parts.push(...made)
    } else if (group !== undefined) parts.push({ kind: 'capture', group: Number(group), from: 'rule' })
    else if (ofCondition !== undefined)
      parts.push({ kind: 'capture', group: Number(ofCondition), from: 'scope' })
    else {
      const template = name === undefined ? literal(escaped ?? piece) : named(name)
      if (template === undefined) return undefined
      parts.push(...template)
    }
  }
  return parts
}

/** What a map makes of a key; a map that is nowhere gives the default. */
function lookedUp(name: string, key: string, otherwise: string, around: Around): Template | undefined {
  const to = filled(key, around)
  const instead = filled(otherwise, around)
  if (to === undefined || instead === undefined) return undefined
  if (!around.maps.has(name)) return instead
  const map = around.maps.get(name)
  switch (map?.kind) {
    case 'function':
      return [{ kind: 'apply', function: map.name, to }]
    case 'file':
      return [{ kind: 'listed', in: map.path, key: to, otherwise: instead }]
    default:
      return undefined
  }
}

/** The file's name is what rules have made of it so far. */
function named(name: string): Template | undefined {
  switch (name.toUpperCase()) {
    case 'REQUEST_FILENAME':
    case 'SCRIPT_FILENAME':
      return variable('path.so-far')
    case 'LA-U:REQUEST_FILENAME':
    case 'LA-U:SCRIPT_FILENAME':
      return variable('path.so-far.file')
    case 'THE_REQUEST':
      return [
        ...variable('request.method'),
        ...literal(' '),
        ...variable('request.target'),
        ...literal(' '),
        ...variable('request.protocol')
      ]
    case 'HTTPS':
      return [{ kind: 'first-of', of: [variable('https'), literal('off')] }]
    default:
      return ofRewrite(name) ?? clear(namedInExpression(name))
  }
}

function clear(read: Template | Unclear): Template | undefined {
  return 'wrong' in read || 'unread' in read ? undefined : read
}

/** `%{ENV:NAME}` and `%{HTTP:Name}`, which are no functions of expressions. */
function ofRewrite(name: string): Template | undefined {
  const [, kind, rest = ''] = /^(ENV|HTTP):(.*)$/i.exec(name) ?? []
  if (kind === undefined) return undefined
  return kind.toUpperCase() === 'ENV'
    ? [{ kind: 'environment', name: rest }]
    : [{ kind: 'header', name: rest.toLowerCase() }]
}
