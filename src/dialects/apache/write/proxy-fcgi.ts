import type { Balance, Member, Pool } from '../../../model/index.js'
import { directive, quoted, sameEntry, section } from './entries.js'
import type { Entry, Word } from './entries.js'
import { markFields, poolFields, poolOrigins } from '../../account.js'
import { closed, nameOf, unguardedAnswer } from './module.js'
import type { Answer, Context, FastcgiModule, Use } from './module.js'
import {
  headerDifferences,
  paramLines,
  passesAuthorization,
  planParams,
  untoldHeaders,
  setParam,
  untoldLines,
  markTold
} from './params.js'
import { rootedParams, scriptLines } from './script.js'
import { unguarded } from '../../guarded.js'
import { handedOnNote } from '../../answer-rules.js'
import { isStarted, spawnCommand, startedBefore } from '../../spawn.js'

/** mod_proxy_fcgi: the application runs already, each request is handed on by `SetHandler "proxy:..."`. */
export const proxyFcgi: FastcgiModule = {
  name: 'mod_proxy_fcgi',
  modules: ['proxy', 'proxy_fcgi'],
  server: [],
  startsRequested: false,
  // Without it SCRIPT_FILENAME begins with `proxy:fcgi://`, which only PHP-FPM understands.
  host: [directive('ProxyFCGIBackendType', 'GENERIC')],

  respond(use, context) {
    accountProcesses(use.pool, context)
    const handedOn = handedOnNote(use.target)
    if (handedOn !== undefined) context.ledger.mark(use.binding.origin, 'approx', handedOn)
    if (use.target.script.split.kind === 'all-path-info' && !use.mustExist) {
      context.ledger.mark(use.binding.origin, 'approx', {
        message: 'SCRIPT_FILENAME is the document root without a slash behind it',
        affects: ['SCRIPT_FILENAME']
      })
    }
    return {
      here: [
        directive('SetHandler', quoted(handler(use.pool, context))),
        ...(passesAuthorization(use.params) ? [directive('CGIPassAuth', 'On')] : []),
        ...told(use, context)
      ],
      beside: [],
      checksFile: false
    }
  },

  guard(use, context) {
    const [member] = use.pool.members
    if (member === undefined) return closed()
    if (member.address.kind === 'unix') {
      const note = unguarded(
        'mod_authnz_fcgi reaches authorizers over TCP only',
        context.allowOpen,
        `let the authorizer listen on a TCP port of 127.0.0.1 instead of \`${member.address.path}\``
      )
      context.ledger.mark(use.binding.origin, 'lost', note)
      context.accounted.add(use.pool.id)
      // Nobody asks it, so nobody has to start it.
      for (const origin of poolOrigins(use.pool)) context.ledger.mark(origin, 'lost', note)
      markFields(context.ledger, poolOrigins(use.pool), poolFields, 'lost', note)
      return unguardedAnswer(context)
    }
    accountProcesses(use.pool, context)
    return provider(use, nameOf(use.pool, context), fcgiUrl(member, ''), context)
  }
}

/** mod_authnz_fcgi as a check before anything else: no login is asked for, the application alone decides. */
function provider(use: Use, name: string, url: string, context: Context): Answer {
  context.definitions.set(`authorizer ${name}`, [
    directive('AuthnzFcgiDefineProvider', 'authn', name, `${url}/`)
  ])
  context.ledger.mark(use.binding.origin, 'approx', {
    message:
      'mod_authnz_fcgi asks the authorizer with FCGI_APACHE_ROLE set and without SCRIPT_NAME rules of its own; the request gets the user name `authorized`',
    affects: ['status', 'REMOTE_USER', 'AUTH_TYPE', 'FCGI_ROLE', 'FCGI_APACHE_ROLE', 'SCRIPT_FILENAME']
  })
  const word = 'authorized'
  return {
    here: [
      directive(
        'AuthnzFcgiCheckAuthnProvider',
        name,
        'Authoritative',
        'On',
        'RequireBasicAuth',
        'Off',
        // Without an expression for the name the module forgets the default one, and refuses a yes.
        'UserExpr',
        quoted('%{reqenv:REMOTE_USER}'),
        'DefaultUser',
        word
      ),
      directive('AuthMerging', 'And'),
      directive('Require', 'valid-user')
    ],
    beside: [],
    checksFile: false
  }
}

