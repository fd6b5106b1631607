import type { ProcessPlan } from '../../../model/index.js'

/** The number a program's environment variable holds; undefined without one. */
export function numberIn(plan: ProcessPlan, name: string): number | undefined {
  const value = plan.environment.find((variable) => variable.name === name)?.value
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
}
