import { isTextTest } from '../../../model/index.js'
import type { Condition } from '../../../model/index.js'
import { expression, prefixPattern, testPattern } from './conditions.js'
import { commented, quoted, sameEntry, section, wordText } from './entries.js'
import type { Entry } from './entries.js'
import { expressionRegex } from './patterns.js'
import { isRequirement } from './requirements.js'

/** The requests that some directives are for: all of these must hold. */
export interface Where {
  readonly path?: PathTest
  /** A pattern on the last name of the mapped file. */
  readonly file?: string
  /** Expressions. */
  readonly also: readonly string[]
}

export type PathTest =
  | { readonly kind: 'prefix'; readonly value: string; readonly segments: boolean }
  | { readonly kind: 'pattern'; readonly source: string; readonly flags: string }

export const everywhere: Where = { also: [] }

export function withPath(where: Where, path: PathTest): Where {
  if (where.path === undefined) return { ...where, path }
  return { ...where, also: [...where.also, pathExpression(path)] }
}

export function withFile(where: Where, pattern: string): Where {
  return where.file === undefined
    ? { ...where, file: pattern }
    : withExpression(where, fileExpression(pattern))
}

export function withExpression(where: Where, text: string): Where {
  return text === 'true' ? where : { ...where, also: [...where.also, text] }
}

/** The requests of `where` that a condition holds for; undefined where httpd cannot ask it. */
export function narrowed(where: Where, condition: Condition): Where | undefined {
  if (condition.kind === 'all') {
    let all: Where | undefined = where
    for (const part of condition.of) all = all === undefined ? undefined : narrowed(all, part)
    return all
  }
  if (condition.kind === 'test' && condition.subject.of === 'path') {
    const { test } = condition
    if (test.kind === 'prefix')
      return withPath(where, { kind: 'prefix', value: test.value, segments: test.segments })
    if (isTextTest(test)) return withPath(where, { kind: 'pattern', ...testPattern(test) })
  }
  const text = expression(condition)
  return text === undefined ? undefined : withExpression(where, text)
}

export function pathExpression(path: PathTest): string {
  const pattern =
    path.kind === 'prefix' ? { source: prefixPattern(path.value, path.segments), flags: '' } : path
  return `%{REQUEST_URI} =~ ${expressionRegex(pattern.source, pattern.flags)}`
}

function fileExpression(pattern: string): string {
  return `%{REQUEST_FILENAME} =~ ${expressionRegex(pattern)}`
}

/** Directives for some requests. `decides`: a later one must win over an earlier one wherever both hold. */
export interface Claim {
  readonly where: Where
  readonly entries: readonly Entry[]
  readonly comments: readonly string[]
  readonly decides: boolean
  /** Must hold against every Require of a Location, and so be an If. */
  readonly closes?: boolean
}

/**
 * httpd does not merge sections in the order of the text but by kind: Files, then Location, then If; and an If inside
 * another section counts as an If, behind those of the server itself, in the order of the sections that hold them.
 */
const levels = { files: 0, location: 1, if: 2, filesIf: 3, locationIf: 4 } as const
type Level = (typeof levels)[keyof typeof levels]

/** Sections for the claims, from the weakest to the strongest, such that the stronger ones win. */
export function placed(claims: readonly Claim[]): readonly Entry[] {
  const out: Entry[] = []
  let reached: Level = levels.files
  for (const claim of claims) {
    if (claim.entries.length === 0) continue
    const least = claim.closes === true ? levels.if : levels.files
    const level = levelFor(claim, claim.decides && reached > least ? reached : least)
    if (claim.decides) reached = level
    for (const entry of sectionsAt(level, claim)) join(out, entry)
  }
  return out
}

/** Two sections with the same head that stand together are one, unless what the later one requires is to replace the rest. */
function join(out: Entry[], entry: Entry): void {
  const last = out.at(-1)
  const same =
    last?.kind === 'section' &&
    entry.kind === 'section' &&
    last.name === entry.name &&
    entry.comments.length === 0 &&
    last.words.map(wordText).join(' ') === entry.words.map(wordText).join(' ') &&
    !(last.body.some(isRequirement) && entry.body.some(isRequirement))
  if (last !== undefined && sameEntry(last, entry)) return
  if (same) out[out.length - 1] = { ...last, body: [...last.body, ...entry.body] }
  else out.push(entry)
}

function levelFor({ where }: Claim, least: Level): Level {
  const natural = naturalLevel(where)
  if (natural >= least) return natural
  return least <= levels.if && where.path === undefined ? levels.if : levels.locationIf
}

function naturalLevel(where: Where): Level {
  if (where.file !== undefined && where.path === undefined) {
    return where.also.length === 0 ? levels.files : levels.filesIf
  }
  if (where.path !== undefined) {
    return where.also.length === 0 && where.file === undefined ? levels.location : levels.locationIf
  }
  return where.also.length === 0 ? levels.location : levels.if
}

function sectionsAt(level: Level, { where, entries, comments }: Claim): readonly Entry[] {
  const expressions = [...(where.file === undefined ? [] : [fileExpression(where.file)]), ...where.also]
  const root: PathTest = { kind: 'prefix', value: '/', segments: true }
  const one = (entry: Entry): readonly Entry[] => [commented(entry, comments)]
  switch (level) {
    case levels.files:
      return one(section('FilesMatch', [quoted(where.file ?? '')], entries))
    case levels.filesIf:
      return one(section('FilesMatch', [quoted(where.file ?? '')], [ifSection(where.also, entries)]))
    case levels.location:
      return one(locationSection(where.path ?? root, entries))
    case levels.if: {
      const path = where.path === undefined ? [] : [pathExpression(where.path)]
      return one(ifSection([...path, ...expressions], entries))
    }
    case levels.locationIf:
      return one(locationSection(where.path ?? root, [ifSection(expressions, entries)]))
  }
}

function ifSection(expressions: readonly string[], entries: readonly Entry[]): Entry {
  if (expressions.length > 0) return section('If', [quoted(expressions.join(' && '))], entries)
  const why = ['An If, because it must win over the If sections above.']
  return commented(section('If', [quoted('true')], entries), why)
}

/** A Location covers whole path segments; other prefixes, and paths with wildcards in them, need a pattern. */
function locationSection(path: PathTest, entries: readonly Entry[]): Entry {
  if (path.kind === 'pattern') {
    const flags = path.flags === '' ? '' : `(?${path.flags})`
    return section('LocationMatch', [quoted(flags + path.source)], entries)
  }
  const plain = path.segments || path.value.endsWith('/')
  if (plain && !/[*?[\]~]/.test(path.value)) return section('Location', [quoted(path.value)], entries)
  return section('LocationMatch', [quoted(prefixPattern(path.value, path.segments))], entries)
}
