import { nearest } from '../../diagnostics/index.js'
import type { Vocabulary } from '../../dialects/vocabulary.js'
import type { DirectiveRecord } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nameSpan } from '../support/records.js'
import { namesWithin } from '../vocabulary.js'

/** A directive or option that the server does not know: refused, or passed over in silence. */
export const unknownKey: Rule = {
  code: 'config/unknown-key',
  severity: 'error',
  summary: 'A directive or option that its server does not know',
  dialects: 'all',
  site(site, { vocabulary, report }) {
    const suggestion = suggestions(vocabulary)
    for (const record of site.directives) {
      if (record.state.kind !== 'unknown') continue
      const meant = suggestion(record)
      report({
        span: nameSpan(record),
        message: messageFor(record),
        hint:
          meant === undefined
            ? 'remove it, or check its spelling in the manual of the server'
            : `did you mean \`${meant}\`?`,
        ...(meant === undefined
          ? {}
          : {
              fix: {
                title: `write \`${meant}\``,
                safety: 'unsafe',
                edits: [{ span: nameSpan(record), text: meant }]
              }
            })
      })
    }
  }
}

/** Looks each name up once: what is misspelt in one place is so in a thousand. */
function suggestions(vocabulary: Vocabulary): (record: DirectiveRecord) => string | undefined {
  const found = new Map<string, string | undefined>()
  return ({ name, within }) => {
    const key = `${within ?? ''} ${name}`
    if (!found.has(key)) found.set(key, nearest(name, namesWithin(vocabulary, within)))
    return found.get(key)
  }
}

function messageFor({ name, within }: DirectiveRecord): string {
  return within === undefined
    ? `unknown directive \`${name}\``
    : `unknown option \`${name}\` in \`${within}\``
}
