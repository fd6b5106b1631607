import { nearest } from '../../../diagnostics/index.js'
import type { Shape } from '../../vocabulary.js'
import { lookUpOption, optionsOf, type Entry } from '../vocabulary/index.js'
import type { Word } from './line.js'
import type { Backend } from './proxy.js'
import type { Report } from './report.js'
import { stateOf } from './state.js'

/** `timeout=5 enablereuse=on`, each a record of its own. */
export function workerParameters(
  directive: string,
  kind: Backend['kind'],
  words: readonly Word[],
  report: Report
): Map<string, string> {
  const found = new Map<string, string>()
  for (const word of words) {
    if (flags.test(word.value)) continue
    const at = word.value.indexOf('=')
    if (at < 0) {
      report.refuse('bad-arguments', word.span, `\`${word.value}\` is no \`key=value\``)
      continue
    }
    const key = word.value.slice(0, at).toLowerCase()
    const name = `${key}=`
    const entry = lookUpParameter(directive, kind, name)
    const state = entry === undefined ? ({ kind: 'unknown' } as const) : stateOf(entry.row.state)
    report.record({ name, within: directive, span: word.span, comments: [], state })
    if (entry === undefined) {
      const guess = nearest(name, optionsOf(kind))
      const hint = guess === undefined ? 'remove it' : `did you mean \`${guess}\`?`
      report.refuse(
        'unknown-option',
        word.span,
        `\`${directive}\` has no parameter \`${key}\` for ${kind === 'balancer' ? 'a balancer' : 'an application'}`,
        hint
      )
      continue
    }
    const text = word.value.slice(at + 1)
    const wrong = valueProblem(entry.row.shape, text)
    if (wrong !== undefined) report.refuse('bad-arguments', word.span, `\`${key}\` ${wrong}`)
    found.set(key, text)
  }
  return found
}

/** What is wrong with a value of such a shape. */
function valueProblem(shape: Shape, text: string): string | undefined {
  switch (shape.kind) {
    case 'flag':
      return /^(?:on|off)$/i.test(text) ? undefined : 'must be `On` or `Off`'
    case 'word':
      return shape.of.includes(text.toLowerCase())
        ? undefined
        : `takes ${shape.of.map((one) => `\`${one}\``).join(', ')}`
    case 'time':
      return /^\d+(?:ms|s|mi|min|h)?$/i.test(text) && !/^0+\D*$/.test(text)
        ? undefined
        : 'is no time such as `5` or `500ms`'
    case 'number': {
      // As C's atof: what is no number is 0.
      const value = Number(/^\s*([+-]?\d+(?:\.\d+)?)/.exec(text)?.[1] ?? 0)
      const { min = -Infinity, max = Infinity } = shape
      if (value >= min && value <= max) return undefined
      return max === Infinity ? `must be at least ${min}` : `must be from ${min} to ${max}`
    }
    default:
      return undefined
  }
}

/** Words of a ProxyPass that stand alone. */
const flags = /^(?:nocanon|interpolate|noquery)$/i

/** Balancers have parameters of their own, but for BalancerMember's, which are its member's. */
function lookUpParameter(directive: string, kind: Backend['kind'], name: string): Entry | undefined {
  return lookUpOption(directive, name) === undefined ? undefined : lookUpOption(kind, name)
}
