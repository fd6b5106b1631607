import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

/** `ProxyRequests On` makes the server fetch whatever anybody asks for. */
export const openProxy: Rule = {
  code: 'security/open-proxy',
  severity: 'error',
  summary: 'A server that fetches any URL for anybody',
  dialects: httpd,
  security: 8.6,
  site(site, context) {
    for (const { span } of liveRecordsOf(site, 'ProxyRequests')) {
      if (valuesOf(context, span)[1]?.toLowerCase() !== 'on') continue
      context.report({
        span,
        message:
          'everybody can have this server fetch whatever URL he likes: that is an open proxy, which FastCGI does not need',
        hint: 'remove it; `ProxyPass` and `SetHandler proxy:` work without'
      })
    }
  }
}
