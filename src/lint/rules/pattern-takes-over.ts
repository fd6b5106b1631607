import type { Rule, RuleContext } from '../rule.js'
import { nginx } from '../support/dialects.js'
import type { Place } from '../support/places.js'
import { fastcgiAt } from '../support/places.js'
import { fits } from '../support/regexes.js'

/** A pattern beside a prefix location takes scripts below that prefix, whatever the prefix location says. */
export const regexTakesOver: Rule = {
  code: 'security/pattern-takes-over',
  severity: 'warning',
  summary: 'A guarded location whose scripts a pattern beside it takes, without the guard',
  dialects: nginx,
  security: 7.5,
  visits(context) {
    return {
      place(place) {
        if (place.scope.choose.kind !== 'location') return
        const siblings = place.inside
        const patterns = siblings.filter(
          (sibling) =>
            sibling.scope.location?.kind === 'regex' &&
            sibling.own('bindings') !== undefined &&
            fastcgiAt(sibling).length > 0
        )
        if (patterns.length === 0) return
        for (const sibling of siblings) checkPrefix(sibling, siblings, patterns, context)
      }
    }
  }
}

function checkPrefix(
  prefix: Place,
  siblings: readonly Place[],
  patterns: readonly Place[],
  { report }: RuleContext
): void {
  const { location, head } = prefix.scope
  if (location?.kind !== 'prefix' || location.noRegex || location.value === '/' || head === undefined) return
  const guard = guardOf(prefix)
  if (guard === undefined) return
  const script = `${location.value.replace(/\/?$/, '/')}x.php`
  // The first pattern that fits counts; those before it may close the folder.
  const taker = siblings.find((sibling) => {
    const other = sibling.scope.location
    return other?.kind === 'regex' && fits(other.regex, script) === true
  })
  if (taker === undefined || !patterns.includes(taker) || guardOf(taker) !== undefined) return
  report({
    span: head,
    message: `\`${script}\` does not come here but to \`${taker.scope.name}\`, where ${guard} does not hold`,
    hint: `write \`location ^~ ${location.value}\`${guard === 'the login' ? ', and put what answers for its scripts inside' : ''}`,
    ...(taker.scope.head && {
      related: [{ span: taker.scope.head, message: 'this location takes the scripts' }]
    })
  })
}

function guardOf(place: Place): string | undefined {
  const authentication = place.own('authentication')?.value
  if (
    authentication !== undefined &&
    (authentication.method !== 'none' || authentication.permission !== undefined)
  )
    return 'the login'
  const access = place.own('access')?.value
  if (access?.rules.some(({ allow }) => !allow) === true || access?.otherwise === 'deny')
    return 'what is denied'
  if (place.own('internalOnly')?.value === true) return '`internal`'
  const answers = place.own('instructions')?.value ?? []
  const denies = answers.some(
    (one) => one.kind === 'answer' && one.target.kind === 'status' && one.target.status >= 400
  )
  return denies ? 'the refusal' : undefined
}
