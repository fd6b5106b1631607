import type { Span } from '../../../diagnostics/index.js'
import { always, anyOf, type Access, type Condition } from '../../../model/index.js'
import type { Line } from './line.js'
import { closePlace } from './gates.js'
import { test } from './patterns.js'
import { setting, type Place } from './place.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'

/** What the lines of one place have said so far (mod_access_compat). */
export interface Compat {
  order: 'deny,allow' | 'allow,deny'
  readonly allow: Access['rules'][number][]
  readonly deny: Access['rules'][number][]
  readonly lines: Span[]
}

function closed(line: Line, place: Place, reader: Reader): Said {
  closePlace(line, place.section ?? place, reader)
  return notReadYet
}

/** Order, Allow and Deny of old configurations. */
export const compatHandlers: readonly (readonly [string, Handler])[] = [
  ['Order', order],
  ['Allow', (line, place, reader) => rule(line, place, reader, true)],
  ['Deny', (line, place, reader) => rule(line, place, reader, false)]
]

function order(line: Line, place: Place, reader: Reader): Said {
  // In `<Limit>` it holds for some methods.
  if (place.section !== undefined) return closed(line, place, reader)
  const said = line.words[0]?.value.toLowerCase()
  if (said !== 'deny,allow' && said !== 'allow,deny') return closed(line, place, reader)
  compatOf(line, place, reader).order = said
  return undefined
}

function rule(line: Line, place: Place, reader: Reader, allow: boolean): Said {
  if (place.section !== undefined) return closed(line, place, reader)
  const [from, ...clients] = line.words.map((word) => word.value)
  const conditions = clients.map(clientCondition)
  const known = conditions.filter((condition) => condition !== undefined)
  // A client that is let in by its name alone stays out.
  if (from?.toLowerCase() !== 'from' || known.length < conditions.length) {
    return allow ? notReadYet : closed(line, place, reader)
  }
  const compat = compatOf(line, place, reader)
  const list = allow ? compat.allow : compat.deny
  list.push({ when: anyOf(known), allow, origin: line.span })
  return undefined
}

/** Sections have no part of these settings in common: one line makes a place forget what is said around it. */
export function resetCompat(line: Line, place: Place, reader: Reader): void {
  compatOf(line, place, reader)
}

function compatOf(line: Line, place: Place, reader: Reader): Compat {
  const known = reader.compat.get(place) ?? { order: 'deny,allow', allow: [], deny: [], lines: [] }
  known.lines.push(line.span)
  reader.compat.set(place, known)
  return known
}

/**
 * Where Require lines ask as well, these are a set of their own: httpd asks both, and each is merged without the other
 * (mod_authz_core and mod_access_compat have a configuration each).
 */
export function finishCompat(reader: Reader): void {
  const others = reader.closed.size > 0 || [...reader.requirements.values()].some(({ of }) => of.length > 0)
  for (const [place, compat] of reader.compat) {
    const one = setting(others ? 'furtherAccess' : 'access', decided(compat))
    const [origin, ...parts] = compat.lines
    place.settings.push({ ...one, ...(origin === undefined ? {} : { origin, parts }) })
  }
}

/** `Deny,Allow`: an Allow wins, who is in neither may come. `Allow,Deny`: a Deny wins, who is in neither may not. */
function decided({ order: said, allow, deny }: Compat): Access {
  return said === 'deny,allow'
    ? { rules: [...allow, ...deny], otherwise: 'allow' }
    : { rules: [...deny, ...allow], otherwise: 'deny' }
}

/** `all`, an address or network, `env=NAME`; host names are not looked up. */
function clientCondition(client: string): Condition | undefined {
  if (client.toLowerCase() === 'all') return always
  // The one name whose addresses are known without looking it up (RFC 6761).
  if (client.toLowerCase() === 'localhost')
    return anyOf(
      ['127.0.0.1', '::1'].map((network) => test({ of: 'remote-address' }, { kind: 'address', network }))
    )
  if (/^[\d.]+(\/[\d.]+)?$|^[0-9a-f:]+:[0-9a-f:]*(\/\d+)?$/i.test(client)) {
    return test({ of: 'remote-address' }, { kind: 'address', network: client })
  }
  const [, name] = /^env=(\w+)$/i.exec(client) ?? []
  if (name === undefined) return undefined
  const isEmpty = test(
    { of: 'text', template: [{ kind: 'environment', name }] },
    { kind: 'equals', value: '' }
  )
  return { kind: 'not', of: isEmpty }
}
