import type { Entry } from './keys.js'
import { assign, block, commented, pairs, together } from './statements.js'
import type { List, Statement } from './statements.js'

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

function isLength(statement: Statement): boolean {
  return statement.kind === 'chain' && statement.branches[0]?.test.field === 'Content-Length'
}

function joined(outer: List, own: List): List {
  const value = together(key, outer, own)
  return typeof value === 'object' ? value : own
}
