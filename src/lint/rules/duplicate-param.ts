import type { Rule, RuleContext } from '../rule.js'
import { nginx } from '../support/dialects.js'
import type { NamedParam } from '../support/params.js'
import { namedParams } from '../support/params.js'
import { uses } from '../support/templates.js'

/** The same param given twice: both are sent, and the application decides which one it sees. */
export const duplicateParam: Rule = {
  code: 'fastcgi/duplicate-param',
  severity: 'warning',
  summary: 'A param that is given twice in one place',
  dialects: nginx,
  visits({ report }) {
    return {
      params({ setting }) {
        const pairs = pairsOf(namedParams(setting.value))
        for (const pair of pairs.filter(({ isSame }) => !isSame)) report(differing(pair))
        // A list that is included twice is one mistake, however long it is.
        for (const alike of byFiles(pairs.filter(({ isSame }) => isSame))) report(repeated(alike))
      }
    }
  }
}

interface Pair {
  readonly name: string
  /** The one that is told of, and the other. */
  readonly one: NamedParam
  readonly other: NamedParam
  readonly isSame: boolean
  /** What a shared file says is often meant to be overruled, and the last one counts for most applications. */
  readonly isOverruled: boolean
}

/** Each param that has been given before, with the first one of its name. */
function pairsOf(params: readonly NamedParam[]): readonly Pair[] {
  const given = new Map<string, NamedParam>()
  return params.flatMap((param) => {
    const { name } = param
    const first = given.get(name)
    // `$https if_not_empty` of the shipped list says nothing where the connection is plain, which is where another HTTPS is given.
    if (first === undefined || isOfConnection(first) || isOfConnection(param)) {
      given.set(name, param)
      return []
    }
    const firstIsShared = isShared(first, param, params)
    const isOverruled = firstIsShared || isShared(param, first, params)
    const [one, other] = isOverruled && !firstIsShared ? [first, param] : [param, first]
    return [
      { name, one, other, isOverruled, isSame: JSON.stringify(first.value) === JSON.stringify(param.value) }
    ]
  })
}

function isOfConnection({ value, omit }: NamedParam): boolean {
  return omit === 'empty' && uses(value, 'https')
}

/**
 * Whether a param comes from a list that is included: all of a list that is read as it is shipped have the place of its inclusion, and
 * of two files the one that gives more of the params is the list.
 */
function isShared(param: NamedParam, other: NamedParam, all: readonly NamedParam[]): boolean {
  const { file, start } = param.origin
  if (all.filter(({ origin }) => origin.start === start && origin.file === file).length > 1) return true
  return other.origin.file !== file && countIn(file, all) > countIn(other.origin.file, all)
}

function countIn(file: string, params: readonly NamedParam[]): number {
  return params.filter(({ origin }) => origin.file === file).length
}

type Told = Parameters<RuleContext['report']>[0]

const hint = 'leave one of them; nginx does not replace the first by the second'

function differing({ name, one, other, isOverruled }: Pair): Told {
  return {
    span: one.origin,
    severity: isOverruled ? 'info' : 'warning',
    message: `\`${name}\` is sent twice, with different values: the application decides which one counts`,
    hint,
    related: [{ span: other.origin, message: 'it is given here as well' }]
  }
}

function repeated(pairs: readonly [Pair, ...Pair[]]): Told {
  const [{ name, one, other }, ...more] = pairs
  const names = more.length === 0 ? `\`${name}\` is` : `\`${name}\` and ${String(more.length)} more are`
  return {
    span: one.origin,
    severity: 'info',
    message: `${names} sent twice`,
    hint,
    related: [
      {
        span: other.origin,
        message: more.length === 0 ? 'it is given here as well' : 'they are given here as well'
      }
    ]
  }
}

function byFiles(pairs: readonly Pair[]): readonly (readonly [Pair, ...Pair[]])[] {
  const groups = new Map<string, [Pair, ...Pair[]]>()
  for (const pair of pairs) {
    const key = `${pair.one.origin.file}\n${pair.other.origin.file}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [pair])
    else group.push(pair)
  }
  return [...groups.values()]
}
