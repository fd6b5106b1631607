import type { Span } from '../../../diagnostics/index.js'
import type { Pool, Template } from '../../../model/index.js'
import { filledValue } from './expression.js'
import { closePlace } from './gates.js'
import type { Line } from './line.js'
import type { Place } from './place.js'
import { parseBackend, runtimeDirectory, workerPool } from './proxy.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'

/** An application that mod_authnz_fcgi knows by a name: for logins, for what is wanted of users, or for both with one request. */
export interface Provider {
  readonly type: 'authn' | 'authz' | 'authnz'
  readonly pool: Pool
  readonly span: Span
}

/** `AuthnzFcgiCheckAuthnProvider`: who the user is where an application says yes to the request alone. */
export interface Check {
  readonly provider: Provider
  readonly user: Template
  readonly otherwise: string | undefined
  readonly span: Span
}

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''

export const authnzHandlers: readonly (readonly [string, Handler])[] = [
  ['AuthnzFcgiDefineProvider', define],
  ['AuthnzFcgiCheckAuthnProvider', check]
]

/** `AuthnzFcgiDefineProvider authn NAME fcgi://127.0.0.1:9000/` */
function define(line: Line, _: Place, reader: Reader): Said {
  const type = value(line).toLowerCase()
  const backend = parseBackend(value(line, 2), runtimeDirectory)
  if (type !== 'authn' && type !== 'authz' && type !== 'authnz') {
    const message = `\`${value(line)}\` is no type of a provider`
    reader.report.refuse(
      'bad-arguments',
      line.words[0]?.span ?? line.span,
      message,
      'write authn, authz or authnz'
    )
    return undefined
  }
  if (backend?.kind !== 'application' || backend.address.kind !== 'tcp') {
    const message = `\`${value(line, 2)}\` is no application that can be asked`
    const hint = 'write `fcgi://host:port/`; sockets of the file system are not possible here'
    reader.report.refuse('bad-url', line.words[2]?.span ?? line.span, message, hint)
    return undefined
  }
  const timeout = 60
  const settings = { connectTimeout: timeout, timeout, retry: 0, reuse: false, max: 0 }
  const pool = workerPool(`authnz ${value(line, 1)}`, backend.address, settings, line.span, false)
  reader.providers.set(value(line, 1).toLowerCase(), { type, pool, span: line.span })
  return undefined
}

/** `AuthnzFcgiCheckAuthnProvider NAME [option value]...` */
function check(line: Line, place: Place, reader: Reader): Said {
  const of = place.section ?? place
  const provider = reader.providers.get(value(line).toLowerCase())
  if (provider === undefined && value(line).toLowerCase() !== 'none') {
    const message = `No provider \`${value(line)}\` is defined: httpd starts, and answers nothing here`
    const hint = 'define it above with `AuthnzFcgiDefineProvider`'
    reader.report.warn('unknown-provider', line.span, message, hint)
    closePlace(line, of, reader)
    return notReadYet
  }
  let user: Template = []
  let otherwise: string | undefined
  let isPlain = provider !== undefined
  for (let at = 1; at < line.words.length; at += 2) {
    const text = value(line, at + 1)
    switch (value(line, at).toLowerCase()) {
      case 'userexpr': {
        const filled = filledValue(text)
        if ('wrong' in filled || 'unread' in filled) isPlain = false
        else user = filled
        break
      }
      case 'defaultuser':
        otherwise = text
        break
      case 'authoritative':
        isPlain &&= text.toLowerCase() === 'on'
        break
      case 'requirebasicauth':
        isPlain &&= text.toLowerCase() === 'off'
        break
      default:
        reader.report.refuse(
          'unknown-option',
          line.words[at]?.span ?? line.span,
          `\`${line.name}\` has no option \`${value(line, at)}\``,
          'it has Authoritative, DefaultUser, RequireBasicAuth and UserExpr'
        )
        return undefined
    }
  }
  if (!isPlain || provider === undefined) {
    closePlace(line, of, reader)
    return notReadYet
  }
  reader.checks.set(of, { provider, user, otherwise, span: line.span })
  return undefined
}
