import type { Rule, RuleContext } from '../rule.js'
import type { Span } from '../../diagnostics/index.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** A section whose head fits no request, or fewer than it seems. */
export const sectionNeverFits: Rule = {
  code: 'routing/section-never-fits',
  severity: 'warning',
  summary: 'A section whose pattern fits no request, or only the folder itself',
  dialects: httpd,
  site(site, context) {
    for (const { span } of liveRecordsOf(site, 'DirectoryMatch')) checkFolder(span, context)
    for (const { span } of liveRecordsOf(site, 'Location')) {
      const word = wordsOf(context, span)[1]
      if (word === undefined || word.value === '~' || !/%[0-9a-f]{2}/i.test(word.value)) continue
      context.report({
        span: word.span,
        message: 'this fits no request that it is meant for: paths are compared decoded',
        hint: 'write the character itself, the whole in quotes'
      })
    }
    for (const name of ['Files', 'FilesMatch']) {
      for (const { span } of liveRecordsOf(site, name)) {
        const word = wordsOf(context, span).at(-1)
        if (word === undefined || !word.value.includes('/') || word.value.includes('[^/]')) continue
        context.report({
          span: word.span,
          message: 'this fits nothing: only the last name of the file is compared, which has no slash',
          hint: 'use `<Directory>` around it, or `<Location>`'
        })
      }
    }
  }
}

function checkFolder(span: Span, context: RuleContext): void {
  const word = wordsOf(context, span)[1]
  if (word === undefined || !/[\w)\]+*]\$$/.test(word.value) || word.value.includes('|')) return
  context.report({
    span: word.span,
    message:
      'this does not fit files in the folder: the whole name of the file is compared, and goes on behind it',
    hint: 'end it with `/` in place of `$`'
  })
}
