import type { Plan, RequestKind, RequestRules } from '../../../model/index.js'
import {
  markAccount,
  markDirectives,
  markOwnName,
  markUnreached,
  ownReading,
  anyOddity
} from '../../account.js'
import { requestRules } from '../read/behaviour.js'
import type { Context } from './module.js'

/** Requests come in by httpd's own rules; those of bodies are each module's. */
function readsAlike({ site }: Plan): boolean {
  const { encodedSlash, mergeSlashes } = site.request.target
  const heads = ({
    target,
    host,
    methods,
    oddHeaderNames,
    underscoresInHeaders,
    unknownExpect
  }: RequestRules) =>
    JSON.stringify([target, host, methods, oddHeaderNames, underscoresInHeaders, unknownExpect])
  return heads(site.request) === heads(requestRules('mod_proxy_fcgi', { encodedSlash, mergeSlashes }))
}

/** mod_fcgid looks for the file of each request, whatever the source's module does. */
function handled({ proxies }: Context): readonly RequestKind[] {
  return proxies ? ['folder', 'odd-body'] : ['folder', 'odd-body', 'taken-path']
}

/** Differences that belong to the servers rather than to a directive. */
export function accountUnasked(plan: Plan, context: Context): void {
  const { ledger } = context
  markDirectives(ledger, plan, ['listeners', 'pipeline', 'scope', 'host'], 'exact')
  markDirectives(ledger, plan, ['request'], 'approx', ownReading)
  markAccount(ledger, plan)
  markOwnName(ledger, plan)
  markUnreached(ledger, plan, context.used)
  markDirectives(ledger, plan, ['pool.connection', 'pool.retry'], 'exact')
  markDirectives(ledger, plan, ['pool.balance'], 'approx', {
    message: "members are chosen, left out and tried again by the target's own arithmetic",
    affects: ['balance', 'status', 'routing']
  })
  if (context.differs.size > 0) {
    ledger.unasked('approx', {
      message: "httpd sends params of its own making, and some of the source's are missing",
      affects: [...context.differs].sort()
    })
  }
  if (context.headers.size > 0) {
    ledger.unasked('approx', {
      message:
        'httpd joins a header that is sent twice, and drops those whose names have other than letters, digits and `-`',
      affects: [...context.headers, 'CONTENT_TYPE', 'status', 'routing'].sort(),
      only: ['repeated-header', 'odd-header']
    })
  }
  ledger.unasked('approx', {
    message:
      'httpd reads odd requests its own way: `%2F` in a path is 404, `..` above the root is 400, names of headers with other than letters, digits and `-` are dropped',
    affects: [
      ...[
        'status',
        'routing',
        'body',
        'HTTP_HOST',
        'REQUEST_URI',
        'SCRIPT_NAME',
        'PATH_INFO',
        'SCRIPT_FILENAME'
      ],
      ...['QUERY_STRING', 'CONTENT_LENGTH', 'SERVER_NAME', 'Location']
    ],
    only: readsAlike(plan) ? handled(context) : anyOddity
  })
  if (context.answers !== undefined) ledger.unasked('approx', context.answers)
}
