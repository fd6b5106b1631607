import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { sectionOf, sectionsOf } from '../support/sections.js'
import { wordsOf } from '../support/source.js'

/** An Action holds for all hosts, the alias that its URL needs for one. */
export const actionInOneHost: Rule = {
  code: 'routing/action-in-one-host',
  severity: 'warning',
  summary: 'An `Action` for all hosts whose URL only one of them knows',
  dialects: httpd,
  site(site, context) {
    const actions = liveRecordsOf(site, 'Action')
    if (actions.length === 0 || context.missing.length > 0) return
    const sections = sectionsOf(site, context)
    const hosts = [...sections.values()].flat().filter(({ kind }) => kind === 'virtualhost')
    if (hosts.length < 2) return
    const aliases = [...liveRecordsOf(site, 'Alias'), ...liveRecordsOf(site, 'ScriptAlias')].flatMap(
      ({ span }) => {
        const url = wordsOf(context, span)[1]?.value.replace(/\/$/, '')
        return url === undefined ? [] : [{ url, span, section: sectionOf(sections, span) }]
      }
    )
    for (const { span } of actions) {
      const to = wordsOf(context, span)[2]
      if (to === undefined || sectionOf(sections, span) !== undefined) continue
      const fitting = aliases.filter(({ url }) => to.value === url || to.value.startsWith(`${url}/`))
      const known = new Set(fitting.map(({ section }) => section))
      const [one] = fitting
      if (one === undefined || known.has(undefined) || hosts.every((host) => known.has(host))) continue
      context.report({
        span: to.span,
        message: `this holds for all virtual hosts, and \`${to.value}\` leads somewhere in \`${one.section?.name ?? ''}\` alone: the others answer 404`,
        hint: 'write the `Alias` beside the `Action`, outside of the hosts',
        related: [{ span: one.span, message: 'the alias' }]
      })
    }
  }
}
