import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** Options of mod_fastcgi that are taken and mean something else. */
export const fastcgiOptions: Rule = {
  code: 'config/fastcgi-options',
  severity: 'warning',
  summary: 'An option of mod_fastcgi that is accepted and does not mean what it says',
  dialects: httpd,
  site(site, context) {
    for (const name of ['FastCgiServer', 'FastCgiExternalServer', 'FastCgiConfig']) {
      for (const { span } of liveRecordsOf(site, name)) {
        const words = wordsOf(context, span)
        for (const [at, word] of words.entries()) {
          const value = words[at + 1]
          if (!word.value.startsWith('-') || value === undefined) continue
          const option = word.value.toLowerCase()
          if (option === '-socket' && name === 'FastCgiExternalServer' && !value.value.startsWith('/')) {
            context.report({
              span: value.span,
              message: value.value.startsWith('unix:')
                ? `\`${value.value}\` is a name below \`FastCgiIpcDir\`, \`unix:\` and all`
                : `\`${value.value}\` is looked for below \`FastCgiIpcDir\`, where an application that something else starts will hardly listen`,
              hint: 'write the whole path, from `/`'
            })
          } else if (/^-\d+$/.test(value.value) && option !== '-priority') {
            context.report({
              span: value.span,
              message: `\`${word.value} ${value.value}\` is taken for a number of thousands of millions: the option knows no minus`,
              hint: 'leave the option out for its default'
            })
          } else if (/threshh?old$/.test(option) && Number(value.value) > 100) {
            context.report({
              span: value.span,
              message: `\`${word.value}\` is a percentage: no load is above 100, so that processes are always too many`,
              hint: 'write a number from 0 to 100'
            })
          }
        }
      }
    }
    const configs = liveRecordsOf(site, 'FastCgiConfig')
    const first = configs[0]
    const last = configs.at(-1)
    if (first === undefined || last === undefined || first === last) return
    if (!configs.slice(0, -1).some(({ span }) => context.text(span).includes('-initial-env'))) return
    context.report({
      span: last.span,
      message:
        'only the `-initial-env` of this last `FastCgiConfig` counts; those of the lines above are gone',
      hint: 'put all options on one line',
      related: [{ span: first.span, message: 'one of the others' }]
    })
  }
}
