import type { Span } from '../../../diagnostics/index.js'
import { literalText, parseTime, type Balance, type KeptLimits, type Member } from '../../../model/index.js'
import { parseAddress } from './address.js'
import { refuseValue } from './check.js'
import { readLevel, type Level } from './level.js'
import { headText, nameOf, type Item, type Session } from './session.js'
import { rowIn } from '../vocabulary/index.js'
import { parseNumber } from './values.js'
import { checkUpstreamZone } from './zones.js'
import { readTemplate } from './variables.js'

/** An upstream block, before the places that use it say how its servers are talked to. */
export interface Upstream {
  readonly name: string
  readonly members: readonly Member[]
  readonly balance: Balance
  readonly idle: number
  readonly kept: KeptLimits
  /** What chooses among the servers, or what they are, and is not decided. */
  readonly undecided?: string
  readonly origin: Span
}

export const smoothRoundRobin: Balance = { kind: 'round-robin', variant: 'smooth-weighted' }

/** All upstreams of the configuration by name; names fold case. They may stand behind their use. */
export function readUpstreams(session: Session, http: Level): ReadonlyMap<string, Upstream> {
  const upstreams = new Map<string, Upstream>()
  for (const item of http.own('upstream')) {
    const upstream = readUpstream(session, http, item)
    const known = upstreams.get(upstream.name.toLowerCase())
    if (known === undefined) {
      upstreams.set(upstream.name.toLowerCase(), upstream)
      continue
    }
    const related = [{ span: known.origin, message: 'it stands here first' }]
    const message = `The upstream \`${upstream.name}\` is defined twice`
    session.refuse(
      'nginx/duplicate-upstream',
      session.head(item),
      message,
      'rename or remove one; case does not tell names apart',
      related
    )
  }
  return upstreams
}

function readUpstream(session: Session, http: Level, item: Item): Upstream {
  const name = item.directive.args[0]?.value ?? ''
  const { body } = item.directive
  const level = readLevel(
    session,
    body.kind === 'block' ? body.statements : [],
    item.file,
    'upstream',
    http,
    item
  )
  let method: Item | undefined
  let noBackup: string | undefined
  const members: Member[] = []
  for (const inner of level.items) {
    const directive = inner.directive.name.value
    switch (directive) {
      case 'server': {
        const member = readMember(session, inner, noBackup)
        if (member !== undefined) members.push(member)
        break
      }
      case 'ip_hash':
      case 'hash':
      case 'random':
      case 'least_conn':
        if (
          method !== undefined ||
          level.own('keepalive').some(({ directive }) => directive.start < inner.directive.start)
        ) {
          const message = `\`${directive}\` takes the place of the balancing rule that stands before it`
          session.warn(
            'nginx/balance-redefined',
            session.head(inner),
            message,
            'keep one of them, and put `keepalive` behind it'
          )
        }
        method = inner
        noBackup = directive === 'least_conn' ? undefined : directive
        break
      default:
        break
    }
  }
  checkUpstreamZone(session, level)
  const servers = level.own('server')
  if (servers.length === 0) {
    const message = `The upstream \`${name}\` has no servers`
    session.refuse('nginx/empty-upstream', session.head(item), message, 'add `server ADDRESS;`')
  } else if (members.length === servers.length && members.every(({ backup }) => backup)) {
    const message = `The upstream \`${name}\` has only backup servers`
    session.refuse('nginx/empty-upstream', session.head(item), message, 'remove `backup` from one of them')
  }
  const undecided = level.items.find(
    ({ directive }) => rowIn('upstream', nameOf(directive))?.undecided !== undefined
  )
  const keepalive = level.last('keepalive')?.directive.args[0]?.value
  return {
    name,
    members,
    balance: method === undefined ? smoothRoundRobin : readBalance(session, method),
    idle: keepalive === undefined ? 0 : (parseNumber(keepalive) ?? 0),
    kept: readKept(level),
    ...(undecided === undefined ? {} : { undecided: `\`${headText(undecided)}\`` }),
    origin: session.head(item)
  }
}

