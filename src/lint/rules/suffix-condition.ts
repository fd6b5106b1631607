import type { Condition } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import type { Place } from '../support/places.js'
import { fastcgiBindings } from '../support/places.js'

/** A condition on the end of the URL is asked before an index file is appended or a path info split off. */
export const suffixCondition: Rule = {
  code: 'security/suffix-condition',
  severity: 'error',
  summary: 'A handler for scripts inside a condition on the end of the URL',
  dialects: lighttpd,
  security: 7.5,
  site(site, { report }) {
    for (const { binding, target, place } of fastcgiBindings(site)) {
      const around = conditionAround(place)
      if (around === undefined || target.role !== 'responder' || binding.match.kind !== 'suffix') continue
      report({
        span: binding.origin,
        message: `this handler does not hold for \`/\` and for \`/x.php/info\`, which \`${around.scope.name}\` does not fit: the script is sent as text there`,
        hint: 'put `fastcgi.server` outside of the condition; its key asks for the end of the name already',
        ...(around.scope.head && { related: [{ span: around.scope.head, message: 'the condition' }] })
      })
    }
  }
}

function conditionAround(place: Place): Place | undefined {
  for (let around: Place | undefined = place; around !== undefined; around = around.parent) {
    if (asksForEnd(around.scope.when)) return around
  }
  return undefined
}

function asksForEnd(when: Condition): boolean {
  if (when.kind !== 'test' || when.subject.of !== 'path') return false
  const { test } = when
  if (test.kind === 'suffix') return /\.\w+$/.test(test.value)
  return (
    test.kind === 'regex' &&
    /\\\.\(?[\w|]+\)?\$$/.test(test.regex.source) &&
    !test.regex.source.startsWith('^')
  )
}
