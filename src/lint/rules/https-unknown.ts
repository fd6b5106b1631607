import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { namedParams, paramsOf } from '../support/params.js'
import { fastcgiBindings } from '../support/places.js'
import { uses } from '../support/templates.js'

/** Behind a balancer that ends TLS `$https` is empty. */
export const httpsUnknown: Rule = {
  code: 'fastcgi/https-unknown',
  severity: 'info',
  optional: true,
  summary: 'HTTPS from a connection that is never TLS',
  dialects: nginx,
  site(site, { report, text, missing }) {
    if (missing.length > 0 || site.listeners.some(({ tls }) => tls)) return
    const isToldByProxy = site.sources.some(({ file }) =>
      /x_forwarded_proto|x-forwarded-proto/i.test(text({ file, start: 0, end: Infinity }))
    )
    if (isToldByProxy) return
    for (const placed of fastcgiBindings(site)) {
      const param = namedParams(paramsOf(placed)).find(({ value }) => uses(value, 'https'))
      if (param === undefined) continue
      report({
        span: param.origin,
        message: `no address here is TLS, so that \`${param.name}\` is always empty: behind a proxy that ends it, the application writes links with http://`,
        hint: 'tell it what the proxy says: `map $http_x_forwarded_proto $is_https { https on; }`'
      })
    }
  }
}
