import type { Sendfile } from '../../../model/index.js'
import { directive, quoted, section } from './entries.js'
import type { Entry } from './entries.js'
import type { Context } from './module.js'

/** Files sent at an application's word need mod_xsendfile; without it the path must not reach the client. */
export function sendfileEntries(sendfile: Sendfile | undefined, context: Context): readonly Entry[] {
  if (sendfile === undefined || sendfile.headers.length === 0) return []
  const open = sendfile.roots.length === 0
  context.ledger.mark(sendfile.origin, 'manual', {
    message: `mod_xsendfile sends files here, for the header X-Sendfile only${open ? ', and from any folder as before' : ''}`,
    affects: ['body', 'status', 'routing', ...sendfile.headers],
    only: ['sendfile-answer'],
    advice: 'install and load mod_xsendfile (libapache2-mod-xsendfile)'
  })
  context.ledger.markPart(sendfile.origin, 'sendfile', 'manual')
  for (const root of sendfile.roots) context.ledger.mark(root.origin, 'manual')
  const paths = open ? ['/'] : sendfile.roots.map((root) => root.path)
  return [
    section(
      'IfModule',
      ['mod_xsendfile.c'],
      [directive('XSendFile', 'On'), ...paths.map((path) => directive('XSendFilePath', quoted(path)))]
    ),
    section(
      'IfModule',
      ['!mod_xsendfile.c'],
      sendfile.headers.map((name) => directive('Header', 'unset', name))
    )
  ]
}
