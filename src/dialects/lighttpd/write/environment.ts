import type { Entry } from './keys.js'
import { assign, block, commented, pairs, together } from './statements.js'
import type { List, Statement, Value } from './statements.js'
import { assignments } from './texts.js'

const key = 'setenv.add-environment'

/** The params of a place's applications, which all of them are told. */
export function paramStatements(entries: readonly Entry[]): readonly Statement[] {
  const always = new Map(entries.flatMap(({ params }) => params.always))
  const asSent = entries.some(({ params }) => params.lengthAsSent)
  return [...(always.size === 0 ? [] : [assign(key, pairs([...always]))]), ...(asSent ? [withoutLength] : [])]
}

const withoutLength = commented(
  block({ object: 'REQUEST_HEADER', field: 'Content-Length', operator: '==', value: '' }, [
    { kind: 'assign', key, operator: '+=', value: pairs([['CONTENT_LENGTH', '']]), comments: [] }
  ]),
  ['Where no length is sent none is told, not 0.']
)

/**
 * A list in a block takes the place of the one around it. Where the block has no applications of its own, those around it
 * are to be told what they are told elsewhere as well.
 */
export function withOuterParams(
  statements: readonly Statement[],
  outer: List = { items: [] },
  asSentAround = false
): readonly Statement[] {
  const own = statements.find(isList)
  const answers = statements.some((each) => each.kind === 'assign' && each.key === 'fastcgi.server')
  const list = own === undefined ? outer : answers ? own.value : joined(outer, own.value)
  const says = statements.some((each) => each === withoutLength || isLength(each))
  const asSent = says || (asSentAround && !(answers && own !== undefined))
  return statements.flatMap((statement): readonly Statement[] => {
    if (isList(statement)) {
      const all = answers ? statement : behind(statement, outer)
      return asSent && !says ? [all, withoutLength] : [all]
    }
    if (statement.kind !== 'chain' || isLength(statement)) return [statement]
    const branches = statement.branches.map((branch) => ({
      ...branch,
      body: withOuterParams(branch.body, list, asSent)
    }))
    return [{ ...statement, branches }]
  })
}

/**
 * The environment is made before a missing file leads to another URL, and stays: where that happens, what all
 * applications of a host are told of a length stands around its blocks, not in that of the new URL.
 */
export function lengthAroundBlocks(statements: readonly Statement[]): readonly Statement[] {
  const assigned = assignments(statements)
  const rewrites = assigned.some(({ key, value }) => key === 'url.rewrite-if-not-file' && isFilled(value))
  const others = assigned.some((each) => isList(each))
  if (!rewrites || others || !everyAnswerHasIt(statements)) return statements
  return [...withoutIts(statements), withoutLength]
}

function isFilled(value: Value): boolean {
  return typeof value === 'object' && value.items.length > 0
}

function everyAnswerHasIt(statements: readonly Statement[]): boolean {
  const answers = statements.some(
    (each) => each.kind === 'assign' && each.key === 'fastcgi.server' && isFilled(each.value)
  )
  if (answers && !statements.some(isLength)) return false
  return statements.every(
    (each) => each.kind !== 'chain' || each.branches.every(({ body }) => everyAnswerHasIt(body))
  )
}

function withoutIts(statements: readonly Statement[]): readonly Statement[] {
  return statements
    .filter((each) => !isLength(each))
    .map((each) =>
      each.kind === 'chain'
        ? { ...each, branches: each.branches.map((branch) => ({ ...branch, body: withoutIts(branch.body) })) }
        : each
    )
}

/** What is new is added to the list around; where a name has another value the whole list is said again. */
function behind(statement: Own, outer: List): Statement {
  if (outer.items.length === 0) return statement
  const known = new Map(outer.items.map(({ key, value }) => [key?.toLowerCase(), value]))
  const added = statement.value.items.filter(
    ({ key, value }) => !known.has(key?.toLowerCase()) || known.get(key?.toLowerCase()) !== value
  )
  if (added.some(({ key }) => known.has(key?.toLowerCase())))
    return { ...statement, value: joined(outer, statement.value) }
  return { ...statement, operator: '+=', value: { items: added } }
}

type Own = Extract<Statement, { kind: 'assign' }> & { readonly value: List }

function isList(statement: Statement): statement is Own {
  return (
    statement.kind === 'assign' &&
    statement.key === key &&
    statement.operator === '=' &&
    typeof statement.value === 'object'
  )
}

/** What takes back the length that lighttpd tells where none was sent. */
export function isLength(statement: Statement): boolean {
  return statement.kind === 'chain' && statement.branches[0]?.test.field === 'Content-Length'
}

function joined(outer: List, own: List): List {
  const value = together(key, outer, own)
  return typeof value === 'object' ? value : own
}
