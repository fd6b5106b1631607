import type { State, StepResult } from './state.js'
import { answer } from './state.js'
import type { Outcome } from './types.js'

/** `OPTIONS *`: about the server, not about one of its resources (RFC 9110, 9.3.7). */
export function isAsterisk(method: string, target: string): boolean {
  return method === 'OPTIONS' && target === '*'
}

export function asteriskOutcome(allow: readonly string[]): Outcome {
  const headers = [['Allow', allow.join(', ')]] as const
  return { kind: 'status', status: 200, why: 'OPTIONS * asks the server itself', headers }
}

export function asterisk({ method, path, site }: State): StepResult {
  const rule = site.site.request.target.asterisk
  return rule === undefined || !isAsterisk(method, path) ? undefined : answer(asteriskOutcome(rule.allow))
}
