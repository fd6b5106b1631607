import type { RequestRules } from '../../model/index.js'
import { requestRules } from './behaviour.js'
import type { Block } from './blocks.js'
import { flagOf } from './options.js'
import type { Value } from './values.js'

type Change = (rules: RequestRules, on: boolean) => RequestRules

/** What each switch of `server.http-parseopts` changes; those not here are not read yet. */
const changes: ReadonlyMap<string, Change> = new Map<string, Change>([
  [
    'header-strict',
    (rules, on) => {
      const { strictHeaders: _, ...others } = rules
      return { ...others, ...(on && { strictHeaders: true }) }
    }
  ],
  [
    'method-get-body',
    (rules, on) => ({ ...rules, body: { ...rules.body, withGet: on ? 'accepted' : 'refused' } })
  ],
  [
    'url-ctrls-reject',
    (rules, on) => ({ ...rules, target: { ...rules.target, control: on ? 'refused' : 'kept' } })
  ],
  [
    'url-invalid-utf8-reject',
    (rules, on) => ({ ...rules, target: { ...rules.target, invalidUtf8: on ? 'refused' : 'kept' } })
  ],
  [
    'url-path-2f-decode',
    (rules, on) => ({ ...rules, target: { ...rules.target, encodedSlash: on ? 'decoded' : 'kept' } })
  ]
])

/** How requests are read under this configuration. */
export function requestRulesOf(global: Block): RequestRules {
  const value = global.held.get('server.http-parseopts')?.value
  if (value?.kind !== 'list') return requestRules
  const rules = value.entries.reduce((before, entry) => {
    const on = flagOf(entry.value)
    const change = changes.get(entry.key ?? '')
    return on === undefined || change === undefined ? before : change(before, on)
  }, requestRules)
  const isOn = (name: string): boolean | undefined => {
    const entry = value.entries.find(({ key }) => key === name)
    return entry && flagOf(entry.value)
  }
  return { ...rules, host: hostRules(isOn(hostSwitches[0]) ?? true, isOn(hostSwitches[1]) ?? false) }
}

const hostSwitches = ['host-strict', 'host-normalize'] as const

/** What is strict is normalised too, whatever the other switch says. */
function hostRules(strict: boolean, normalize: boolean): RequestRules['host'] {
  return {
    ...requestRules.host,
    strict,
    ...(!strict && { anyCharacters: true }),
    ...(!strict && !normalize && { keepsPort: true })
  }
}

/** Whether every switch that is set has its meaning in the model. */
export function areParseOptionsRead(value: Value | undefined): boolean {
  return (
    value?.kind === 'list' &&
    value.entries.every(({ key = '' }) => changes.has(key) || hostSwitches.some((name) => name === key))
  )
}
