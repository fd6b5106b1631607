import type { Condition } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { placesOf } from '../support/places.js'

/** The host is compared in small letters, and the configuration's text is not made small. */
export const hostCase: Rule = {
  code: 'routing/host-case',
  severity: 'warning',
  summary: 'A condition on the host with capital letters, which never holds',
  dialects: lighttpd,
  site(site, { report }) {
    for (const { scope } of placesOf(site)) {
      const text = textOf(scope.when)
      if (text === undefined || scope.head === undefined) continue
      report({
        span: scope.head,
        message: `this never holds: the host is compared in small letters, and \`${text}\` has capitals`,
        hint: `write \`${text.toLowerCase()}\``
      })
    }
  }
}

function textOf(when: Condition): string | undefined {
  if (when.kind !== 'test' || when.subject.of !== 'host') return undefined
  const { test } = when
  switch (test.kind) {
    case 'equals':
      return test.ignoreCase !== true && /[A-Z]/.test(test.value) ? test.value : undefined
    case 'prefix':
    case 'suffix':
      return /[A-Z]/.test(test.value) ? test.value : undefined
    case 'regex':
      return !test.regex.ignoreCase &&
        !test.regex.source.startsWith('(?i') &&
        /(?:^|[^\\(?<A-Za-z[])[A-Z]/.test(` ${test.regex.source}`)
        ? test.regex.source
        : undefined
    default:
      return undefined
  }
}
