import type { ErrorObject } from 'ajv'
import { nearest } from '../../diagnostics/index.js'
import { rules } from '../../lint/index.js'
import type { OptionValue, RuleOption } from '../../lint/index.js'
import { schema, validate } from './config-validator.js'
import type { Config, RuleEntry } from './config.js'

/** What is wrong with a configuration file, and where in it. */
export interface Problem {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly hint?: string
}

export type Checked =
  { readonly kind: 'config'; readonly config: Config } | { readonly kind: 'wrong'; readonly problem: Problem }

/** Checks a value against the schema, and the names in it against the rules there are. */
export function check(value: unknown, isCode: (code: string) => boolean): Checked {
  if (!validate(value)) {
    const [error] = validate.errors ?? []
    return {
      kind: 'wrong',
      problem: error === undefined ? { path: [], message: 'it does not fit' } : fault(error)
    }
  }
  const all = [value.rules, ...(value.overrides ?? []).map((override) => override.rules)]
  for (const [index, entries] of all.entries()) {
    const path = index === 0 ? ['rules'] : ['overrides', index - 1, 'rules']
    const problem = rulesProblem(entries ?? {}, path, isCode)
    if (problem !== undefined) return { kind: 'wrong', problem }
  }
  return { kind: 'config', config: value }
}

function fault({ instancePath, keyword, params, message }: ErrorObject): Problem {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (keyword === 'additionalProperties') {
    const key = String((params as Readonly<Record<string, unknown>>)['additionalProperty'])
    const meant = nearest(key, knownKeys())
    return {
      path: [...path, key],
      message: `there is no key \`${key}\``,
      hint: meant === undefined ? 'see `fcgi-conf config schema`' : `did you mean \`${meant}\`?`
    }
  }
  const allowed = (params as Readonly<Record<string, unknown>>)['allowedValues']
  const choices = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : ''
  return { path, message: `it ${message ?? 'does not fit'}${choices}` }
}

/** Every name of a property in the schema, at whatever level. */
function knownKeys(): readonly string[] {
  const names = new Set<string>()
  const open: unknown[] = [schema]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue
    if ('properties' in next && typeof next.properties === 'object' && next.properties !== null) {
      for (const name of Object.keys(next.properties)) names.add(name)
    }
    for (const inner of Object.values(next) as readonly unknown[]) open.push(inner)
  }
  return [...names]
}

function rulesProblem(
  entries: Readonly<Record<string, RuleEntry>>,
  path: readonly (string | number)[],
  isCode: (code: string) => boolean
): Problem | undefined {
  for (const [code, entry] of Object.entries(entries)) {
    const rule = rules.find((one) => one.code === code)
    if (rule === undefined && !isCode(code)) {
      const meant = nearest(
        code,
        rules.map((one) => one.code)
      )
      return {
        path: [...path, code],
        message: `there is no rule \`${code}\``,
        hint: meant === undefined ? '`fcgi-conf rules` lists them' : `did you mean \`${meant}\`?`
      }
    }
    if (typeof entry === 'string') continue
    const problem = optionsProblem(entry[1], rule?.options ?? {}, [...path, code])
    if (problem !== undefined) return problem
  }
  return undefined
}

function optionsProblem(
  given: Readonly<Record<string, OptionValue>>,
  declared: Readonly<Record<string, RuleOption>>,
  path: readonly (string | number)[]
): Problem | undefined {
  for (const [name, value] of Object.entries(given)) {
    const option = declared[name]
    if (option === undefined) {
      const names = Object.keys(declared)
      const meant = nearest(name, names)
      const hint =
        meant !== undefined
          ? `did you mean \`${meant}\`?`
          : names.length === 0
            ? 'the rule has none'
            : `there are: ${names.join(', ')}`
      return { path: [...path, 1, name], message: `there is no option \`${name}\` of this rule`, hint }
    }
    if (!fits(value, option)) return { path: [...path, 1, name], message: `it must be ${wanted(option)}` }
  }
  return undefined
}

function fits(value: OptionValue, option: RuleOption): boolean {
  switch (option.kind) {
    case 'flag':
      return typeof value === 'boolean'
    case 'list':
      return Array.isArray(value)
    case 'number':
      return (
        typeof value === 'number' && value >= (option.min ?? -Infinity) && value <= (option.max ?? Infinity)
      )
  }
}

function wanted(option: RuleOption): string {
  switch (option.kind) {
    case 'flag':
      return 'true or false'
    case 'list':
      return 'a list of texts'
    case 'number':
      return `a number${option.min === undefined ? '' : ` of at least ${option.min}`}${option.max === undefined ? '' : ` and at most ${option.max}`}`
  }
}
