import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

/** Until lighttpd 1.4.72 the two together leave a request without an answer. */
export const errorIntercept: Rule = {
  code: 'routing/error-intercept',
  severity: 'warning',
  summary: 'Intercepted errors beside an error handler: requests that hang',
  dialects: lighttpd,
  site(site, context) {
    const { serverVersion } = context
    if (serverVersion !== undefined && isFixed(serverVersion)) return
    const handler = ['server.error-handler', 'server.error-handler-404'].flatMap((name) =>
      liveRecordsOf(site, name)
    )[0]
    const on = liveRecordsOf(site, 'server.error-intercept').find(
      ({ span }) => valuesOf(context, span)[1] === 'enable'
    )
    if (handler === undefined || on === undefined) return
    context.report({
      span: on.span,
      message: 'before lighttpd 1.4.72 a request whose error is intercepted for a handler never ends',
      hint: 'use `server.errorfile-prefix` in place of the handler, or leave the errors of applications alone',
      related: [{ span: handler.span, message: 'the handler' }]
    })
  }
}

function isFixed(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major > 1 || minor > 4 || patch >= 72
}