/** The params that httpd would send otherwise. */
function told(given: Use, context: Context): readonly Entry[] {
  const params = rootedParams(given.params, given.root)
  const use = { ...given, params }
  const plan = planParams(params)
  const { lines, lost } = paramLines(plan)
  const differs = new Set([...plan.differs, ...untoldHeaders(params), 'proxy-nokeepalive'])
  for (const name of headerDifferences(params)) context.headers.add(name)
  const { script } = use.target
  if (script.filenamePrefix !== undefined || script.keepPathInfo) differs.add('SCRIPT_FILENAME')
  const port = use.listeners.length === 1 ? use.listeners[0] : undefined
  const entries = [...scriptLines(use, plan.untold)]
  for (const { entry, param } of lines) {
    if (param.kind !== 'param') continue
    if (param.name === 'SERVER_PORT' && port?.address.kind === 'tcp') continue
    entries.push(entry)
    context.ledger.mark(param.origin, 'exact')
  }
  if (port?.address.kind === 'tcp' && names(use).has('SERVER_PORT')) {
    // httpd takes the port from the Host header, else from ServerName: not the one the request came in at.
    entries.push(setParam('true', 'SERVER_PORT', String(port.address.port)))
  } else differs.add('SERVER_PORT')
  for (const line of untoldLines(plan, asksLogin(use)))
    if (!entries.some((entry) => sameEntry(entry, line))) entries.push(line)
  for (const param of lost) {
    if (param.kind !== 'param' || (param.name === 'SERVER_PORT' && port !== undefined)) continue
    if (param.origin === undefined) differs.add(param.name)
    else {
      context.ledger.mark(param.origin, 'lost', {
        message: `httpd has no variable for the value of ${param.name}`,
        affects: [param.name],
        advice: 'set it with mod_rewrite or mod_setenvif, or compute it in the application'
      })
    }
  }
  markTold(use.params, plan, context.ledger)
  for (const name of differs) context.differs.add(name)
  return entries
}

/** Whether httpd knows a user there. */
function asksLogin({ settings }: Use): boolean {
  const login = settings.authentication?.value
  return login !== undefined && (login.method !== 'none' || login.permission !== undefined)
}

function names(use: Use): ReadonlySet<string> {
  const found = (use.params?.entries ?? []).map((entry) => (entry.kind === 'param' ? entry.name : ''))
  return new Set(found)
}

/** The handler's name; a pool of several becomes a balancer, one with rules of its own a worker of that name. */
function handler(pool: Pool, context: Context): string {
  const name = nameOf(pool, context)
  const [first, ...others] = pool.members
  if (first === undefined) return `proxy:fcgi://${name}`
  if (others.length === 0) {
    const url = fcgiUrl(first, name)
    const rules = workerRules(pool, first)
    if (rules.length > 0) {
      context.definitions.set(`worker ${url}`, [
        section('Proxy', [quoted(url)], [directive('ProxySet', ...rules)])
      ])
    }
    return `proxy:${socketPart(first)}${url}`
  }
  context.definitions.set(`balancer ${name}`, [balancer(pool, name, context)])
  return `proxy:balancer://${name}`
}

function balancer(pool: Pool, name: string, context: Context): Entry {
  const members = pool.members.map((member, index) =>
    directive(
      'BalancerMember',
      quoted(`${socketPart(member)}${fcgiUrl(member, `${name}-${index + 1}`)}`),
      ...memberRules(pool, member)
    )
  )
  const { method, same } = balanceMethod(pool.balance)
  context.ledger.mark(pool.origin, 'approx', {
    message: `mod_proxy_balancer shares requests by its own reckoning (\`lbmethod=${method}\`)${same ? '' : ', which knows no such choice by request'}, and tries another member only where none answered`,
    affects: ['balance', 'status', 'BALANCER_NAME', 'BALANCER_WORKER_NAME', 'BALANCER_WORKER_ROUTE']
  })
  return section(
    'Proxy',
    [quoted(`balancer://${name}`)],
    [...members, directive('ProxySet', `lbmethod=${method}`, ...sessionRules(pool))]
  )
}

