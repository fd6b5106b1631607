import type { Span } from '../../diagnostics/index.js'
import type { Site } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import { liveRecordsOf } from '../support/records.js'
import { textsOf, wordsOf } from '../support/source.js'

const shared = /^(\/tmp|\/var\/tmp|\/dev\/shm|\/usr\/tmp)(?:\/|$)/

/** In a folder that everybody may write to, anybody may be there first. */
export const socketInSharedFolder: Rule = {
  code: 'security/socket-in-shared-folder',
  severity: 'warning',
  summary: 'A socket in a folder that every user may write to',
  dialects: 'all',
  security: 5.9,
  site(site, context) {
    for (const { span, path } of socketsOf(site, context)) {
      const folder = shared.exec(path)?.[1]
      // Where lint is run, or what its environment holds, is no part of a configuration.
      if (folder === undefined || !textsOf(context).some((text) => text.includes(folder))) continue
      context.report({
        span,
        message: `every user of this machine may make \`${path}\` before the application does, and answer in its place`,
        hint: 'put sockets into a folder of their own below `/run`'
      })
    }
  }
}

function* socketsOf(
  site: Site,
  context: RuleContext
): Generator<{ readonly span: Span; readonly path: string }> {
  for (const { members } of site.pools) {
    for (const { address, origin } of members) {
      if (address.kind === 'unix') yield { span: origin, path: address.path }
    }
  }
  for (const name of ['FastCgiIpcDir', 'FcgidIPCDir', 'FcgidProcessTableFile']) {
    for (const { span } of liveRecordsOf(site, name)) {
      const word = wordsOf(context, span)[1]
      if (word !== undefined) yield { span: word.span, path: word.value }
    }
  }
}
