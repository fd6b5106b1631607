import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** A request that may be silent for longer than it may take at all. */
export const fcgidTimeouts: Rule = {
  code: 'process/fcgid-timeouts',
  severity: 'warning',
  summary: 'FcgidBusyTimeout below FcgidIOTimeout',
  dialects: httpd,
  site(site, context) {
    const busy = liveRecordsOf(site, 'FcgidBusyTimeout').at(-1)
    if (busy === undefined) return
    const io = liveRecordsOf(site, 'FcgidIOTimeout').at(-1)
    const word = wordsOf(context, busy.span)[1]
    const most = Number(word?.value)
    const silent = Number((io && wordsOf(context, io.span)[1]?.value) ?? usualIoTimeout)
    if (word === undefined || !(most < silent)) return
    context.report({
      span: word.span,
      message: `a program is ended after ${most} s, while one that says nothing is waited for ${silent} s`,
      hint: 'let FcgidBusyTimeout be the longer one',
      ...(io && { related: [{ span: io.span, message: 'FcgidIOTimeout' }] })
    })
  }
}

/** Seconds, where nothing is said (mod_fcgid 2.3.9). */
const usualIoTimeout = 40
