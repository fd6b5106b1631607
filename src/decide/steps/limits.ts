import type { Span } from '../../diagnostics/index.js'
import type { LimitZone } from '../../model/index.js'
import { answer, statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import type { KeyedLimit, LimitVerdict } from '../types.js'

/** Has the caller count the request, and refuses it where there are too many. It is counted once, wherever it goes. */
export function limits(state: State): StepResult {
  return inATime(state) ?? atATime(state)
}

function inATime(state: State): StepResult {
  const rules = state.settings.requestLimits?.value
  const asked = keyed(state, rules?.of ?? [], state.site.requestZones)
  const [first] = asked
  if (rules === undefined || first === undefined) return undefined
  const { origin } = first.limit
  const said = state.history.limited?.requests
  if (said !== undefined) return judged(state, 'requests', said, rules.status, origin)
  const dryRun = rules.dryRun === true ? { dryRun: rules.dryRun } : {}
  return answer({ kind: 'count', counts: 'requests', asked, ...dryRun, origin })
}

function atATime(state: State): StepResult {
  const rules = state.settings.connectionLimits?.value
  const asked = keyed(state, rules?.of ?? [], state.site.connectionZones)
  const [first] = asked
  if (rules === undefined || first === undefined) return undefined
  const { origin } = first.limit
  const said = state.history.limited?.connections
  if (said !== undefined) return judged(state, 'connections', said, rules.status, origin)
  const dryRun = rules.dryRun === true ? { dryRun: rules.dryRun } : {}
  return answer({ kind: 'count', counts: 'connections', asked, ...dryRun, origin })
}

function keyed<L extends { readonly zone: string; readonly origin: Span }, Z extends LimitZone>(
  state: State,
  limits: readonly L[],
  zones: ReadonlyMap<string, Z>
): readonly KeyedLimit<L, Z>[] {
  return limits.flatMap((limit) => {
    const zone = zones.get(limit.zone)
    if (zone === undefined) throw new Unsupported(`the zone \`${limit.zone}\``, limit.origin)
    const key = renderText(zone.key, { state })
    return key === '' ? [] : [{ limit, zone, key }]
  })
}

/** What was said ahead of an internal redirect says nothing any more. */
function judged(
  state: State,
  counts: LimitZone['counts'],
  { verdict, dryRun, redirects }: LimitVerdict,
  status: number,
  origin: Span
): StepResult {
  if (state.limited.has(counts) || redirects !== state.history.redirects.length) return undefined
  state.limited.add(counts)
  if (verdict !== 'refused' || dryRun === true) return undefined
  return statusAnswer(status, `more ${counts} than are let in`, origin)
}
