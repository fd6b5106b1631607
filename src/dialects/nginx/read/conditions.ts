import { literalText, type Condition, type Subject, type Template, type Test } from '../../../model/index.js'
import { checkRegex } from './check.js'
import type { Item, Session } from './session.js'
import { readText } from './variables.js'

const fileTests: ReadonlyMap<string, 'file' | 'directory' | 'executable'> = new Map([
  ['f', 'file'],
  ['d', 'directory'],
  ['x', 'executable']
])

/** `($a)`, `($a = b)`, `($a ~ regex)`, `(!-f $a)`: exactly one test, in parentheses. */
export function readCondition(session: Session, item: Item): Condition | undefined {
  const words = conditionWords(item)
  const span = session.head(item)
  if (words === undefined) {
    const hint = 'one test in parentheses: `if ($name = value) { … }`; there is no `&&`, `||` or `else`'
    session.refuse('nginx/invalid-condition', span, 'The condition of this `if` cannot be read', hint)
    return undefined
  }
  const [first = '', operator, third] = words
  const onFile = /^(!?)-([fdex])$/.exec(first)
  if (onFile !== null && operator !== undefined && third === undefined) {
    const what = fileTests.get(onFile[2] ?? '') ?? 'any'
    return test(session, item, operator, { kind: 'exists', what }, onFile[1] === '!')
  }
  if (!first.startsWith('$') || first.length === 1) {
    session.refuse(
      'nginx/invalid-condition',
      span,
      `Invalid condition \`${first}\`, expected a variable first`,
      'write `$name`'
    )
    return undefined
  }
  if (!/^\$\w+$/.test(first)) {
    const hint = 'write `$name`, and blanks around an operator: `if ($name = value) { … }`'
    session.refuse('nginx/unknown-variable', span, `No variable \`${first}\` is known`, hint)
    return undefined
  }
  if (operator === undefined) return test(session, item, first, { kind: 'true' }, false)
  if (third === undefined) {
    refuseOperator(session, item, operator)
    return undefined
  }
  switch (operator) {
    case '=':
    case '!=':
      return equality(session, item, first, third, operator === '!=')
    case '~':
    case '~*':
    case '!~':
    case '!~*':
      if (!checkRegex(session, item, third, span)) return undefined
      return test(
        session,
        item,
        first,
        { kind: 'regex', regex: { source: third, ignoreCase: operator.endsWith('*') } },
        operator.startsWith('!')
      )
    default:
      refuseOperator(session, item, operator)
      return undefined
  }
}

function refuseOperator(session: Session, item: Item, operator: string): void {
  const hint = 'known are `=`, `!=`, `~`, `~*`, `!~` and `!~*`, with a space on each side, and one test alone'
  session.refuse(
    'nginx/invalid-condition',
    session.head(item),
    `Unexpected \`${operator}\` in the condition`,
    hint
  )
}

/** The words between the parentheses, which may be glued to the first and the last of them. */
function conditionWords({ directive }: Item): readonly string[] | undefined {
  const words = directive.args.map(({ value }) => value)
  const [first, last] = [words[0], words.at(-1)]
  if (first?.startsWith('(') !== true || last?.endsWith(')') !== true) return undefined
  words[0] = first.slice(1)
  words[words.length - 1] = (words.at(-1) ?? '').slice(0, -1)
  if (words[0] === '') words.shift()
  if (words.at(-1) === '' && directive.args.at(-1)?.raw === ')') words.pop()
  return words.length >= 1 && words.length <= 3 ? words : undefined
}

function equality(session: Session, item: Item, left: string, right: string, negated: boolean): Condition {
  const { template, complete } = readText(session, right, session.head(item))
  if (!complete) session.notReadYet(item)
  const value = literalText(template)
  return test(
    session,
    item,
    left,
    value === undefined ? { kind: 'same', as: template } : { kind: 'equals', value },
    negated
  )
}

function test(session: Session, item: Item, text: string, against: Test, negated: boolean): Condition {
  const { template, complete } = readText(session, text, session.head(item))
  if (!complete) session.notReadYet(item)
  const condition: Condition = { kind: 'test', subject: subjectOf(template), test: against }
  return negated ? { kind: 'not', of: condition } : condition
}

/** The subject by its own name where it has one, so that others can translate it. */
export function subjectOf(template: Template): Subject {
  const [part] = template
  if (template.length === 1 && part?.kind === 'variable') {
    switch (part.name) {
      case 'path':
        return { of: 'path' }
      case 'query':
        return { of: 'query' }
      case 'request.method':
        return { of: 'method' }
      case 'request.scheme':
        return { of: 'scheme' }
      case 'request.host':
        return { of: 'host', port: 'never' }
      case 'remote.address':
        return { of: 'remote-address' }
      default:
        break
    }
  }
  return { of: 'text', template }
}
