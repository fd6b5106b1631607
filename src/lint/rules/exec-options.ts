import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { sectionOf, sectionsOf } from '../support/sections.js'
import { valuesOf } from '../support/source.js'

/** ExecCGI for the root of the file system, or set in a way that takes other options away. */
export const programOptions: Rule = {
  code: 'security/exec-options',
  severity: 'warning',
  summary: '`Options ExecCGI` that holds everywhere, or takes `FollowSymLinks` from rewriting',
  dialects: httpd,
  security: 5.9,
  site(site, context) {
    const records = liveRecordsOf(site, 'Options')
    if (records.length === 0) return
    const sections = sectionsOf(site, context)
    const rewriting = new Set(liveRecordsOf(site, 'RewriteRule').map(({ span }) => sectionOf(sections, span)))
    for (const { span } of records) {
      const [, ...options] = valuesOf(context, span)
      const runs = options.some((option) => /^\+?(?:ExecCGI)$/i.test(option))
      if (!runs) continue
      const section = sectionOf(sections, span)
      if (section?.kind === 'directory' && valuesOf(context, section.head)[1] === '/') {
        context.report({
          span,
          message: 'programs may be run from every folder of this machine, `/tmp` and uploads too',
          hint: 'allow it for the folder of the programs alone'
        })
      }
      const isAbsolute = options.every((option) => !/^[+-]/.test(option))
      const follows = options.some((option) => /^(?:FollowSymLinks|SymLinksIfOwnerMatch|All)$/i.test(option))
      if (isAbsolute && !follows && section !== undefined && rewriting.has(section)) {
        context.report({
          span,
          message: 'this takes `FollowSymLinks` away, without which httpd refuses to rewrite here: 403',
          hint: 'write `Options +ExecCGI`'
        })
      }
    }
  }
}
