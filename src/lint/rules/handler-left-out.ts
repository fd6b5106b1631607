import type { DirectiveRecord } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf, recordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

const handing = [
  'FastCgiServer',
  'FastCgiExternalServer',
  'AddHandler',
  'SetHandler',
  'Action',
  'ProxyPassMatch'
]
const scripts = /php|fcgi|fastcgi/i

/** In an `<IfModule>` that does not hold the handler is gone, and scripts are sent as they are. */
export const handlerLeftOut: Rule = {
  code: 'security/handler-left-out',
  severity: 'warning',
  summary: 'The handler of scripts in a section that does not hold, so that their source is sent',
  dialects: httpd,
  security: 7.5,
  precision: 'medium',
  site(site, context) {
    // Which modules there are is known of a whole configuration alone.
    if (context.missing.length > 0 || recordsOf(site, 'LoadModule').length === 0) return
    const records = handing.flatMap((name) => recordsOf(site, name))
    const handles = ({ span }: DirectiveRecord): boolean =>
      valuesOf(context, span)
        .slice(1)
        .some((value) => scripts.test(value))
    const isLeftOut = ({ state }: DirectiveRecord): boolean =>
      state.kind === 'ignored' && state.why.includes('IfModule')
    const out = records.find((record) => isLeftOut(record) && handles(record))
    if (out === undefined || records.some((record) => record.state.kind !== 'ignored' && handles(record)))
      return
    if (liveRecordsOf(site, 'ProxyPass').some(handles)) return
    context.report({
      span: out.span,
      message: `${out.state.kind === 'ignored' ? `${out.state.why}, and` : ''} nothing else handles scripts: they are sent as text, with their passwords`,
      hint: 'load the module, or take the section away so that httpd does not start without it'
    })
  }
}
