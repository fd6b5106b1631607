import type { ComputedVariable, InForce, Instruction, Template } from '../../../model/index.js'
import { literalText } from '../../../model/index.js'
import type { Context } from './context.js'

/**
 * A text with what the place's own `set` lines give its variables: those that are set whatever is asked for, and not to a
 * group of some pattern.
 */
export function withVariables(template: Template, { instructions }: InForce, context: Context): Template {
  const list = [...context.ofHost, ...(instructions?.value ?? [])]
  return template.flatMap((part) => {
    if (part.kind !== 'user') return [part]
    return lastSet(part.name, list) ?? simplest(context.computed.get(part.name), list) ?? [part]
  })
}

function lastSet(name: string, list: readonly Instruction[]): Template | undefined {
  const setters = settersOf(name, list)
  const last = setters.at(-1)
  if (last === undefined || !setters.every((each) => list.includes(each))) return undefined
  return last.value.every(({ kind }) => kind === 'text' || kind === 'variable') ? last.value : undefined
}

type Setter = Extract<Instruction, { kind: 'set' }>

function settersOf(name: string, list: readonly Instruction[]): readonly Setter[] {
  return list.flatMap((each) =>
    each.kind === 'set' && each.name === name ? [each] : each.kind === 'if' ? settersOf(name, each.then) : []
  )
}

/**
 * A table that gives another variable as it is, and nothing in place of an empty one; or the length of the body, and 0 where
 * there is none.
 */
function simplest(
  variable: ComputedVariable | undefined,
  list: readonly Instruction[]
): Template | undefined {
  const cases = variable?.cases ?? []
  const [only, ...more] = cases.filter(({ value }) => !['', '0'].includes(literalText(value) ?? '-'))
  const [part, ...parts] = only?.value ?? []
  if (only?.when.kind !== 'always' || more.length > 0 || parts.length > 0) return undefined
  if (cases.some(({ value }) => literalText(value) === '0'))
    return part?.kind === 'variable' && part.name === 'request.content-length'
      ? [{ kind: 'variable', name: 'request.body-length' }]
      : undefined
  if (part?.kind === 'user') return lastSet(part.name, list)
  return part?.kind === 'variable' ? only.value : undefined
}
