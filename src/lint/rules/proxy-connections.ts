import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { textsOf, wordsOf } from '../support/source.js'

/** What mod_proxy_fcgi does otherwise than applications expect. */
export const proxyConnections: Rule = {
  code: 'fastcgi/proxy-connections',
  severity: 'info',
  summary: 'Connections of mod_proxy that use up an application, and path info it does not tell',
  dialects: httpd,
  site(site, context) {
    const tellsPathInfo = textsOf(context).some((text) => /proxy-fcgi-pathinfo/i.test(text))
    for (const name of ['ProxyPass', 'ProxySet', 'Proxy']) {
      for (const { span } of liveRecordsOf(site, name)) {
        const words = wordsOf(context, span)
        const reuse = words.find(({ value }) => /^enablereuse=on$/i.test(value))
        const isFcgi = words.some(({ value }) => /fcgi:\/\//i.test(value))
        if (reuse !== undefined && isFcgi && !words.some(({ value }) => /^max=\d/i.test(value))) {
          context.report({
            span: reuse.span,
            severity: 'warning',
            message:
              'every thread of httpd may keep a connection, and a process of php-fpm that has one serves nobody else',
            hint: 'add `max=` with no more than the processes of the application'
          })
        }
        if (name === 'ProxyPass' && isFcgi && !tellsPathInfo) {
          context.report({
            span,
            message: 'the application gets no PATH_INFO: `ProxyPass` does not look at files',
            hint: 'add `SetEnv proxy-fcgi-pathinfo unescape`, or use `SetHandler`'
          })
        }
      }
    }
  }
}
