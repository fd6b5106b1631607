import type {
  Balance,
  FastcgiTarget,
  Member,
  Note,
  Pool,
  ProcessPlan,
  Sendfile
} from '../../../model/index.js'
import { literalText } from '../../../model/index.js'
import { markFields, markSessionsLost, poolFields, poolOrigins } from '../../account.js'
import type { Context } from './context.js'
import { isAllPathInfo } from './splits.js'
import { list, pairs } from './statements.js'
import type { List, Value } from './statements.js'

type Option = readonly [string, Value]

/** The hosts under one key of `fastcgi.server`: `(( ... ))`, or one list for each member. */
export function hostList(pool: Pool, target: FastcgiTarget, checkLocal: boolean, context: Context): List {
  const used = pool.members.filter((member) => !member.down && !member.backup)
  const members = used.length === 0 ? pool.members : used
  accountPool(pool, context)
  const hosts = members.map((member) => pairs(hostOptions(pool, member, target, checkLocal)))
  const labels = labelsOf(pool, members)
  if (labels === undefined) return list(...hosts)
  return { items: hosts.map((value, index) => ({ key: labels[index] ?? '', value })) }
}

/** Labels name hosts in the statistics; keys of a list must differ. */
function labelsOf(pool: Pool, members: readonly Member[]): readonly string[] | undefined {
  const labels = members.map((member) => member.label ?? '')
  if (labels.every((label) => label !== '') && new Set(labels).size === labels.length) return labels
  if (pool.name === undefined) return undefined
  const name = pool.name
  return members.length === 1 ? [name] : members.map((_, index) => `${name}-${index + 1}`)
}

function hostOptions(
  pool: Pool,
  member: Member,
  target: FastcgiTarget,
  checkLocal: boolean
): readonly Option[] {
  const script = member.overrides?.script ?? target.script
  const root = script.root.kind === 'template' ? literalText(script.root.template) : undefined
  const connection = { ...pool.connection, ...member.overrides?.connection }
  return [
    ...addressOptions(member),
    ...(member.process === undefined ? [] : processOptions(member.process)),
    ...(target.role === 'responder' ? [] : [['mode', 'authorizer'] as const]),
    ...(root === undefined ? [] : [['docroot', root] as const]),
    // Existing files only is the default; said aloud it is not overlooked.
    ['check-local', (member.overrides?.mustExist ?? checkLocal) ? 'enable' : 'disable'],
    ...(isAllPathInfo(script.split) ? [['fix-root-scriptname', 'enable'] as const] : []),
    ...(script.keepPathInfo ? [['broken-scriptfilename', 'enable'] as const] : []),
    ...(script.stripUri === undefined ? [] : [['strip-request-uri', script.stripUri] as const]),
    ...(disableTime(member) === 1 ? [] : [['disable-time', disableTime(member)] as const]),
    ...seconds('connect-timeout', connection.connectTimeout, 8),
    ...seconds('write-timeout', connection.sendTimeout, 0),
    ...seconds('read-timeout', connection.readTimeout, 0),
    ...sendfileOptions(member.overrides?.sendfile ?? target.sendfile)
  ]
}

function addressOptions(member: Member): readonly Option[] {
  const { address } = member
  if (address.kind === 'unix') return [['socket', address.path]]
  const host = address.host === '' ? '127.0.0.1' : address.host.replaceAll(/[[\]]/g, '')
  return [
    ['host', host],
    ['port', address.port]
  ]
}

function processOptions(plan: ProcessPlan): readonly Option[] {
  const { inherit } = plan
  const environment = plan.environment.map(({ name, value }) => [name, value] as const)
  return [
    // Split at every blank, without quotes.
    ['bin-path', plan.command.join(' ')],
    ...(plan.minimum === plan.maximum && plan.maximum <= 4 ? [] : [['min-procs', plan.minimum] as const]),
    ['max-procs', plan.maximum],
    ...(plan.adaptive.maxLoad > 1 ? [['max-load-per-proc', plan.adaptive.maxLoad] as const] : []),
    ...(plan.adaptive.idleTimeout > 0 && plan.adaptive.idleTimeout !== 60
      ? [['idle-timeout', plan.adaptive.idleTimeout] as const]
      : []),
    ...(environment.length === 0 ? [] : [['bin-environment', pairs(environment)] as const]),
    ...(inherit.kind === 'all' || inherit.names.length === 0
      ? []
      : [['bin-copy-environment', list(...inherit.names)] as const]),
    ...(plan.killSignal === 15 ? [] : [['kill-signal', plan.killSignal] as const]),
    ...(plan.backlog === 1024 || plan.backlog < 1 ? [] : [['listen-backlog', plan.backlog] as const])
  ]
}

