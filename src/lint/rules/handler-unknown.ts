import { nearest } from '../../diagnostics/index.js'
import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf, wordsOf } from '../support/source.js'

const known = [
  'fastcgi-script',
  'fcgid-script',
  'cgi-script',
  'wsgi-script',
  'perl-script',
  'php-script',
  'php5-script',
  'lua-script'
]

/** A handler nobody has, with the name of one for applications nearly right. */
export const handlerUnknown: Rule = {
  code: 'fastcgi/handler-unknown',
  severity: 'error',
  summary: 'A misspelt handler, so that scripts are sent as text',
  dialects: httpd,
  security: 7.5,
  site(site, context) {
    const actions = new Set(liveRecordsOf(site, 'Action').map(({ span }) => valuesOf(context, span)[1]))
    for (const record of [...liveRecordsOf(site, 'SetHandler'), ...liveRecordsOf(site, 'AddHandler')]) {
      const word = wordsOf(context, record.span)[1]
      if (word === undefined || known.includes(word.value) || actions.has(word.value)) continue
      if (!/^[\w-]*(?:cgi|script)[\w-]*$/i.test(word.value)) continue
      const meant = nearest(word.value, known)
      // An Action elsewhere may answer for it, where this is a part of a configuration.
      if (meant === undefined || context.missing.length > 0) continue
      context.report({
        span: word.span,
        message: `nobody answers for the handler \`${word.value}\`: the file itself is sent`,
        hint: `did you mean \`${meant}\`?`,
        fix: { title: `write \`${meant}\``, safety: 'unsafe', edits: [{ span: word.span, text: meant }] }
      })
    }
  }
}
