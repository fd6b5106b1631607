import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf, recordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

const numbers = [
  'FcgidMaxProcesses',
  'FcgidMaxProcessesPerClass',
  'FcgidMinProcessesPerClass',
  'FcgidMaxRequestLen',
  'FcgidMaxRequestsPerProcess',
  'FcgidIOTimeout',
  'FcgidConnectTimeout',
  'FcgidBusyTimeout',
  'FcgidIdleTimeout',
  'FcgidOutputBufferSize'
]

/** Values that mod_fcgid takes without a word, and makes something else of. */
export const fcgidValues: Rule = {
  code: 'config/fcgid-values',
  severity: 'warning',
  summary: 'A value that mod_fcgid accepts and does not take as meant',
  dialects: httpd,
  site(site, context) {
    for (const name of numbers) {
      for (const { span } of liveRecordsOf(site, name)) {
        const word = wordsOf(context, span)[1]
        if (word === undefined || /^-?\d+$/.test(word.value) || word.value.includes('$')) continue
        context.report({
          span: word.span,
          message: `\`${word.value}\` is no number: what follows the digits is not looked at${/^\d/.test(word.value) ? '' : ', and 0 is taken'}`,
          hint: 'write the number alone, bytes or seconds'
        })
      }
    }
    for (const { span } of liveRecordsOf(site, 'FcgidInitialEnv')) {
      const [, name, value] = wordsOf(context, span)
      if (name === undefined || value !== undefined || !name.value.includes('=')) continue
      context.report({
        span: name.span,
        message: `this sets a variable called \`${name.value}\`, which is empty`,
        hint: `write \`FcgidInitialEnv ${name.value.replace('=', ' ')}\``
      })
    }
    const [busy] = recordsOf(site, 'FcgidBusyTimeout')
    const [io] = recordsOf(site, 'FcgidIOTimeout')
    const seconds = [busy, io].map((record) => Number(record && wordsOf(context, record.span)[1]?.value))
    const [most = NaN, each = NaN] = seconds
    if (busy !== undefined && most < each) {
      context.report({
        span: busy.span,
        message: `a request is ended after ${most} seconds, before the ${each} seconds of \`FcgidIOTimeout\` are over`,
        hint: 'make `FcgidBusyTimeout` the larger one'
      })
    }
  }
}
