import type { LimitZone, SettingOf } from '../../../model/index.js'
import { quote } from '../quote.js'
import { directive, type Item } from './document.js'
import type { Output } from './output.js'
import { templateText, type Surroundings } from './templates.js'

type Limits = SettingOf<'requestLimits'> | SettingOf<'connectionLimits'>

/** The limits with the zones that they count in; undefined where nginx has no variable for what they count by. */
export function limitItems(setting: Limits, at: Surroundings, out: Output): readonly Item[] | undefined {
  const counts = setting.key === 'requestLimits' ? 'requests' : 'connections'
  for (const { zone } of setting.value.of) {
    if (!defined(zone, counts, at, out)) return undefined
  }
  const name = setting.key === 'requestLimits' ? 'limit_req' : 'limit_conn'
  const { status, dryRun } = setting.value
  return [
    ...(setting.key === 'requestLimits'
      ? setting.value.of.map(({ zone, burst, undelayed }) =>
          directive(name, quote(`zone=${zone}`), ...burstWords(burst, undelayed))
        )
      : setting.value.of.map(({ zone, most }) => directive(name, quote(zone), String(most)))),
    ...(status === 503 ? [] : [directive(`${name}_status`, String(status))]),
    ...(dryRun === true ? [directive(`${name}_dry_run`, 'on')] : [])
  ]
}

function burstWords(burst: number, undelayed: number | 'all'): readonly string[] {
  const words = burst === 0 ? [] : [`burst=${String(burst)}`]
  if (undelayed === 'all') return [...words, 'nodelay']
  return undelayed === 0 ? words : [...words, `delay=${String(undelayed)}`]
}

function defined(name: string, counts: LimitZone['counts'], at: Surroundings, out: Output): boolean {
  const zone = out.site.limitZones?.find((each) => each.name === name && each.counts === counts)
  const key = zone && templateText(zone.key, at, out)
  if (zone === undefined || key === undefined) return false
  const words = [quote(key), quote(`zone=${name}:${String(zone.size)}`)]
  const line =
    zone.counts === 'requests'
      ? directive('limit_req_zone', ...words, `rate=${rateText(zone.rate)}`)
      : directive('limit_conn_zone', ...words)
  out.zones.set(`${counts} ${name}`, line)
  out.ledger.mark(zone.origin, 'exact')
  return true
}

/** Thousandths of a request a second; what is no whole number of them was told by the minute. */
function rateText(rate: number): string {
  return rate % 1000 === 0 ? `${String(rate / 1000)}r/s` : `${String(Math.round((rate * 60) / 1000))}r/m`
}