function seconds(name: string, value: number, usual: number): readonly Option[] {
  const whole = Math.min(65535, Math.ceil(value))
  return whole === usual ? [] : [[name, whole]]
}

function disableTime(member: Member): number {
  switch (member.failure.kind) {
    case 'disable':
      return member.failure.seconds
    case 'count':
      return member.failure.failures === 0 ? 0 : Math.ceil(member.failure.seconds)
    case 'never':
      return 0
  }
}

function sendfileOptions(sendfile: Sendfile | 'none' | undefined): readonly Option[] {
  if (sendfile === undefined || sendfile === 'none' || sendfile.headers.length === 0) return []
  const roots = sendfile.roots.map((root) => root.path)
  return [
    ['x-sendfile', 'enable'],
    ...(roots.length === 0 ? [] : [['x-sendfile-docroot', list(...roots)] as const])
  ]
}

/** The word for `fastcgi.balance`; absent for lighttpd's own choice. */
export function balanceWord(balance: Balance): string | undefined {
  switch (balance.kind) {
    case 'least-connections':
      return undefined
    case 'round-robin':
    case 'random':
      return 'round-robin'
    case 'hash':
      return 'hash'
    case 'address-hash':
      return 'sticky'
  }
}

/** Whether the members are chosen just as lighttpd does. */
export function isOwnBalance(balance: Balance): boolean {
  switch (balance.kind) {
    case 'least-connections':
      return balance.ties === 'first'
    case 'round-robin':
      return balance.variant === 'per-pass'
    case 'hash':
      return balance.variant === 'djb-authority-path'
    case 'address-hash':
      return balance.variant === 'djb-address'
    case 'random':
      return false
  }
}

function accountPool(pool: Pool, context: Context): void {
  if (context.accounted.has(pool.id)) return
  context.accounted.add(pool.id)
  const { ledger } = context
  const origins = poolOrigins(pool)
  for (const origin of origins) ledger.mark(origin, 'exact')
  markFields(ledger, origins, poolFields, 'exact')
  markSessionsLost(pool, ledger, 'lighttpd')
  if (pool.members.length > 1 && !isOwnBalance(pool.balance)) {
    const alike = [...context.pools.values()].filter(({ origin }) => origin === pool.origin)
    const note: Note =
      alike.length <= 1 && takesTurns(pool)
        ? {
            message:
              'lighttpd takes the next member at each look at the list, which it looks at again where one fails',
            affects: ['balance'],
            only: ['broken-answer']
          }
        : {
            message:
              'lighttpd chooses among the members by its own arithmetic, and looks twice where files are checked',
            affects: ['balance']
          }
    ledger.mark(pool.origin, 'approx', note)
    markFields(ledger, [pool.origin], ['balance'], 'approx', note)
  }
  if (pool.connection.keep) {
    const note = { message: 'lighttpd opens a connection for each request', affects: ['timing'] }
    ledger.mark(pool.origin, 'approx', note)
    markFields(ledger, [pool.origin], ['keep', 'connection.keep', 'connection.idle'], 'approx', note)
  }
  for (const member of pool.members) accountMember(member, context)
}

/** Equal members in turn, one for each request. */
function takesTurns({ balance, members, retry }: Pool): boolean {
  return (
    balance.kind === 'round-robin' &&
    retry.on.every((reason) => typeof reason === 'string') &&
    members.every(
      ({ weight, maxConnections, backup, down }) => weight === 1 && maxConnections <= 0 && !backup && !down
    )
  )
}

function accountMember(member: Member, context: Context): void {
  const { ledger } = context
  if (member.weight !== 1 || member.maxConnections > 0) {
    ledger.mark(member.origin, 'approx', {
      message: 'lighttpd has neither weights nor a limit of requests for a member',
      affects: member.maxConnections > 0 ? ['balance', 'status', 'routing'] : ['balance']
    })
  }
  if (member.backup || member.down) {
    ledger.mark(member.origin, member.down ? 'exact' : 'lost', {
      message: member.down
        ? 'never used, and left out'
        : 'lighttpd has no members in reserve; it was left out',
      affects: member.down ? [] : ['balance', 'status']
    })
  }
  const plan = member.process
  if (plan === undefined) return
  for (const variable of plan.environment) ledger.mark(variable.origin, 'exact')
  const blanks = plan.command.some((word) => /\s/.test(word))
  const own = plan.sockets === 'own' && plan.when === 'at-start' && plan.user === undefined
  if (!own || blanks || plan.priority !== 0) {
    ledger.mark(member.origin, 'approx', {
      message: `lighttpd starts each process on a socket of its own (\`-0\`, \`-1\` … behind the path), at start, as its own user${blanks ? '; a word of the command holds a blank, at which it is split' : ''}`,
      affects: ['process-model', 'timing']
    })
  }
}
