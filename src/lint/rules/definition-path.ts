import type { Rule } from '../rule.js'
import { definitionsOf } from '../support/definitions.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** The path of a definition is compared with file names, which do not end in a slash. */
export const definitionPath: Rule = {
  code: 'fastcgi/definition-path',
  severity: 'warning',
  summary: 'A definition of mod_fastcgi whose path is one that no request fits as meant',
  dialects: httpd,
  site(site, context) {
    const definitions = definitionsOf(site)
    if (definitions.length === 0) return
    const roots = new Set(
      liveRecordsOf(site, 'DocumentRoot').map(({ span }) =>
        wordsOf(context, span)[1]?.value.replace(/\/$/, '')
      )
    )
    const paths: { readonly path: string; readonly span: (typeof definitions)[number]['span'] }[] = []
    for (const { span } of definitions) {
      const word = wordsOf(context, span)[1]
      if (word === undefined) continue
      const { value } = word
      if (value.endsWith('/')) {
        context.report({
          span: word.span,
          severity: 'error',
          message: `no request fits \`${value}\`: with the slash at its end nothing below it is the application's, and real files there are sent`,
          hint: `write \`${value.replace(/\/+$/, '')}\``
        })
      } else if (roots.has(value)) {
        context.report({
          span: word.span,
          message:
            'this is the document root: every file below it goes to the application, pictures and styles too',
          hint: 'name a file in it that need not exist, and `Alias` paths to that'
        })
      } else if (/(?:^|\/)nph-[^/]*$/.test(value)) {
        context.report({
          span: word.span,
          message:
            'a name that begins with `nph-` makes httpd pass on what the application writes as it is, the status line too',
          hint: 'give it another name, or say `-nph` where that is meant'
        })
      }
      const outer = paths.slice(-most).find(({ path }) => value.startsWith(`${path}/`))
      if (outer !== undefined) {
        context.report({
          span: word.span,
          message: 'a definition above it has the beginning of this path, and gets its requests',
          hint: 'choose paths that lie beside each other',
          related: [{ span: outer.span, message: 'this one answers' }]
        })
      }
      paths.push({ path: value, span: word.span })
    }
  }
}

/** Definitions looked back at for each, so that thousands stay quick. */
const most = 64