function readKept(level: Level): KeptLimits {
  const word = (name: string): string => level.last(name)?.directive.args[0]?.value ?? ''
  return {
    requests: parseNumber(word('keepalive_requests')) ?? 1000,
    life: parseTime(word('keepalive_time'), 'ms') ?? 3600,
    wait: parseTime(word('keepalive_timeout'), 'ms') ?? 60
  }
}

function readBalance(session: Session, item: Item): Balance {
  const [key, option] = item.directive.args
  switch (item.directive.name.value) {
    case 'ip_hash':
      return { kind: 'address-hash', variant: 'first-three-bytes' }
    case 'least_conn':
      return { kind: 'least-connections', ties: 'round-robin' }
    case 'random':
      return { kind: 'random', choices: key?.value === 'two' ? 2 : 1 }
    case 'hash': {
      if (key === undefined) return smoothRoundRobin
      if (option !== undefined && option.value !== 'consistent')
        refuseValue(session, item, option.value, '`consistent`')
      const { template, complete } = readTemplate(session, item, key)
      if (!complete) session.notReadYet(item)
      if (literalText(template) === '') return smoothRoundRobin
      return { kind: 'hash', variant: option === undefined ? 'crc32' : 'ketama', key: template }
    }
    default:
      return smoothRoundRobin
  }
}

/** `server ADDRESS weight=1 max_fails=1 fail_timeout=10s max_conns=0 backup down`; without a port it is 80. */
function readMember(session: Session, item: Item, noBackup: string | undefined): Member | undefined {
  const [address, ...parameters] = item.directive.args
  if (address === undefined) return undefined
  const parsed = parseAddress(address.value, 80)
  if (parsed.kind !== 'address') {
    const { message, hint } = parsed.kind === 'wrong' ? parsed : { message: 'No port', hint: undefined }
    session.refuse('nginx/invalid-address', session.word(item, address), message, hint)
    return undefined
  }
  let [weight, failures, seconds, maxConnections] = [1, 1, 10, 0]
  let [backup, down] = [false, false]
  for (const word of parameters) {
    const [, name = word.value, text = ''] = /^([a-z_]+)=(.*)$/.exec(word.value) ?? []
    const number = parseNumber(text)
    const time = parseTime(text, 's')
    if (name === 'weight' && number !== undefined && number > 0) weight = number
    else if (name === 'max_fails' && number !== undefined) failures = number
    else if (name === 'max_conns' && number !== undefined) maxConnections = number
    else if (name === 'fail_timeout' && time !== undefined) seconds = time
    else if (word.value === 'backup' && noBackup === undefined) backup = true
    else if (word.value === 'down') down = true
    else refuseParameter(session, item, word.value, session.word(item, word), noBackup)
  }
  const failure =
    failures === 0 ? ({ kind: 'never' } as const) : ({ kind: 'count', failures, seconds } as const)
  return {
    address: parsed.address,
    weight,
    maxConnections,
    backup,
    down,
    failure,
    origin: session.span(item)
  }
}

const newer = /^(?:resolve|service=|route=|slow_start=|drain)/

function refuseParameter(
  session: Session,
  item: Item,
  value: string,
  span: Span,
  noBackup: string | undefined
): void {
  if (value === 'backup') {
    const message = `\`backup\` is not possible with \`${noBackup ?? ''}\``
    session.refuse(
      'nginx/invalid-parameter',
      span,
      message,
      'remove it, or balance by round robin or least_conn'
    )
    return
  }
  const hint = newer.test(value)
    ? 'only newer releases or the commercial version know it'
    : 'known are weight=N, max_fails=N, fail_timeout=TIME, max_conns=N, backup and down, without spaces around `=`'
  session.refuse(
    'nginx/invalid-parameter',
    span,
    `Invalid parameter \`${value}\` of \`${item.directive.name.value}\``,
    hint
  )
}
