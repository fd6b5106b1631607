import type { Span } from '../../diagnostics/index.js'
import type { ParamEntry, Params } from '../../model/index.js'
import type { Place, PlacedBinding } from './places.js'

export type NamedParam = Extract<ParamEntry, { readonly kind: 'param' }> & { readonly origin: Span }

const named = new WeakMap<Params, readonly NamedParam[]>()
const none: readonly NamedParam[] = []

/** The params that the configuration gives by name, in order; not what the server tells unasked. Many rules ask. */
export function namedParams(params: Params | undefined): readonly NamedParam[] {
  if (params === undefined) return none
  const known = named.get(params)
  if (known !== undefined) return known
  const made = params.entries.filter(
    (entry): entry is NamedParam => entry.kind === 'param' && entry.origin !== undefined
  )
  named.set(params, made)
  return made
}

/** What an application is told by a binding: params of its own, or those in force where it stands. */
export function paramsOf({ target, place }: PlacedBinding): Params | undefined {
  return target.params ?? place.get('params')?.value
}

/** The place whose params are in force here. */
export function placeOfParams(place: Place): Place | undefined {
  for (let around: Place | undefined = place; around !== undefined; around = around.parent) {
    if (around.own('params') !== undefined) return around
  }
  return undefined
}