function balanceMethod(balance: Balance): { readonly method: string; readonly same: boolean } {
  switch (balance.kind) {
    case 'round-robin':
      return { method: 'byrequests', same: true }
    case 'least-connections':
      return { method: 'bybusyness', same: true }
    case 'hash':
    case 'address-hash':
    case 'random':
      return { method: 'byrequests', same: false }
  }
}

function socketPart(member: Member): string {
  return member.address.kind === 'unix' ? `unix:${member.address.path}|` : ''
}

/** Workers are known by this URL alone, so that each socket needs a name of its own. */
function fcgiUrl(member: Member, name: string): string {
  if (member.address.kind === 'unix') return `fcgi://${name}`
  const { host, port } = member.address
  return `fcgi://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function workerRules(pool: Pool, member: Member): readonly Word[] {
  const { connection } = pool
  const seconds = (value: number): number => Math.max(1, Math.ceil(value))
  const silence = Math.max(connection.readTimeout, connection.sendTimeout)
  return [
    ...(connection.connectTimeout > 0 ? [`connectiontimeout=${seconds(connection.connectTimeout)}`] : []),
    // No limit has no equal: a day is longer than any answer.
    `timeout=${connection.readTimeout === 0 ? 86400 : seconds(silence)}`,
    ...(connection.keep ? ['enablereuse=on'] : []),
    ...(connection.keep && connection.idle > 0 ? [`max=${connection.idle}`] : []),
    `retry=${retryAfter(member)}`,
    ...(member.maxConnections > 0 && !connection.keep ? [`max=${member.maxConnections}`] : [])
  ]
}

function retryAfter(member: Member): number {
  switch (member.failure.kind) {
    case 'disable':
    case 'count':
      return member.failure.seconds
    case 'never':
      return 0
  }
}

function memberRules(pool: Pool, member: Member): readonly Word[] {
  const status = `${member.backup ? 'H' : ''}${member.down ? 'D' : ''}`
  return [
    ...workerRules(pool, member),
    ...(member.weight === 1 ? [] : [`loadfactor=${member.weight}`]),
    ...(status === '' ? [] : [`status=+${status}`]),
    ...(member.route === undefined ? [] : [`route=${member.route}`]),
    ...(member.standIn === undefined ? [] : [`redirect=${member.standIn}`])
  ]
}

/** What of its members' failures and of sessions is a balancer's to say. */
function sessionRules({ sessions, members }: Pool): readonly Word[] {
  const failure = members.find((member) => member.failure.kind === 'disable')?.failure
  const { statuses, silence } = failure?.kind === 'disable' ? failure : {}
  const failing = [
    ...(statuses === undefined ? [] : [`failonstatus=${statuses.join(',')}`]),
    ...(silence === true ? ['failontimeout=On'] : [])
  ]
  if (sessions === undefined) return failing
  const { cookie, argument, ends, separator, bound } = sessions
  return [
    `stickysession=${cookie === argument ? cookie : `${cookie}|${argument}`}`,
    ...(separator === '.' ? [] : [`stickysessionsep=${separator ?? 'Off'}`]),
    ...(ends.includes(';') ? ['scolonpathdelim=On'] : []),
    ...(bound ? ['nofailover=On'] : []),
    ...failing
  ]
}

/** Processes the source starts must be started by someone else here. */
function accountProcesses(pool: Pool, context: Context): void {
  if (context.accounted.has(pool.id)) return
  context.accounted.add(pool.id)
  context.ledger.mark(pool.origin, 'exact')
  markFields(context.ledger, poolOrigins(pool), poolFields, 'exact')
  for (const member of pool.members) {
    context.ledger.mark(member.origin, 'exact')
    if (member.process === undefined) continue
    if (isStarted(member, context.started)) {
      markFields(
        context.ledger,
        [pool.origin, member.origin],
        ['process', 'member.process'],
        'exact',
        startedBefore
      )
      for (const variable of member.process.environment)
        context.ledger.mark(variable.origin, 'exact', startedBefore)
      continue
    }
    const note = {
      message: 'mod_proxy_fcgi starts no processes; the application must be running',
      affects: ['process-model'],
      advice: `start it with systemd, or with \`${spawnCommand(member)}\``
    }
    context.ledger.mark(member.origin, 'manual', note)
    markFields(context.ledger, [pool.origin, member.origin], ['process', 'member.process'], 'manual', note)
    for (const variable of member.process.environment) context.ledger.mark(variable.origin, 'manual', note)
  }
}
