import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { namedParams } from '../support/params.js'

/** `$host` has no port, and links are made of it. */
export const httpHostWithoutPort: Rule = {
  code: 'fastcgi/http-host-without-port',
  severity: 'info',
  summary: 'HTTP_HOST without the port that the server listens at',
  dialects: nginx,
  visits({ site, report }) {
    const ports = new Map(
      site.listeners.map(({ id, address }) => [id, address.kind === 'tcp' ? address.port : 80])
    )
    return {
      params({ setting, place }) {
        const param = namedParams(setting.value).find(
          ({ name, value }) =>
            name === 'HTTP_HOST' &&
            value.length === 1 &&
            value[0]?.kind === 'variable' &&
            value[0].name === 'request.host'
        )
        const odd = (place.host?.scope.host?.listeners ?? [])
          .map((id) => ports.get(id))
          .find((port) => port !== 80 && port !== 443)
        if (param === undefined || odd === undefined) return
        report({
          span: param.origin,
          message: `\`$host\` has no port: the application makes links without \`:${odd}\``,
          hint: 'write `$http_host`, or leave the param out: the header is sent anyway'
        })
      }
    }
  }
}
