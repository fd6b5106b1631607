import type { Span } from '../../../diagnostics/index.js'
import { parseSize, type CacheZone } from '../../../model/index.js'
import { refuseValue } from './check.js'
import type { Level } from './level.js'
import { nameOf, type Item, type Session } from './session.js'

/** A zone that something counts or keeps in; it may be defined behind its use. */
export interface ZoneUse {
  readonly by: string
  readonly name: string
  readonly span: Span
}

/** Eight memory pages (`ngx_http_limit_req_zone`, `ngx_http_upstream_zone`). */
const smallest = 8 * 4096

const users: ReadonlySet<string> = new Set([
  'limit_req_zone',
  'limit_conn_zone',
  'limit_req',
  'limit_conn',
  'fastcgi_cache'
])

/** Collects what a level says of zones. */
export function checkZones(session: Session, level: Level): void {
  if (!level.saysAny(users)) return
  for (const item of [...level.own('limit_req_zone'), ...level.own('limit_conn_zone')]) {
    const [name, size = ''] = zoneIn(item)?.split(':') ?? []
    if (name === undefined) refuseWithout(session, item, 'zone=NAME:SIZE')
    else if ((parseSize(size, false) ?? 0) < smallest)
      refuseValue(session, item, size, `a zone of ${smallest} bytes at least`)
    else session.zones.add(`${nameOf(item.directive)} ${name}`)
  }
  for (const item of level.own('limit_req')) {
    const name = zoneIn(item)
    if (name === undefined) refuseWithout(session, item, 'zone=NAME')
    else use(session, item, name)
  }
  const counted = new Set<string>()
  for (const item of level.own('limit_conn')) {
    const name = item.directive.args[0]?.value ?? ''
    if (counted.has(name)) refuseValue(session, item, name, 'each zone once in a block')
    counted.add(name)
    use(session, item, name)
  }
  for (const item of level.own('fastcgi_cache')) {
    const name = item.directive.args[0]?.value ?? ''
    if (name !== 'off' && !name.includes('$')) use(session, item, name)
  }
}

/** A zone of an upstream; another one may use it without saying its size. */
export function checkUpstreamZone(session: Session, level: Level): void {
  for (const item of level.own('zone')) {
    const [name, size] = item.directive.args.map(({ value }) => value)
    if (name === undefined) continue
    if (size === undefined) use(session, item, name)
    else if ((parseSize(size, false) ?? 0) < smallest)
      refuseValue(session, item, size, `a zone of ${smallest} bytes at least`)
    else session.zones.add(`zone ${name}`)
  }
}

function zoneIn({ directive }: Item): string | undefined {
  return directive.args.find(({ value }) => value.startsWith('zone='))?.value.slice('zone='.length)
}

function refuseWithout(session: Session, item: Item, wanted: string): void {
  const message = `\`${nameOf(item.directive)}\` names no zone`
  session.refuse('nginx/invalid-parameter', session.head(item), message, `write \`${wanted}\``)
}

function use(session: Session, item: Item, name: string): void {
  session.zonesUsed.push({ by: nameOf(item.directive), name, span: session.head(item) })
}

const definedBy: Readonly<Record<string, string>> = {
  limit_req: 'limit_req_zone',
  limit_conn: 'limit_conn_zone',
  fastcgi_cache: 'fastcgi_cache_path'
}

/** Zones that nothing defines. In a part of a configuration they may be defined elsewhere. */
export function reportZones(session: Session, cacheZones: readonly CacheZone[]): void {
  if (session.fragment) return
  const known = new Set([...session.zones, ...cacheZones.map(({ name }) => `fastcgi_cache_path ${name}`)])
  for (const { by, name, span } of session.zonesUsed) {
    const definition = definedBy[by] ?? by
    if (known.has(`${definition} ${name}`)) continue
    const message = `\`${by}\` names the zone \`${name}\`, which is not defined`
    session.refuse('nginx/unknown-zone', span, message, `define it with \`${definition}\``)
  }
}
