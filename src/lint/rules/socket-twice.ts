import type { Member } from '../../model/index.js'
import type { Rule } from '../rule.js'

/** Two programs that are started on one socket. */
export const socketTwice: Rule = {
  code: 'process/socket-twice',
  severity: 'error',
  summary: 'Two programs that are to listen at the same address',
  dialects: 'all',
  site(site, { report }) {
    const seen = new Map<string, Member>()
    for (const { members } of site.pools) {
      for (const member of members) {
        const { address, process, origin } = member
        if (process === undefined) continue
        const key = address.kind === 'unix' ? address.path : `${address.host}:${address.port}`
        const first = seen.get(key)
        if (first === undefined) seen.set(key, member)
        else if (first.process?.command.join(' ') !== process.command.join(' ')) {
          report({
            span: origin,
            message: `another program is started at \`${key}\`: this one never gets a request, or does not start`,
            hint: 'give each program a socket of its own',
            related: [{ span: first.origin, message: 'the other program' }]
          })
        }
      }
    }
  }
}
