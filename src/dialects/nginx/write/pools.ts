import { retryWords } from '../retry-words.js'
import { quote } from '../quote.js'
import type { Address, Member, Pool, RetryRules, Scope } from '../../../model/index.js'
import { markFields, markSessionsLost, poolOrigins } from '../../account.js'
import { isStarted, spawnCommand, startedBefore } from '../../spawn.js'
import { asComments, commented, directive, type Item } from './document.js'
import type { Output } from './output.js'

/** The word behind `fastcgi_pass`: the address of a lone member, or the name of an upstream made for the pool. */
export function passTarget(
  pool: Pool,
  out: Output
): { readonly word: string; readonly comments: readonly string[] } {
  const comments = pool.members.flatMap((member) => spawnComment(member))
  markPool(pool, out)
  const [only] = pool.members
  if (pool.members.length === 1 && only !== undefined && pool.name === undefined && isPlain(only)) {
    return { word: quote(addressWord(only.address)), comments }
  }
  const servers = pool.members.map((member) => commented(serverItem(member, pool, out), spawnComment(member)))
  const name = out.upstream(pool.id, upstreamName(pool), [...balanceItems(pool, out), ...servers], [])
  return { word: quote(name), comments: [] }
}

/** Time limits of a pool as directives, those that differ from nginx's own. */
export function limitItems(pool: Pool): readonly Item[] {
  const { connectTimeout, sendTimeout, readTimeout } = pool.connection
  const limit = (name: string, seconds: number): readonly Item[] =>
    seconds === 60 ? [] : [directive(name, seconds === 0 ? '1d' : timeWord(seconds))]
  return [
    ...limit('fastcgi_connect_timeout', connectTimeout === 0 ? 60 : connectTimeout),
    ...limit('fastcgi_send_timeout', sendTimeout),
    ...limit('fastcgi_read_timeout', readTimeout),
    ...(pool.connection.keep ? [directive('fastcgi_keep_conn', 'on')] : []),
    ...retryItems(pool)
  ]
}

/**
 * Which failures send a request to another member, where that is not nginx's own choice (`error timeout`). `error` is a
 * refused connection and a broken one: there is no word for the first alone.
 */
function retryItems({ members, retry }: Pool): readonly Item[] {
  if (members.length < 2) return []
  const words = wordsFor(retry)
  // What was never sent is sent again whatever its method; with the word nginx would repeat a POST that broke midway.
  const repeats = retry.nonIdempotent && retry.on.some((reason) => reason !== 'connect')
  const names = [...words, ...(repeats ? ['non_idempotent'] : [])]
  const own = names.join(' ') === 'error timeout'
  return [
    ...(own ? [] : [directive('fastcgi_next_upstream', ...(words.length === 0 ? ['off'] : names))]),
    ...(retry.tries === 0 ? [] : [directive('fastcgi_next_upstream_tries', String(retry.tries))]),
    ...(retry.within === 0 ? [] : [directive('fastcgi_next_upstream_timeout', timeWord(retry.within))])
  ]
}

/** Each word for which the pool has the first of its reasons. */
function wordsFor({ on }: RetryRules): readonly string[] {
  return [...retryWords].flatMap(([word, [first]]) =>
    first !== undefined && on.includes(first) ? [word] : []
  )
}

/** Whether nginx tries again for a reason that the pool does not have, because no word says less. */
function retriesMore({ members, retry }: Pool): boolean {
  const reasons = wordsFor(retry).flatMap((word) => retryWords.get(word) ?? [])
  return members.length > 1 && reasons.some((reason) => !retry.on.includes(reason))
}

function timeWord(seconds: number): string {
  return Number.isInteger(seconds) ? `${String(seconds)}s` : `${String(Math.round(seconds * 1000))}ms`
}

function isPlain(member: Member): boolean {
  return member.maxConnections === 0 && !member.backup && !member.down
}

function upstreamName(pool: Pool): string {
  const wish = pool.name ?? pool.members.find(({ label }) => label !== undefined)?.label ?? pool.id
  return wish.replace(/[^\w.-]+/g, '_').replace(/^[_.-]+|[_.-]+$/g, '') || 'backend'
}

/** `unix:PATH`, `HOST:PORT` or `[ADDRESS]:PORT`. */
export function addressWord(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  const host = address.host === '' ? '127.0.0.1' : address.host
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `${bracketed}:${String(address.port)}`
}

function serverItem(member: Member, pool: Pool, out: Output): Item {
  const words = [addressWord(member.address)]
  if (member.weight !== 1) words.push(`weight=${String(member.weight)}`)
  if (member.maxConnections > 0) words.push(`max_conns=${String(member.maxConnections)}`)
  switch (member.failure.kind) {
    case 'never':
      words.push('max_fails=0')
      break
    case 'count':
      if (member.failure.failures !== 1) words.push(`max_fails=${String(member.failure.failures)}`)
      if (member.failure.seconds !== 10) words.push(`fail_timeout=${String(member.failure.seconds)}s`)
      break
    case 'disable':
      // A connection that breaks takes nobody out there, and one that is refused for a moment only.
      words.push(
        isBrief(member) ? 'max_fails=0' : `fail_timeout=${String(Math.max(1, member.failure.seconds))}s`
      )
      if (pool.members.length > 1) {
        out.ledger.markPart(member.origin, 'member.failure', 'approx', {
          message: 'nginx counts failures of requests, not of a check each second',
          affects: ['timing', 'balance']
        })
      }
  }
  if (member.backup) words.push('backup')
  if (member.down) words.push('down')
  return directive('server', ...words.map(quote))
}

