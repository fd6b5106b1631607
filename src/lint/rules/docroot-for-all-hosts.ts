import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { optionsIn } from '../support/options.js'
import { fastcgiBindings, poolOf } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'

const perHost = ['evhost.path-pattern', 'simple-vhost.server-root', 'vhostdb.backend']

/** `docroot` of a host is one folder, whatever virtual host a request is for. */
export const docrootForAllHosts: Rule = {
  code: 'fastcgi/docroot-for-all-hosts',
  severity: 'warning',
  summary: 'A `docroot` beside virtual hosts that have roots of their own',
  dialects: lighttpd,
  site(site, { report }) {
    const [hosts] = perHost.flatMap((name) => liveRecordsOf(site, name))
    if (hosts === undefined) return
    for (const { target, place } of fastcgiBindings(site)) {
      // In a block it may be for one host.
      if (target.role !== 'responder' || place.parent !== undefined) continue
      for (const { origin } of poolOf(site, target)?.members ?? []) {
        const docroot = optionsIn(site, origin).get('docroot')
        if (docroot === undefined) continue
        report({
          span: docroot.span,
          message:
            'this is the root for the requests of all virtual hosts: each host has its own, and scripts are run from this one',
          hint: 'remove it, or put `fastcgi.server` with a `docroot` into a condition on each host',
          related: [{ span: hosts.span, message: 'roots by host' }]
        })
      }
    }
  }
}
