import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'

/** Lines are joined before comments are looked for. */
export const commentSwallowsLine: Rule = {
  code: 'config/comment-swallows-line',
  severity: 'warning',
  summary: 'A comment that ends in a backslash, and takes the next line with it',
  dialects: httpd,
  site(site, { report, text }) {
    for (const { file } of site.sources) {
      for (const found of text({ file, start: 0, end: Infinity }).matchAll(
        /^[ \t]*#[^\n]*\\\r?\n([^\n]*)/gm
      )) {
        const next = found[1] ?? ''
        if (next.trim() === '' || next.trim().startsWith('#')) continue
        const start = found.index + found[0].length - next.length
        report({
          span: {
            file,
            start: start + (next.length - next.trimStart().length),
            end: start + next.trimEnd().length
          },
          message: 'this line belongs to the comment above it, which ends in a backslash',
          hint: 'take the backslash away'
        })
      }
    }
  }
}
