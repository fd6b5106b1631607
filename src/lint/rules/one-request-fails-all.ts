import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { fastcgiBindings, poolOf } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

/** A request that ends one application is sent to the next, and so on. */
export const oneRequestFailsAll: Rule = {
  code: 'pool/one-request-fails-all',
  severity: 'info',
  optional: true,
  summary: 'Several applications that one bad request can take out for everybody',
  dialects: nginx,
  site(site, context) {
    const isLimited = ['fastcgi_next_upstream', 'fastcgi_next_upstream_tries'].some((name) =>
      liveRecordsOf(site, name).some(({ span }) => valuesOf(context, span)[1] !== '0')
    )
    if (isLimited) return
    const said = new Set<string>()
    for (const { target } of fastcgiBindings(site)) {
      const pool = poolOf(site, target)
      if (pool === undefined || pool.members.length < 2 || said.has(pool.id)) continue
      said.add(pool.id)
      const words = pool.members.flatMap(({ origin }) => valuesOf(context, origin))
      if (words.some((word) => word.startsWith('max_fails='))) continue
      context.report({
        span: pool.origin,
        message:
          'a request that makes an application end is sent to the next one: after one round all of them count as failed for 10 s',
        hint: 'limit it with `fastcgi_next_upstream_tries 2;`, or say `max_fails`'
      })
    }
  }
}
