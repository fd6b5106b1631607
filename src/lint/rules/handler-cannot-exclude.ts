import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { definedPaths } from '../support/definitions.js'
import { liveRecordsOf } from '../support/records.js'
import { sectionOf, sectionsOf } from '../support/sections.js'
import { valuesOf, wordsOf } from '../support/source.js'

/** A definition is found by its path, whatever handler the place has. */
export const handlerCannotExclude: Rule = {
  code: 'fastcgi/handler-cannot-exclude',
  severity: 'warning',
  summary: '`SetHandler None` for files below a definition, which has them all the same',
  dialects: httpd,
  site(site, context) {
    const definitions = definedPaths(site, context)
    if (definitions.length === 0) return
    const sections = sectionsOf(site, context)
    for (const { span } of liveRecordsOf(site, 'SetHandler')) {
      if (!/^(?:none|default-handler)$/i.test(valuesOf(context, span)[1] ?? '')) continue
      const section = sectionOf(sections, span)
      const path = section?.kind === 'directory' ? wordsOf(context, section.head)[1]?.value : undefined
      const below = definitions.find(({ value }) => path?.startsWith(`${value}/`))
      if (below === undefined) continue
      context.report({
        span,
        message:
          'this takes nothing away from the application: a definition is found by its path, whatever the handler',
        hint: 'give the application a path that these files do not lie below',
        related: [{ span: below.span, message: 'the definition' }]
      })
    }
  }
}
