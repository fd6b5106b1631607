import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { fastcgiBindings, poolOf } from '../support/places.js'

/** The balancer runs twice for a request that waits for its file, so that of two hosts the second is always chosen. */
export const roundRobinTwice: Rule = {
  code: 'pool/round-robin-twice',
  severity: 'warning',
  summary: 'Round robin over an even number of hosts with `check-local` on, which skips half of them',
  dialects: lighttpd,
  site(site, { report }) {
    for (const { target } of fastcgiBindings(site)) {
      const pool = poolOf(site, target)
      if (pool?.balance.kind !== 'round-robin' || pool.balance.variant !== 'per-pass' || !target.mustExist)
        continue
      if (pool.members.length < 2 || pool.members.length % 2 === 1) continue
      report({
        span: pool.origin,
        message: `${pool.members.length === 2 ? 'only the second host is used' : 'half of the hosts are never used'}: with \`check-local\` on the balancer goes on two hosts at each request`,
        hint: 'use `fastcgi.balance = "least-connection"`, the default'
      })
    }
  }
}
