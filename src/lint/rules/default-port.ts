import type { Rule } from '../rule.js'
import { usedPools } from '../support/places.js'

/** An application without a port is looked for at 80, where a web server is. */
export const defaultPort: Rule = {
  code: 'pool/port-of-web-server',
  severity: 'warning',
  summary: 'An application at port 80 or 443, mostly because its port was left out',
  dialects: 'all',
  site(site, { report }) {
    for (const { members } of usedPools(site)) {
      for (const { address, origin } of members) {
        if (address.kind !== 'tcp' || (address.port !== 80 && address.port !== 443)) continue
        report({
          span: origin,
          message: `the application is looked for at \`${address.host}\`, port ${address.port}, where web servers are, which do not speak FastCGI`,
          hint: 'give the port it listens at, such as 9000'
        })
      }
    }
  }
}
