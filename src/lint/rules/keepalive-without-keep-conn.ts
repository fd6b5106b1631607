import type { DirectiveRecord, Pool, Site } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { fastcgiBindings, poolOf } from '../support/places.js'
import { contains, liveRecordsOf } from '../support/records.js'

/** Connections are kept only where both ends are told: `keepalive` keeps them, `fastcgi_keep_conn` asks the application to. */
export const keepaliveWithoutKeepConn: Rule = {
  code: 'pool/keepalive-without-keep-conn',
  severity: 'warning',
  summary: 'Connections to an application that are meant to be kept and are not',
  dialects: nginx,
  site(site, { report }) {
    const blocks = new Map(liveRecordsOf(site, 'upstream').map((record) => [placeOf(record.span), record]))
    const keepalives = liveRecordsOf(site, 'keepalive', 'upstream')
    const asks = liveRecordsOf(site, 'fastcgi_keep_conn')
    if (keepalives.length === 0 && asks.length === 0) return
    const kept = keepaliveByBlock(site, keepalives)
    for (const { target, place, binding } of fastcgiBindings(site)) {
      const pool = poolOf(site, target)
      if (pool === undefined) continue
      const { keep, idle } = pool.connection
      const keepalive = kept.get(blocks.get(placeOf(pool.origin)))
      if (!keep && idle > 0 && keepalive !== undefined) {
        report({
          span: keepalive.span,
          message: `no connection to \`${pool.name ?? pool.id}\` is kept: without \`fastcgi_keep_conn on\` the application closes each one`,
          hint: 'write `fastcgi_keep_conn on;` beside `fastcgi_pass`',
          related: [{ span: binding.origin, message: 'the application is asked here' }]
        })
      }
      const origins = place.own('bindings')?.parts ?? []
      const ask = asks.find(({ span }) => origins.some((part) => placeOf(part) === placeOf(span)))
      if (keep && idle === 0 && ask !== undefined) report(askedInVain(ask, pool))
    }
  }
}

function askedInVain({ span }: DirectiveRecord, pool: Pool) {
  return {
    span,
    severity: 'info' as const,
    message: `the application keeps the connection open, but nginx keeps none to \`${pool.name ?? pool.id}\` and closes it after each request`,
    hint: 'put the address into an `upstream` block with `keepalive 8;`, or leave the directive out'
  }
}

function placeOf({ file, start }: { readonly file: string; readonly start: number }): string {
  return `${String(start)} ${file}`
}

/** The `keepalive` of each `upstream` block. */
function keepaliveByBlock(
  site: Site,
  keepalives: readonly DirectiveRecord[]
): ReadonlyMap<DirectiveRecord | undefined, DirectiveRecord> {
  const blocks = liveRecordsOf(site, 'upstream')
  const found = new Map<DirectiveRecord | undefined, DirectiveRecord>()
  for (const keepalive of keepalives) {
    const block = blocks.find(({ span }) => contains(span, keepalive.span))
    if (block !== undefined) found.set(block, keepalive)
  }
  return found
}