/** Out for a second at most: nginx finds out as fast by asking again. */
function isBrief({ failure }: Member): boolean {
  return failure.kind === 'disable' && failure.seconds <= 1
}

function balanceItems(pool: Pool, out: Output): readonly Item[] {
  const { balance } = pool
  const approx = (message: string): void => {
    out.ledger.mark(pool.origin, 'approx', { message, affects: ['balance'] })
    out.ledger.markPart(pool.origin, 'balance', 'approx', { message, affects: ['balance'] })
  }
  if (pool.members.length < 2) return []
  switch (balance.kind) {
    case 'round-robin':
      // The source looks at the list twice where it looks for the file in between.
      if (balance.variant === 'per-pass' && looksTwice(pool, out))
        approx('round robin counts requests, not looks at the list')
      return []
    case 'least-connections':
      if (balance.ties === 'first') approx('equally busy members take turns; the source takes the first')
      return [directive('least_conn')]
    case 'hash':
      if (balance.variant === 'djb-authority-path')
        approx('another hash function: other members for the same URL')
      return [directive('hash', '$host$uri', ...(balance.variant === 'crc32' ? [] : ['consistent']))]
    case 'address-hash':
      if (balance.variant === 'djb-address')
        approx('another hash function: other members for the same client')
      return balance.variant === 'first-three-bytes'
        ? [directive('ip_hash')]
        : [directive('hash', '$remote_addr', 'consistent')]
    case 'random':
      return [directive('random', ...(balance.choices === 2 ? ['two'] : []))]
  }
}

/** Some request is given to the pool only once its file was looked for. */
function looksTwice({ id, members }: Pool, { site }: Output): boolean {
  const inScope = ({ settings, children }: Scope): boolean =>
    settings.some(
      (setting) =>
        setting.key === 'bindings' &&
        setting.value.some(
          ({ target }) =>
            target.kind === 'fastcgi' &&
            target.pool.kind === 'pool' &&
            target.pool.id === id &&
            (target.mustExist || members.some(({ overrides }) => overrides?.mustExist === true))
        )
    ) || children.some(inScope)
  return inScope(site.root)
}

function spawnComment(member: Member): readonly string[] {
  if (member.process === undefined) return []
  return member.process.command.length === 0
    ? asComments('nginx starts no processes, and these are each another file that was asked for.')
    : asComments(`nginx starts no processes. Start them first:\n  ${spawnCommand(member)}`)
}

function markPool(pool: Pool, out: Output): void {
  const { ledger } = out
  markSessionsLost(pool, ledger, 'nginx')
  for (const origin of [pool.origin, ...(pool.also ?? [])]) ledger.mark(origin, 'exact')
  markFields(ledger, poolOrigins(pool), ['members', 'balance', 'connection', 'retry', 'sessions'], 'exact')
  if (retriesMore(pool)) {
    ledger.mark(
      pool.origin,
      'approx',
      pool.members.every(isBrief)
        ? {
            message:
              'a request whose connection breaks is sent to another member; in the source only a refused one is',
            affects: ['status', 'routing', 'balance'],
            only: ['broken-answer']
          }
        : {
            message:
              'a request whose connection breaks is sent to another member, and takes the first one out for a while; in the source only a refused one does',
            affects: ['status', 'routing', 'balance']
          }
    )
  }
  for (const member of pool.members) {
    if (member.overrides !== undefined) {
      ledger.mark(member.origin, 'approx', {
        message: 'requests are taken by the rules of the first application here, whichever answers',
        affects: ['routing', 'status', 'SCRIPT_NAME', 'PATH_INFO', 'SCRIPT_FILENAME', 'timing']
      })
    }
    ledger.mark(member.origin, 'exact')
    for (const field of [
      'member.address',
      'member.weight',
      'member.maxConnections',
      'member.label',
      'member.route',
      'member.standIn',
      'member.failure'
    ]) {
      ledger.markPart(member.origin, field, 'exact')
    }
    if (member.process !== undefined && isStarted(member, out.started)) markStarted(member, out)
    else if (member.process !== undefined) markSpawned(member, out)
  }
}

function markStarted(member: Member, { ledger }: Output): void {
  ledger.markPart(member.origin, 'member.process', 'exact', startedBefore)
  for (const { origin } of member.process?.environment ?? []) ledger.mark(origin, 'exact', startedBefore)
}

function markSpawned(member: Member, out: Output): void {
  const isEachFile = member.process?.command.length === 0
  const note = isEachFile
    ? {
        message: 'nginx starts no processes, and the source starts each file that is asked for as a program',
        affects: ['process-model', 'routing', 'status'],
        advice: `Start a program that runs them (fcgiwrap) at \`${addressWord(member.address)}\`.`
      }
    : {
        message: `nginx starts no processes; it expects them at \`${addressWord(member.address)}\``,
        affects: ['process-model'],
        advice: `Run \`${spawnCommand(member)}\`, or have systemd start the program with that socket as its standard input.`
      }
  out.ledger.mark(member.origin, 'manual', note)
  out.ledger.markPart(member.origin, 'member.process', 'manual', note)
  for (const { origin } of member.process?.environment ?? []) out.ledger.mark(origin, 'manual', note)
}
