import type { Rule } from '../rule.js'

/** A balance that goes by names sees no difference between ports of one address. */
export const hashSameHost: Rule = {
  code: 'pool/hash-same-host',
  severity: 'warning',
  summary: 'A hash over hosts that differ in their port alone, so that only the first is used',
  dialects: ['lighttpd'],
  pool({ balance, members, origin }, { report }) {
    if (balance.kind !== 'hash' || balance.variant !== 'djb-authority-path' || members.length < 2) return
    const hosts = new Set(
      members.map(({ address }) => (address.kind === 'tcp' ? address.host : address.path))
    )
    if (hosts.size > 1) return
    report({
      span: origin,
      message:
        'only the first of these hosts is ever used: the hash goes by the address, and they differ in the port alone',
      hint: 'use another `fastcgi.balance`, or sockets with names of their own'
    })
  }
}
