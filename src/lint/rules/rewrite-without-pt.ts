import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { definedPaths } from '../support/definitions.js'
import { liveRecordsOf } from '../support/records.js'
import { sectionOf, sectionsOf } from '../support/sections.js'
import { wordsOf } from '../support/source.js'

/** What a rewrite of a server gives is taken for a file, not for a URL, unless it is passed through. */
export const rewriteWithoutPt: Rule = {
  code: 'routing/rewrite-without-pt',
  severity: 'warning',
  summary: 'A rewrite to an application that does not come to its alias',
  dialects: httpd,
  site(site, context) {
    const definitions = definedPaths(site, context).map(({ value }) => value)
    if (definitions.length === 0) return
    const sections = sectionsOf(site, context)
    // A URL that an alias leads to the definition by.
    const aliases = liveRecordsOf(site, 'Alias').flatMap(({ span }) => {
      const [, url, path] = wordsOf(context, span)
      const isTo = definitions.some(
        (value) => path !== undefined && (value === path.value || value.startsWith(`${path.value}/`))
      )
      return url !== undefined && isTo ? [{ url: url.value.replace(/\/$/, ''), span }] : []
    })
    for (const { span } of liveRecordsOf(site, 'RewriteRule')) {
      const kind = sectionOf(sections, span)?.kind
      if (kind !== undefined && kind !== 'virtualhost') continue
      const [, , to, flags] = wordsOf(context, span)
      if (to === undefined || /[[,](?:PT|passthrough|R|redirect|P|proxy|F|G|L?H)\b/i.test(flags?.value ?? ''))
        continue
      const alias = aliases.find(({ url }) => to.value === url || to.value.startsWith(`${url}/`))
      if (alias === undefined) continue
      context.report({
        span: to.span,
        message: `this is taken for a file: the alias \`${alias.url}\` is not looked at, and SCRIPT_NAME is wrong or empty`,
        hint: 'add the flag `[PT]`',
        related: [{ span: alias.span, message: 'this alias' }]
      })
    }
  }
}
