import type { DirectiveRecord } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import type { Place } from '../support/places.js'
import { placeAt } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'

/** In the order in which lighttpd tries them, wherever they stand. */
const kinds = ['url.rewrite-once', 'url.rewrite-final', 'url.rewrite', 'url.rewrite-repeat']

/** Rewrites are tried by their kinds, not as they are written. */
export const rewriteOrder: Rule = {
  code: 'routing/rewrite-order',
  severity: 'warning',
  summary: 'Rewrites of several kinds that are tried in another order than they are written',
  dialects: lighttpd,
  site(site, { report }) {
    const inPlaces = new Map<Place, DirectiveRecord[]>()
    for (const record of kinds.flatMap((name) => liveRecordsOf(site, name))) {
      const place = placeAt(site, record.span)
      inPlaces.set(place, [...(inPlaces.get(place) ?? []), record])
    }
    for (const records of inPlaces.values()) {
      const early = records.find((record, index) =>
        records
          .slice(0, index)
          .some(({ span }) => span.file === record.span.file && span.start > record.span.start)
      )
      const first =
        early && records.find(({ span }) => span.file === early.span.file && span.start > early.span.start)
      if (early === undefined || first === undefined) continue
      report({
        span: first.span,
        message: `these are tried before those of \`${early.name}\` above: the kinds are tried in the order once, final, rewrite, repeat`,
        hint: 'write all rules with one of them, or in this order',
        related: [{ span: early.span, message: 'tried behind' }]
      })
    }
  }
}
