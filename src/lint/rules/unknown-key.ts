import { nearest } from '../../diagnostics/index.js'
import type { Vocabulary } from '../../dialects/vocabulary.js'
import type { DirectiveRecord } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nameSpan } from '../support/records.js'
import { namesWithin, rowOf } from '../vocabulary.js'

/** A directive or option that the server does not know: refused, or passed over in silence. */
export const unknownKey: Rule = {
  code: 'config/unknown-key',
  severity: 'error',
  summary: 'A directive or option that its server does not know',
  dialects: 'all',
  site(site, { vocabulary, report }) {
    const suggestion = suggestions(vocabulary)
    let before: DirectiveRecord | undefined
    for (const record of site.directives) {
      const option = before
      before = record
      if (record.state.kind !== 'unknown' || isValueOf(option, record)) continue
      const isOwn = isDirective(vocabulary, record)
      const meant = isOwn ? undefined : suggestion(record)
      report({
        span: nameSpan(record),
        message: messageFor(record),
        hint: hintFor(record, meant, isOwn),
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

function hintFor({ name, within = '' }: DirectiveRecord, meant: string | undefined, isOwn: boolean): string {
  if (isOwn) return `\`${name}\` is a directive of its own: put it outside of \`${within}\``
  return meant === undefined
    ? 'remove it, or check its spelling in the manual of the server'
    : `did you mean \`${meant}\`?`
}

/** `-idle-timout 60`: what stands behind an option that is not known is its value. */
function isValueOf(option: DirectiveRecord | undefined, { name, within }: DirectiveRecord): boolean {
  return (
    option?.state.kind === 'unknown' &&
    option.within === within &&
    option.name.startsWith('-') &&
    !name.startsWith('-')
  )
}

/** Whether a name that no option has is that of a directive. */
function isDirective(vocabulary: Vocabulary, { name, within }: DirectiveRecord): boolean {
  return within !== undefined && rowOf(vocabulary, { name }) !== undefined
}

function messageFor({ name, within }: DirectiveRecord): string {
  return within === undefined
    ? `unknown directive \`${name}\``
    : `unknown option \`${name}\` in \`${within}\``
}
