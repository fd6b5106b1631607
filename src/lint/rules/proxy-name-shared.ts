import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { recordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** mod_proxy knows an application by its URL alone, whatever socket stands before it. */
export const proxyNameShared: Rule = {
  code: 'security/proxy-name-shared',
  severity: 'error',
  summary: 'Two sockets with one `fcgi://` name, of which one gets the requests of both',
  dialects: httpd,
  security: 7.5,
  site(site, context) {
    const seen = new Map<
      string,
      { readonly socket: string; readonly span: ReturnType<typeof wordsOf>[number]['span'] }
    >()
    for (const name of ['ProxyPass', 'ProxyPassMatch']) {
      for (const { span, state } of recordsOf(site, name)) {
        if (state.kind === 'ignored') continue
        for (const word of wordsOf(context, span)) {
          const found = /^unix:([^|]+)\|(fcgi:\/\/[^/\s]+)/i.exec(word.value)
          const [, socket = '', url = ''] = found ?? []
          if (found === null || url.includes('$')) continue
          const first = seen.get(url.toLowerCase())
          if (first === undefined) seen.set(url.toLowerCase(), { socket, span: word.span })
          else if (first.socket !== socket) {
            context.report({
              span: word.span,
              message: `\`${url}\` stands for \`${first.socket}\` already: requests for both go to one of them`,
              hint: 'give each socket a host name of its own behind the `|`, such as `fcgi://app1`',
              related: [{ span: first.span, message: 'the other socket' }]
            })
          }
        }
      }
    }
  }
}
