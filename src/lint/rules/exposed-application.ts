import type { Rule } from '../rule.js'
import { optionsIn } from '../support/options.js'

const anywhere = /^(?:0\.0\.0\.0|::|\[::\]|\*)$/

/** FastCGI knows no password: whoever reaches the port has the application run what he likes. */
export const exposedApplication: Rule = {
  code: 'security/exposed-application',
  severity: 'error',
  summary: 'An application that is started with a port the network can reach',
  dialects: 'all',
  security: 9.8,
  site(site, { report }) {
    for (const { members } of site.pools) {
      for (const { address, process, origin } of members) {
        if (address.kind !== 'tcp' || process === undefined) continue
        if (/^(?:127\.|localhost$|::1$|\[::1\]$|$)/.test(address.host)) continue
        report({
          span: optionsIn(site, origin).get('-port')?.span ?? origin,
          severity: anywhere.test(address.host) ? 'error' : 'warning',
          message: `the application is started at \`${address.host}\`, port ${address.port}, where others than this server can reach it`,
          hint: 'use a Unix socket, or 127.0.0.1'
        })
      }
    }
  }
}
