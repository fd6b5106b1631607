import type { Span } from '../../diagnostics/index.js'
import type { Site, Template } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'
import { partsOf } from '../support/templates.js'

/** The decoded path may hold the end of a line, and with it further headers. */
export const newlineInHeader: Rule = {
  code: 'security/newline-in-header',
  severity: 'error',
  summary: 'The decoded path in a redirect or header, which clients can put lines into',
  dialects: nginx,
  security: 6.1,
  site(site, { report }) {
    for (const { span, template } of headersOf(site)) {
      const part = [...partsOf(template)].find(
        (one) => one.kind === 'variable' && (one.name === 'path' || one.name === 'script.name')
      )
      if (part === undefined) continue
      report({
        span,
        message:
          "a path with `%0d%0a` ends the line here, and what follows is a header of the client's making: `$uri` is decoded",
        hint: 'write `$request_uri`'
      })
    }
  }
}

function* headersOf(site: Site): Generator<{ readonly span: Span; readonly template: Template }> {
  for (const { setting } of settingsOf(site, 'instructions')) {
    const open = [...setting.value]
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (one.kind === 'if') open.push(...one.then)
      if (one.kind === 'answer' && one.target.kind === 'redirect')
        yield { span: one.origin, template: one.target.to }
      if (one.kind === 'rewrite' && typeof one.rewrite.then === 'object' && one.rewrite.to !== undefined) {
        yield { span: one.rewrite.origin, template: one.rewrite.to }
      }
    }
  }
  for (const { setting } of settingsOf(site, 'responseHeaders')) {
    const span = setting.origin ?? setting.parts?.[0]
    if (span === undefined) continue
    for (const { value } of setting.value) yield { span, template: value }
  }
}
