import type { CountOutcome, LimitVerdict } from '../../decide/types.js'
import type { IncomingRequest } from './connection.js'
import type { Service } from './service.js'

/** Counts a request as it is wanted, and waits where it has to; `gone` where the client did not. */
export async function count(
  outcome: CountOutcome,
  service: Service,
  incoming: IncomingRequest,
  redirects: number
): Promise<LimitVerdict | 'gone'> {
  const isDryRun = outcome.dryRun === true
  const verdict =
    outcome.counts === 'requests'
      ? await inATime(outcome, service, incoming, isDryRun)
      : atATime(outcome, service, incoming, isDryRun)
  return verdict === 'gone' ? verdict : { verdict, ...(isDryRun && { dryRun: true }), redirects }
}

async function inATime(
  { asked, origin }: Extract<CountOutcome, { counts: 'requests' }>,
  { limits, log }: Service,
  incoming: IncomingRequest,
  isDryRun: boolean
): Promise<LimitVerdict['verdict'] | 'gone'> {
  const counted = limits.requests(asked)
  if (counted.verdict === 'passed') return 'passed'
  const how = counted.verdict === 'delayed' ? 'delaying a request' : 'refusing a request'
  const excess = `excess ${(counted.excess / 1000).toFixed(3)} in the zone \`${counted.zone}\``
  log({ level: 'warning', message: `${how}${isDryRun ? ' (dry run)' : ''}: ${excess}`, origin })
  if (counted.verdict !== 'delayed' || isDryRun) return counted.verdict
  return new Promise((resolve) => {
    const cancel = limits.after(counted.wait, () => resolve('delayed'))
    const end = (): void => {
      cancel()
      resolve('gone')
    }
    incoming.onGone(end)
    // Who has closed his own side does not wait either.
    incoming.onEnded(end)
  })
}

function atATime(
  { asked, origin }: Extract<CountOutcome, { counts: 'connections' }>,
  { limits, log }: Service,
  incoming: IncomingRequest,
  isDryRun: boolean
): LimitVerdict['verdict'] {
  const counted = limits.connections(asked)
  if ('refusedBy' in counted) {
    const how = `refusing a connection${isDryRun ? ' (dry run)' : ''}`
    log({ level: 'warning', message: `${how}: too many in the zone \`${counted.refusedBy}\``, origin })
    return 'refused'
  }
  incoming.onOver(counted.letGo)
  return 'passed'
}
