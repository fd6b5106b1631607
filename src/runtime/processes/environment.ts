import type { ProcessPlan } from '../../model/index.js'

/** The environment of a started process: what is handed on, what is set, then what is set unless it is there. */
export function environmentOf(
  plan: ProcessPlan,
  own: Readonly<Record<string, string | undefined>>
): Readonly<Record<string, string>> {
  const names = plan.inherit.kind === 'all' ? Object.keys(own) : plan.inherit.names
  const environment = new Map<string, string>()
  for (const name of names) {
    const value = own[name]
    if (value !== undefined) environment.set(name, value)
  }
  for (const { name, value } of plan.environment) environment.set(name, value)
  for (const { name, value } of plan.defaults ?? []) if (!environment.has(name)) environment.set(name, value)
  return Object.fromEntries(environment)
}
