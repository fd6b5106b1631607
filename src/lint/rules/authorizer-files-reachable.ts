import type { Rule } from '../rule.js'
import { literalText } from '../../model/index.js'
import { lighttpd } from '../support/dialects.js'
import { fastcgiBindings } from '../support/places.js'

/** What an authorizer guards can be had around it, where it lies below the document root. */
export const authorizerFilesReachable: Rule = {
  code: 'security/authorizer-files-reachable',
  severity: 'error',
  summary: 'An authorizer whose files lie below the document root, where everybody gets them',
  dialects: lighttpd,
  security: 7.5,
  site(site, { report }) {
    for (const { target, binding, place } of fastcgiBindings(site)) {
      if (target.role !== 'authorizer' || target.rootWhenAllowed === undefined) continue
      const guarded = withSlash(literalText(target.rootWhenAllowed))
      const root = place.get('root')
      const open = root?.value.kind === 'root' ? withSlash(literalText(root.value.path)) : undefined
      if (guarded === undefined || open === undefined || !guarded.startsWith(open)) continue
      report({
        span: binding.origin,
        message: `the files in \`${guarded}\` lie below the document root: everybody gets them as \`/${guarded.slice(open.length)}…\` without being asked`,
        hint: 'move them out of `server.document-root`',
        ...(root?.origin && { related: [{ span: root.origin, message: 'the document root' }] })
      })
    }
  }
}

function withSlash(path: string | undefined): string | undefined {
  return path === undefined || path === '' ? undefined : `${path.replace(/\/+$/, '')}/`
}
