import { liveRecordsOf } from '../support/records.js'
import type { Rule } from '../rule.js'
import { usedPools } from '../support/places.js'

/** The name of a host is looked up when the server starts, and then no more. */
export const hostName: Rule = {
  code: 'pool/host-name',
  severity: 'info',
  summary: 'An application given by a host name, which is looked up only at the start',
  dialects: ['lighttpd', 'nginx', 'apache'],
  site(site, { report }) {
    const isStatic =
      liveRecordsOf(site, 'FastCgiExternalServer').length > 0 || liveRecordsOf(site, 'ProxyPass').length === 0
    if (!isStatic) return
    for (const { members } of usedPools(site)) {
      for (const { address, origin } of members) {
        if (address.kind !== 'tcp' || !/[a-z]/i.test(address.host) || address.host.includes(':')) continue
        if (address.host === 'localhost' || address.host.includes('%')) continue
        report({
          span: origin,
          message: `\`${address.host}\` is looked up once, when the server starts: it does not start where that fails, and does not notice when the address changes`,
          hint: 'give the address, or reload the server when the address changes'
        })
      }
    }
  }
}
