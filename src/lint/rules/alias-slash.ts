import type { Alias } from '../../model/index.js'
import { literalText } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { settingsOf } from '../support/places.js'

/** An alias with a slash at the end of one side only. */
export const aliasSlash: Rule = {
  code: 'security/alias-slash',
  severity: 'error',
  summary: 'An alias with a slash at the end of one side only: files beside the folder are served, or none',
  dialects: 'all',
  security: 7.5,
  visits({ report }) {
    return {
      location(place) {
        const { location } = place.scope
        const root = place.own('root')
        if (root?.value.kind !== 'alias' || location?.kind !== 'prefix' || root.origin === undefined) return
        const to = literalText(root.value.path.slice(-1))
        if (to === undefined || to === '' || location.value === '') return
        if (!location.value.endsWith('/') && to.endsWith('/')) {
          report({
            span: root.origin,
            message: `\`${location.value}../\` leaves the folder: what stands beside it is served`,
            hint: `write \`location ${location.noRegex ? '^~ ' : ''}${location.value}/\``,
            ...(place.scope.head && {
              related: [{ span: place.scope.head, message: 'this has no slash at its end' }]
            })
          })
        } else if (location.value.endsWith('/') && !to.endsWith('/') && location.value !== '/') {
          report({
            span: root.origin,
            severity: 'warning',
            message: `\`${location.value}x\` is looked for as \`${to}x\`: the slash is missing`,
            hint: 'end both with a slash'
          })
        }
      }
    }
  },
  site(site, { report }) {
    for (const { setting } of settingsOf(site, 'aliases')) {
      for (const alias of setting.value) {
        const problem = problemOf(alias)
        if (problem !== undefined) report({ span: alias.origin, ...problem })
      }
    }
  }
}

function problemOf({ match, to, dotsBehind }: Alias) {
  const target = literalText(to)
  if (match.kind !== 'prefix' || target === undefined || match.value === '/' || match.value === '')
    return undefined
  if (match.value.endsWith('/') === target.endsWith('/')) return undefined
  if (match.value.endsWith('/')) {
    return {
      severity: 'warning' as const,
      message: `\`${match.value}x\` is looked for as \`${target}x\`: the slash is missing`,
      hint: 'end both with a slash'
    }
  }
  if (match.segments) {
    return {
      severity: 'info' as const,
      message: `\`${match.value}/x\` is looked for with a doubled slash`,
      hint: 'end both with a slash, or neither'
    }
  }
  return {
    severity: dotsBehind === 'refused' ? ('warning' as const) : ('error' as const),
    message:
      dotsBehind === 'refused'
        ? `\`${match.value}x\` is looked for as \`${target}x\` as well, and \`${match.value}/x\` with a doubled slash`
        : `\`${match.value}../\` leaves the folder: what stands beside it is served`,
    hint: 'end both with a slash'
  }
}
