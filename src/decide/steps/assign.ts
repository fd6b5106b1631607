import { unreachable } from '../../diagnostics/index.js'
import { parseSize, type Assignment } from '../../model/index.js'
import { encodePath } from '../path.js'
import type { State } from '../state.js'

/** Gives something of the request its value. */
export function assign(state: State, assignment: Assignment, value: string): void {
  switch (assignment.kind) {
    case 'set': {
      const { name, origin } = assignment
      state.trace?.push({ step: 'rewrite', text: `${name} is "${value}"`, origin })
      state.variables.set(name, value)
      return
    }
    case 'set-query':
      state.query = value
      state.uri = encodePath(state.path) + (value === '' ? '' : `?${value}`)
      return
    case 'set-send-rate':
      state.sendRate = parseSize(value, false) ?? state.sendRate
      return
    default:
      unreachable(assignment)
  }
}
