import type { Condition, Test } from '../../model/index.js'
import type { Rule } from '../rule.js'
import type { Place } from '../support/places.js'

/** A condition that excludes one around it. */
export const contradiction: Rule = {
  code: 'routing/contradiction',
  severity: 'warning',
  summary: 'A condition that never holds, because one around it says otherwise',
  dialects: 'all',
  visits({ report }) {
    return {
      place(place) {
        const { when, head } = place.scope
        if (when.kind !== 'test' || head === undefined) return
        const around = excluded(place, when)
        if (around === undefined) return
        report({
          span: head,
          message: `this never holds inside of \`${around.scope.name}\``,
          hint: 'put it beside the other, not inside',
          ...(around.scope.head && {
            related: [{ span: around.scope.head, message: 'the condition around it' }]
          })
        })
      }
    }
  }
}

type Question = Extract<Condition, { readonly kind: 'test' }>

function excluded(place: Place, inner: Question): Place | undefined {
  for (let around = place.parent; around !== undefined; around = around.parent) {
    const { when } = around.scope
    if (when.kind !== 'test' || JSON.stringify(when.subject) !== JSON.stringify(inner.subject)) continue
    if (excludes(when.test, inner.test) || excludes(inner.test, when.test)) return around
  }
  return undefined
}

function excludes(a: Test, b: Test): boolean {
  if (a.kind === 'equals' && a.ignoreCase !== true) {
    if (b.kind === 'equals') return b.ignoreCase !== true && a.value !== b.value
    if (b.kind === 'prefix') return !a.value.startsWith(b.value)
    if (b.kind === 'suffix') return !a.value.endsWith(b.value)
  }
  if (a.kind === 'prefix' && b.kind === 'prefix')
    return !a.value.startsWith(b.value) && !b.value.startsWith(a.value)
  if (a.kind === 'suffix' && b.kind === 'suffix')
    return !a.value.endsWith(b.value) && !b.value.endsWith(a.value)
  return false
}
