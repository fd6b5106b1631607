import { quote } from '../quote.js'
import type { ComputedVariable, Condition, Subject, Template } from '../../../model/index.js'
import { block, commented, directive, type Item } from './document.js'
import { subjectText } from './instructions.js'
import type { Output } from './output.js'
import { escaped } from './patterns.js'
import { templateText, type Surroundings } from './templates.js'

/** Variables that are made of others, as the `map`, `geo` and `split_clients` blocks that make them. */
export function computedItems(variables: readonly ComputedVariable[], out: Output): readonly Item[] {
  return variables.flatMap((variable) => {
    const item = computedItem(variable, out)
    if (item !== undefined) {
      out.ledger.mark(variable.origin, 'exact')
      return [commented(item, out.ledger.takeComments(variable.origin))]
    }
    out.ledger.mark(variable.origin, 'lost', {
      message: `nginx has no block that makes \`$${variable.name}\``,
      affects: ['routing', 'status', 'body'],
      advice: 'write a map by hand'
    })
    // Whatever uses it must find it, or nginx does not start.
    return [block(['map', '""', `$${variable.name}`], [directive('default', '""')])]
  })
}

interface Case {
  readonly when: Extract<Condition, { kind: 'test' }>
  readonly value: Template
}

function computedItem(variable: ComputedVariable, out: Output): Item | undefined {
  const asked: Case[] = []
  let byDefault: Template = []
  for (const { when, value } of variable.cases) {
    if (when.kind === 'always') byDefault = value
    else if (when.kind === 'test') asked.push({ when, value })
    else return undefined
  }
  const [first] = asked
  const subject: Subject = first?.when.subject ?? { of: 'text', template: [] }
  if (asked.some(({ when }) => JSON.stringify(when.subject) !== JSON.stringify(subject))) return undefined
  const shares = sharesItem(variable.name, subject, asked, byDefault, out)
  if (shares !== undefined) return shares
  const source =
    subject.of === 'text' ? templateText(subject.template, nowhere, out) : subjectText(subject, nowhere, out)
  if (source === undefined) return undefined
  const isNetworks = asked.length > 0 && asked.every(({ when }) => when.test.kind === 'address')
  const plain: Item[] = []
  const lines: Item[] = []
  for (const { when, value } of asked) {
    const key = isNetworks ? networkKey(when) : mapKey(when)
    const text = valueText(value, out)
    if (key === undefined || text === undefined) return undefined
    // The last of those that stand for themselves is tried first; among them the order does not count.
    if (when.test.kind === 'regex') lines.push(directive(key, quote(text)))
    else plain.unshift(directive(key, quote(text)))
  }
  const rest = valueText(byDefault, out)
  if (rest === undefined) return undefined
  const end = rest === '' ? [] : [directive('default', quote(rest))]
  const head = isNetworks ? ['geo', ...(source === '$remote_addr' ? [] : [source])] : ['map', quote(source)]
  const volatile = variable.volatile === true && !isNetworks ? [directive('volatile')] : []
  return block([...head, `$${variable.name}`], [...volatile, ...plain, ...lines, ...end])
}

/** Values are made where the variable is used, of what holds there. */
const nowhere: Surroundings = {
  settings: {},
  scriptName: '$fastcgi_script_name',
  pathInfo: '$fastcgi_path_info',
  rule: true
}

function valueText(value: Template, out: Output): string | undefined {
  return templateText(value, nowhere, out)
}

function networkKey({ test }: Case['when']): string | undefined {
  return test.kind === 'address' ? quote(test.network) : undefined
}

/** What begins as other entries do has a backslash in front of it. */
function mapKey({ test }: Case['when']): string | undefined {
  switch (test.kind) {
    case 'equals':
      if (test.ignoreCase !== true) return quote(`~^${escaped(test.value)}$`)
      return quote(
        /^(?:[~\\]|(?:default|hostnames|include|volatile)$)/.test(test.value) ? `\\${test.value}` : test.value
      )
    case 'regex':
      return quote(`~${test.regex.ignoreCase ? '*' : ''}${test.regex.source}`)
    default:
      return undefined
  }
}

/** Values by shares of all that a text can be: its hash is held against the sum of the shares so far. */
function sharesItem(
  name: string,
  subject: Subject,
  asked: readonly Case[],
  byDefault: Template,
  out: Output
): Item | undefined {
  const [hash, ...others] = subject.of === 'text' ? subject.template : []
  if (hash?.kind !== 'apply' || hash.function !== 'murmur2' || others.length > 0) return undefined
  const source = templateText(hash.to, nowhere, out)
  if (source === undefined) return undefined
  const lines: Item[] = []
  let before = 0
  for (const { when, value } of asked) {
    const to = when.test.kind === 'compare' ? Number(textOf(when.test.to)) : NaN
    const share = Math.round(((to - before) / 0xffffffff) * 10_000) / 100
    const text = valueText(value, out)
    if (!(share > 0) || text === undefined) return undefined
    lines.push(directive(`${String(share)}%`, quote(text)))
    before = to
  }
  const rest = valueText(byDefault, out)
  if (rest === undefined) return undefined
  return block(['split_clients', quote(source), `$${name}`], [...lines, directive('*', quote(rest))])
}

function textOf(template: Template): string {
  return template.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}
