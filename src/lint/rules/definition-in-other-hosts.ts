import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { definitionsOf } from '../support/definitions.js'
import { liveRecordsOf } from '../support/records.js'
import type { Section } from '../support/sections.js'
import { sectionOf, sectionsOf } from '../support/sections.js'
import { wordsOf } from '../support/source.js'

/** A definition holds for every host that comes to its path. */
export const definitionInOtherHosts: Rule = {
  code: 'fastcgi/definition-in-other-hosts',
  severity: 'warning',
  summary: 'A definition of one virtual host that another one with the same root reaches',
  dialects: httpd,
  security: 4.3,
  site(site, context) {
    const definitions = definitionsOf(site)
    if (definitions.length === 0) return
    const sections = sectionsOf(site, context)
    const hostOf = (span: Parameters<typeof sectionOf>[1]): Section | undefined => {
      let section = sectionOf(sections, span)
      while (section !== undefined && section.kind !== 'virtualhost') section = section.parent
      return section
    }
    const roots = liveRecordsOf(site, 'DocumentRoot').map(({ span }) => ({
      span,
      host: hostOf(span),
      path: wordsOf(context, span)[1]?.value.replace(/\/+$/, '') ?? ''
    }))
    for (const { span } of definitions) {
      const word = wordsOf(context, span)[1]
      const host = hostOf(span)
      if (word === undefined || host === undefined) continue
      const other = roots.find(
        (root) => root.host !== undefined && root.host !== host && word.value.startsWith(`${root.path}/`)
      )
      if (other?.path === undefined || other.path === '') continue
      context.report({
        span: word.span,
        message:
          'a definition is none of its virtual host alone: another host with this root sends its requests here too',
        hint: 'write it outside of the hosts if that is meant, else choose a path that no other host leads to',
        related: [{ span: other.span, message: 'the root of another host' }]
      })
    }
  }
}
