import type { Rule } from '../rule.js'
import { namedParams, paramsOf } from '../support/params.js'
import { httpd, nginx } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'
import { isWhole } from '../support/whole.js'

/** A client's header `Proxy` becomes the variable HTTP_PROXY, which libraries take for the proxy to use. */
export const httpoxy: Rule = {
  code: 'security/httpoxy',
  severity: 'info',
  summary: 'Applications that get HTTP_PROXY from a request header (httpoxy, CVE-2016-5385)',
  dialects: [...nginx, ...httpd],
  security: 5.3,
  site(site, context) {
    for (const option of ['FastCgiServer', 'FastCgiExternalServer', 'FastCgiConfig']) {
      for (const { span } of liveRecordsOf(site, '-pass-header', option)) {
        if (valuesOf(context, span)[1]?.toLowerCase() !== 'proxy') continue
        context.report({
          span,
          severity: 'error',
          message: 'this hands the header `Proxy` on as HTTP_PROXY, which httpd holds back for good reason',
          hint: 'remove it'
        })
      }
    }
  },
  visits(context) {
    const { site } = context
    const said = new Set<unknown>()
    return {
      binding(placed) {
        const params = paramsOf(placed)
        const forwards = params?.entries.some(
          (entry) => entry.kind === 'headers' && !entry.rules.drop.includes('proxy')
        )
        const named = namedParams(params)
        if (forwards !== true || named.some(({ name }) => name === 'HTTP_PROXY')) return
        if (named.length === 0 || !isWhole(context, placed.place)) return
        // Once for each virtual host is enough.
        const host = placed.place.host ?? site
        if (said.has(host)) return
        said.add(host)
        context.report({
          span: placed.binding.origin,
          message: 'a request header `Proxy` reaches the application as HTTP_PROXY',
          hint: 'add `fastcgi_param HTTP_PROXY "";`'
        })
      }
    }
  }
}
