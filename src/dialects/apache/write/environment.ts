import { literalText } from '../../../model/index.js'
import { hostAsItCame, tellsAskedHost } from '../../same-names.js'
import { directive, quoted } from './entries.js'
import type { Entry } from './entries.js'
import type { Context, Use } from './module.js'
import { headerDifferences, isWholeLength, planParams, untoldHeaders, markTold } from './params.js'
import { expressionString } from './templates.js'

/** Params that CGI itself sets win over SetEnv of the same name (mod_env, case `setenv_and_friends`). */
const fixed = new Set([
  ...[
    'SERVER_NAME',
    'SERVER_PORT',
    'SERVER_ADDR',
    'SERVER_PROTOCOL',
    'SERVER_SOFTWARE',
    'REQUEST_METHOD',
    'REQUEST_URI'
  ],
  ...[
    'REQUEST_SCHEME',
    'QUERY_STRING',
    'SCRIPT_NAME',
    'SCRIPT_FILENAME',
    'PATH_INFO',
    'PATH_TRANSLATED',
    'DOCUMENT_ROOT'
  ],
  ...['CONTENT_TYPE', 'CONTENT_LENGTH', 'GATEWAY_INTERFACE', 'REMOTE_ADDR', 'REMOTE_PORT', 'AUTH_TYPE']
])

/** Whether a variable of this name tells nobody anything. */
export function isSetByServer(name: string): boolean {
  return fixed.has(name) || name === 'HTTP_HOST'
}

/** What an application that is reached through httpd's own CGI variables is told: extra names by SetEnv. */
export function environmentLines(
  use: Use,
  context: Context,
  alsoDiffers: readonly string[]
): readonly Entry[] {
  const plan = planParams(use.params)
  const differs = new Set([...plan.differs, ...plan.untold, ...untoldHeaders(use.params), ...alsoDiffers])
  for (const name of headerDifferences(use.params)) context.headers.add(name)
  const entries: Entry[] = []
  for (const { name, value, entry } of plan.set) {
    // Told by whoever starts the application (mod_fcgid), or among what differs (mod_fastcgi).
    if (entry.kind !== 'param' || isWholeLength(entry)) continue
    const written = fixed.has(name) || name.startsWith('HTTP_') ? undefined : line(name, value)
    if (written !== undefined) {
      entries.push(written)
      context.ledger.mark(entry.origin, 'exact')
    } else if (entry.origin === undefined) differs.add(name)
    else if (tellsAskedHost(entry)) context.ledger.mark(entry.origin, 'approx', hostAsItCame)
    else {
      context.ledger.mark(entry.origin, 'lost', {
        message: `httpd sets ${name} itself, and SetEnv cannot change it`,
        affects: [name],
        advice: 'convert to apache-proxy-fcgi, where ProxyFCGISetEnvIf can'
      })
    }
  }
  markTold(use.params, plan, context.ledger)
  for (const name of differs) context.differs.add(name)
  return entries
}

function line(name: string, value: Parameters<typeof literalText>[0]): Entry | undefined {
  const literal = literalText(value)
  if (literal !== undefined) return directive('SetEnv', name, ...(literal === '' ? [] : [quoted(literal)]))
  const text = expressionString(value)
  // The value of SetEnvIfExpr knows back references only: the whole of one variable can be had that way.
  if (text === undefined || !/^%\{[^{}]*\}$/.test(text) || text.startsWith('%{reqenv:')) return undefined
  return directive('SetEnvIfExpr', quoted(`${text} =~ m#^(.*)$#`), quoted(`${name}=$1`))
}
