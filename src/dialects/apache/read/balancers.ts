import type { Span } from '../../../diagnostics/index.js'
import type { Balance, FailureRule, Member, Pool, SessionRules } from '../../../model/index.js'
import type { Word } from './line.js'
import { connectionOf, parseBackend, runtimeDirectory, type WorkerSettings } from './proxy.js'

/** One `<Proxy balancer://name>`, or all that lines outside of one say of a balancer. */
export interface BalancerLine {
  /** `balancer://name` */
  readonly origin: string
  readonly parameters: Map<string, string>
  readonly members: BalancerMember[]
  readonly span: Span
  /** Lines elsewhere, or in its section, that add to its parameters. */
  readonly sets: Span[]
}

export interface BalancerMember {
  readonly url: Word
  readonly parameters: ReadonlyMap<string, string>
  readonly span: Span
}

/** Methods that choose by what is known here; undefined for the others. */
const methods: ReadonlyMap<string, Balance> = new Map([
  ['byrequests', { kind: 'round-robin', variant: 'smooth-weighted' }],
  ['bybusyness', { kind: 'least-connections', ties: 'round-robin' }]
])

/** The pool of a balancer, or what about it is not understood. */
export function balancerPool(
  { origin, parameters, members, span, sets: also }: BalancerLine,
  settingsOf: (parameters: ReadonlyMap<string, string>) => WorkerSettings
): Pool | { readonly unread: string } {
  const method = parameters.get('lbmethod') ?? 'byrequests'
  const balance = methods.get(method)
  if (balance === undefined) return { unread: `\`lbmethod=${method}\`` }
  const sets = [...new Set(members.map((member) => Number(member.parameters.get('lbset') ?? 0)))].sort(
    (a, b) => a - b
  )
  if (sets.length > 2) return { unread: 'more than two values of `lbset=`' }
  const failing = failuresOf(parameters)
  const sessions = sessionsOf(parameters)
  const made: Member[] = []
  for (const member of members) {
    const read = memberOf(member, settingsOf(member.parameters), sets[0] ?? 0, failing)
    if ('unread' in read) return read
    made.push(read)
  }
  const attempts = Number(parameters.get('maxattempts') ?? NaN)
  return {
    id: origin,
    name: origin.slice('balancer://'.length),
    origin: span,
    ...(also.length > 0 && { also }),
    balance,
    ...(sessions && { sessions }),
    members: made,
    connection: connectionOf(settingsOf(new Map([...parameters, ...(members[0]?.parameters ?? [])]))),
    // A member that cannot be connected to is left, and the next one tried.
    retry: {
      on: ['connect'],
      tries: Number.isNaN(attempts) ? 0 : attempts + 1,
      within: 0,
      nonIdempotent: true
    },
    ...(parameters.get('forcerecovery')?.toLowerCase() === 'off' ? {} : { allOut: 'tried-again' as const })
  }
}

type Failing = Pick<Extract<FailureRule, { kind: 'disable' }>, 'statuses' | 'silence'>

/** What beside a connection that fails puts a member out. */
function failuresOf(parameters: ReadonlyMap<string, string>): Failing {
  const statuses = parameters.get('failonstatus')?.split(/[, ]+/).map(Number)
  return {
    ...(statuses && { statuses }),
    ...(isOn(parameters, 'failontimeout') && { silence: true })
  }
}

/** `stickysession=COOKIE` or `COOKIE|argument` */
function sessionsOf(parameters: ReadonlyMap<string, string>): SessionRules | undefined {
  const name = parameters.get('stickysession')
  if (name === undefined || name === '') return undefined
  const at = name.indexOf('|')
  const separator = parameters.get('stickysessionsep') ?? '.'
  return {
    cookie: at < 0 ? name : name.slice(0, at),
    argument: name.slice(at + 1),
    ends: isOn(parameters, 'scolonpathdelim') ? ';?&' : '?&',
    ...(separator.toLowerCase() === 'off' ? {} : { separator }),
    bound: isOn(parameters, 'nofailover')
  }
}

function isOn(parameters: ReadonlyMap<string, string>, name: string): boolean {
  return parameters.get(name)?.toLowerCase() === 'on'
}

function memberOf(
  { url, parameters, span }: BalancerMember,
  settings: WorkerSettings,
  firstSet: number,
  failing: Failing
): Member | { readonly unread: string } {
  const backend = parseBackend(url.value, runtimeDirectory)
  if (backend?.kind !== 'application') return { unread: `\`BalancerMember ${url.value}\`` }
  const flags = statusOf(parameters.get('status') ?? '')
  if (flags === undefined) return { unread: `\`status=${parameters.get('status') ?? ''}\`` }
  const isLater = Number(parameters.get('lbset') ?? 0) > firstSet
  if (isLater && flags.backup) return { unread: '`lbset=` together with `status=+H`' }
  const route = parameters.get('route')
  const standIn = parameters.get('redirect')
  const factor = Number(parameters.get('loadfactor') ?? 1)
  return {
    label: backend.origin + backend.path,
    ...(route === undefined ? {} : { route }),
    ...(standIn === undefined ? {} : { standIn }),
    address: backend.address,
    // Factors have up to two decimals.
    weight: Number.isInteger(factor) ? factor : Math.round(factor * 100),
    maxConnections: settings.max,
    backup: flags.backup || isLater,
    down: flags.down,
    failure:
      flags.ignoresErrors || settings.retry === 0
        ? { kind: 'never' }
        : { kind: 'disable', seconds: settings.retry, ...failing },
    origin: span
  }
}

/** `D` and `S`: not used; `H`: only when no other can be; `I`: errors do not count. Others are not understood. */
function statusOf(
  text: string
): { readonly down: boolean; readonly backup: boolean; readonly ignoresErrors: boolean } | undefined {
  const on = new Set<string>()
  let sign = '+'
  for (const letter of text.toUpperCase()) {
    if (letter === '+' || letter === '-') sign = letter
    else if (!'DSHI'.includes(letter)) return undefined
    else if (sign === '+') on.add(letter)
    else on.delete(letter)
  }
  return { down: on.has('D') || on.has('S'), backup: on.has('H'), ignoresErrors: on.has('I') }
}
