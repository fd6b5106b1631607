import type { Site } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import { httpd, lighttpd } from '../support/dialects.js'
import { sentBelow } from '../support/open-paths.js'
import { fastcgiBindings, placesOf } from '../support/places.js'
import { liveRecordsOf, recordsOf } from '../support/records.js'

const paths = ['/.git/config', '/.env']

/** Repositories and secrets below a document root, which are files like any other. */
export const hiddenFilesSent: Rule = {
  code: 'security/hidden-files-sent',
  severity: 'info',
  summary: 'A document root from which repositories and secrets are sent like any file',
  dialects: [...lighttpd, ...httpd],
  security: 5.3,
  precision: 'medium',
  site(site, context) {
    if (context.missing.length > 0 || isPart(site) || hasFolderFiles(context)) return
    if (fastcgiBindings(site).length === 0) return
    for (const place of placesOf(site)) {
      const root = place.own('root')
      if (root?.origin === undefined) continue
      const open = sentBelow(site, place, paths)
      if (open.length === 0) continue
      context.report({
        span: root.origin,
        message: `${open.map((path) => `\`${path}\``).join(' and ')}: what lies there is sent to whoever asks`,
        hint: 'refuse names that begin with a dot, or let the root be a folder that holds nothing else'
      })
    }
  }
}

/** Files in the folders themselves may say more. */
function hasFolderFiles({ site, text }: RuleContext): boolean {
  return liveRecordsOf(site, 'AllowOverride').some(({ span }) => !/^\S+\s+"?none"?\s*$/i.test(text(span)))
}

/**
 * What is refused for all hosts stands in the main file: lighttpd's gives a root for all of them, and httpd's loads
 * modules and says where to listen.
 */
function isPart(site: Site): boolean {
  const isThere = (name: string): boolean => recordsOf(site, name).length > 0
  if (isThere('DocumentRoot')) return !isThere('LoadModule') || !(isThere('Listen') || isThere('ServerRoot'))
  return placesOf(site)[0]?.own('root')?.origin === undefined
}
