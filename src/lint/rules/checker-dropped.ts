import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { sectionOf, sectionsOf } from '../support/sections.js'
import { valuesOf } from '../support/source.js'

const kinds = ['FastCgiAuthorizer', 'FastCgiAuthenticator', 'FastCgiAccessChecker']

/** One directive of this family in an inner section drops all of those around it. */
export const checkerDropped: Rule = {
  code: 'security/checker-dropped',
  severity: 'error',
  summary: 'A section that drops the authorizers of the one around it',
  dialects: httpd,
  security: 8.2,
  site(site, context) {
    const all = [...kinds, ...kinds.map((name) => `${name}Authoritative`)].flatMap((name) =>
      liveRecordsOf(site, name)
    )
    if (all.length < 2) return
    const sections = sectionsOf(site, context)
    const bySection = new Map<string, Set<string>>()
    const folders = all.map((record) => {
      const section = sectionOf(sections, record.span)
      const folder =
        section === undefined || section.kind !== 'directory' ? undefined : valuesOf(context, section.head)[1]
      const names = bySection.get(folder ?? '') ?? new Set<string>()
      names.add(record.name.toLowerCase())
      bySection.set(folder ?? '', names)
      return { record, folder }
    })
    const said = new Set<string>()
    for (const { record, folder } of folders) {
      if (folder === undefined || said.has(folder)) continue
      const inner = bySection.get(folder) ?? new Set<string>()
      const outer = [...bySection.keys()].find(
        (other) => other !== '' && other !== folder && `${folder}/`.startsWith(`${other.replace(/\/$/, '')}/`)
      )
      const lost = kinds.filter(
        (kind) =>
          outer !== undefined &&
          bySection.get(outer)?.has(kind.toLowerCase()) === true &&
          !inner.has(kind.toLowerCase())
      )
      if (lost.length === 0) continue
      said.add(folder)
      context.report({
        span: record.span,
        message: `in \`${folder}\` nobody is asked by \`${lost.join('`, `')}\`: a single one of these directives replaces all that is set for \`${outer ?? ''}\``,
        hint: 'repeat them here'
      })
    }
  }
}
