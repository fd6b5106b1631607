import type { Step } from '../../model/index.js'
import { mapPath } from '../mapping.js'
import { Unsupported, type State, type StepResult } from '../state.js'

/** A request that something undecided has a say in goes no further. */
export function undecided(state: State, { at }: Extract<Step, { step: 'undecided' }>): StepResult {
  const found = state.settings.undecided?.value.find(
    (entry) => entry.at === at && (entry.methods?.includes(state.method) ?? true)
  )
  if (found !== undefined && isConcerned(state, at)) throw new Unsupported(found.what, found.origin)
  return undefined
}

function isConcerned(state: State, at: Extract<Step, { step: 'undecided' }>['at']): boolean {
  switch (at) {
    case 'files':
      return state.settings.tryFiles !== undefined || (state.settings.bindings?.value ?? []).length === 0
    case 'folder':
      return (
        state.taken === undefined &&
        state.path.endsWith('/') &&
        state.surroundings.files.kind((state.mapped ??= mapPath(state)).filename.replace(/(.)\/$/, '$1')) ===
          'directory'
      )
    case 'rewrite':
    case 'access':
    case 'content':
    case 'untaken':
      return true
  }
}
