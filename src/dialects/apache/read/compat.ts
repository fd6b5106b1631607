import { allOf, always, anyOf, not, type Access, type Condition } from '../../../model/index.js'
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
  const compat = compatOf(place, reader)
  compat.order = said
  decide(line, place, compat)
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
  const compat = compatOf(place, reader)
  const list = allow ? compat.allow : compat.deny
  list.push({ when: anyOf(known), allow, origin: line.span })
  decide(line, place, compat)
  return undefined
}

function compatOf(place: Place, reader: Reader): Compat {
  const known = reader.compat.get(place) ?? { order: 'deny,allow', allow: [], deny: [] }
  reader.compat.set(place, known)
  return known
}

/** `Deny,Allow`: an Allow wins, who is in neither may come. `Allow,Deny`: a Deny wins, who is in neither may not. */
function decide(line: Line, place: Place, { order: said, allow, deny }: Compat): void {
  const access: Access =
    said === 'deny,allow'
      ? { rules: [...allow, ...deny], otherwise: 'allow' }
      : { rules: [...deny, ...allow], otherwise: 'deny' }
  place.settings.push(setting('access', access, line.span))
}

/** The same as one condition, for places that ask with Require as well: both must hold. */
export function compatCondition({ order: said, allow, deny }: Compat): Condition {
  const allowed = anyOf(allow.map(({ when }) => when))
  const denied = anyOf(deny.map(({ when }) => when))
  return said === 'deny,allow' ? anyOf([allowed, not(denied)]) : allOf([allowed, not(denied)])
}

/** `all`, an address or network, `env=NAME`; host names are not looked up. */
function clientCondition(client: string): Condition | undefined {
  if (client.toLowerCase() === 'all') return always
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
