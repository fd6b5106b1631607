import { unreachable } from '../../../diagnostics/index.js'
import type { RowState } from '../../vocabulary.js'
import type { RecordState } from './report.js'

/** What a row of the vocabulary says of a directive that nothing else is said of. */
export function stateOf(state: RowState): RecordState {
  switch (state.kind) {
    case 'read':
      return { kind: 'read', as: state.as }
    case 'later':
      return { kind: 'not-read-yet' }
    case 'outside':
      return { kind: 'outside', topic: state.topic }
    case 'structure':
      return { kind: 'structure' }
    default:
      return unreachable(state)
  }
}
