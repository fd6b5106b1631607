import { parseSize, type LimitZone, type Setting } from '../../../model/index.js'
import type { Level } from './level.js'
import { lastWord } from './pools.js'
import type { Item, Session } from './session.js'
import { setting } from './setting.js'
import { parseFlag, parseNumber } from './values.js'
import { readTemplate } from './variables.js'

/** `limit_req` and `limit_conn`, and the zones that they count in. What words may look like is checked with their rows. */

export const inATime = ['limit_req', 'limit_req_status', 'limit_req_dry_run']
export const atATime = ['limit_conn', 'limit_conn_status', 'limit_conn_dry_run']

/** `limit_req zone=NAME burst=5 nodelay;` */
export function readRequestLimits(session: Session, level: Level): Setting {
  const of = level.inForce('limit_req').map((item) => {
    const burst = parseNumber(parameter(item, 'burst') ?? '') ?? 0
    const isUndelayed = item.directive.args.some(({ value }) => value === 'nodelay')
    const delay = parseNumber(parameter(item, 'delay') ?? '') ?? 0
    const undelayed = isUndelayed ? ('all' as const) : delay
    return { zone: parameter(item, 'zone') ?? '', burst, undelayed, origin: session.span(item) }
  })
  const items = inATime.flatMap((name) => level.inForce(name))
  return setting('requestLimits', { of, ...refusal(level, 'limit_req') }, 'inherited', session.spans(items))
}

/** `limit_conn NAME 5;` */
export function readConnectionLimits(session: Session, level: Level): Setting {
  const of = level.inForce('limit_conn').map((item) => {
    const [zone, most] = item.directive.args
    return { zone: zone?.value ?? '', most: parseNumber(most?.value ?? '') ?? 0, origin: session.span(item) }
  })
  const items = atATime.flatMap((name) => level.inForce(name))
  const value = { of, ...refusal(level, 'limit_conn') }
  return setting('connectionLimits', value, 'inherited', session.spans(items))
}

function refusal(level: Level, name: string): { readonly status: number; readonly dryRun?: true } {
  const status = parseNumber(lastWord(level, `${name}_status`) ?? '') ?? 503
  const isDryRun = parseFlag(lastWord(level, `${name}_dry_run`) ?? '') === true
  return { status, ...(isDryRun && { dryRun: true }) }
}

export function readLimitZones(session: Session, http: Level): readonly LimitZone[] {
  return [
    ...http.own('limit_req_zone').flatMap((item): LimitZone[] => {
      const zone = readZone(session, item)
      return zone === undefined ? [] : [{ ...zone, counts: 'requests', rate: rateOf(item) }]
    }),
    ...http.own('limit_conn_zone').flatMap((item): LimitZone[] => {
      const zone = readZone(session, item)
      return zone === undefined ? [] : [{ ...zone, counts: 'connections' }]
    })
  ]
}

function readZone(session: Session, item: Item): Omit<LimitZone, 'counts' | 'rate'> | undefined {
  const [key] = item.directive.args
  const [name, size = ''] = parameter(item, 'zone')?.split(':') ?? []
  if (key === undefined || name === undefined) return undefined
  const { template, complete } = readTemplate(session, item, key)
  if (!complete) session.notReadYet(item)
  return { name, key: template, size: parseSize(size, false) ?? 0, origin: session.span(item) }
}

/** `rate=10r/s`, `rate=30r/m`, in thousandths of a request a second; one where none is told. */
function rateOf(item: Item): number {
  const [, count = '1', unit = 's'] = /^(\d+)r\/([sm])$/.exec(parameter(item, 'rate') ?? '') ?? []
  return Math.floor((Number(count) * 1000) / (unit === 'm' ? 60 : 1))
}

function parameter({ directive }: Item, name: string): string | undefined {
  const start = `${name}=`
  return directive.args.find(({ value }) => value.startsWith(start))?.value.slice(start.length)
}
