import type { Span } from '../../../diagnostics/index.js'
import type { Binding, Condition } from '../../../model/index.js'
import type { Line } from './line.js'
import { setting, type Place, type Server } from './place.js'
import type { Reader } from './reader.js'

/** What limits who may come, and is not understood: requests it may concern must not be answered as if it were not there. */
export interface Gate {
  readonly server: Server
  readonly when: Condition
  readonly what: string
  readonly span: Span
}

/** Closes a place for a line in it. */
export function closePlace(line: Line, place: Place, reader: Reader): void {
  reader.gates.push({ server: place.server, when: place.condition, what: headOf(line), span: line.span })
  const known = reader.closed.get(place) ?? line.span
  reader.closed.set(place, known)
}

/** What is written elsewhere for a closed place lets nobody in either. */
export function closeSettings(reader: Reader): void {
  for (const [place, span] of reader.closed) {
    place.settings.push(setting('access', { rules: [], otherwise: 'deny' }, span))
  }
}

/** Ahead of everybody: by URL where that is enough to know, and once the file is known. */
export function gateBindings(gates: readonly Gate[], servers: readonly Server[]): readonly Binding[] {
  return gates
    .filter(({ server }) => servers.includes(server))
    .map(({ when, what, span }) => ({
      match: { kind: 'any' },
      when,
      at: ['url', 'file'],
      origin: span,
      target: { kind: 'unsupported', what }
    }))
}

const limiting: ReadonlySet<string> = new Set([
  'Require',
  'RequireAll',
  'RequireAny',
  'RequireNone',
  'Limit',
  'LimitExcept',
  'Order',
  'Deny',
  'Satisfy',
  'FastCgiAuthenticator',
  'FastCgiAuthorizer',
  'FastCgiAccessChecker',
  'FcgidAuthenticator',
  'FcgidAuthorizer',
  'FcgidAccessChecker',
  'AuthnzFcgiCheckAuthnProvider'
])

/** Whether a line that is passed over would keep somebody out. */
export function limits(line: Line): boolean {
  const words = line.words.map(({ value }) => value.toLowerCase())
  if (line.name === 'Require' && words[0] === 'all' && words[1] === 'granted') return false
  if (line.name === 'Order') return words[0] !== 'deny,allow'
  if (line.name === 'RewriteRule') return /\[[^\]]*\b(f|forbidden|g|gone)\b/i.test(line.text)
  return limiting.has(line.name)
}

/** The line as people would write it. */
export function headOf(line: Line): string {
  return line.text === '' ? line.name : `${line.name} ${line.text}`
}
