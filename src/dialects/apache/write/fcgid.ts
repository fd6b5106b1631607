import type { Member, Pool, ProcessPlan } from '../../../model/index.js'
import { directive, quoted } from './entries.js'
import type { Entry, Word } from './entries.js'
import { environmentLines } from './environment.js'
import { unguarded } from '../../guarded.js'
import { closed, permission, unguardedAnswer } from './module.js'
import type { Answer, Context, FastcgiModule, Use } from './module.js'
import { isWholeLength, passesAuthorization } from './params.js'
import { numberIn } from './processes.js'
import { markFields, poolFields, poolOrigins } from '../../account.js'
import { splitsAtFile } from '../../answering.js'

/** mod_fcgid: starts the application itself, on demand; it cannot use one that runs already. */
export const fcgid: FastcgiModule = {
  name: 'mod_fcgid',
  modules: ['fcgid'],
  // The module's own limit is 128 KB; lighttpd, nginx and mod_fastcgi have none or one of their own.
  server: [directive('FcgidMaxRequestLen', '1073741824')],
  startsRequested: true,
  host: [],

  respond(use, context) {
    const member = spawned(use.pool)
    if (member?.process === undefined) return notSpawned(use, context)
    accountProcesses(use.pool, member, member.process, context)
    if (use.target.program !== undefined) return requested(use, member.process, context)
    const command = commandText(member.process)
    const { match } = use.binding
    const virtual = use.mustExist ? [] : ['virtual']
    const extension = match.kind === 'suffix' && /^\.[^./]+$/.test(match.value) ? [match.value] : []
    return {
      here: [
        directive('SetHandler', 'fcgid-script'),
        directive('Options', '+ExecCGI'),
        directive('FcgidWrapper', quoted(command), ...extension, ...virtual),
        ...(passesAuthorization(use.params) ? [directive('CGIPassAuth', 'On')] : []),
        ...environmentLines(use, context, scriptDifferences(use))
      ],
      beside: programRules(use.pool, member.process),
      checksFile: use.mustExist
    }
  },

  guard(use, context) {
    const member = spawned(use.pool)
    const [program, ...rest] = member?.process?.command ?? []
    if (member?.process === undefined) return notSpawned(use, context)
    if (program === undefined || rest.length > 0) {
      const advice = `put \`${commandText(member.process)}\` into an executable script and name that`
      const message = 'FcgidAccessChecker takes a program without arguments'
      context.ledger.mark(use.binding.origin, 'lost', unguarded(message, context.allowOpen, advice))
      return unguardedAnswer(context)
    }
    accountProcesses(use.pool, member, member.process, context)
    context.ledger.mark(use.binding.origin, 'approx', {
      message:
        'mod_fcgid answers 401 whatever status the access checker sent, and passes headers of a yes on to the client',
      affects: [
        'status',
        'body',
        'FCGI_APACHE_ROLE',
        'SCRIPT_NAME',
        'PATH_INFO',
        'CONTENT_LENGTH',
        'SCRIPT_FILENAME'
      ]
    })
    return {
      here: [directive('FcgidAccessChecker', quoted(program))],
      beside: [directive('FcgidCmdOptions', quoted(program), ...commandOptions(use.pool, member.process))],
      checksFile: false
    }
  }
}

/** The file that was asked for is the program; rules for all programs stand in the virtual host. */
function requested(use: Use, plan: ProcessPlan, context: Context): Answer {
  return {
    here: [
      directive('SetHandler', 'fcgid-script'),
      ...permission(use),
      ...(passesAuthorization(use.params) ? [directive('CGIPassAuth', 'On')] : []),
      ...environmentLines(use, context, scriptDifferences(use))
    ],
    beside: hostRules(use.pool, plan),
    checksFile: true
  }
}

/** FcgidCmdOptions looks for a file of the whole name, so that a program with arguments has the host's rules. */
function programRules(pool: Pool, plan: ProcessPlan): readonly Entry[] {
  if (plan.command.length > 1) return hostRules(pool, plan)
  return [directive('FcgidCmdOptions', quoted(commandText(plan)), ...commandOptions(pool, plan))]
}

/** What holds for all programs of a virtual host. */
function hostRules(pool: Pool, plan: ProcessPlan): readonly Entry[] {
  const { connectTimeout, readTimeout } = pool.connection
  return [
    directive('FcgidMaxProcessesPerClass', String(processes(plan))),
    directive('FcgidMinProcessesPerClass', String(Math.min(plan.minimum, processes(plan)))),
    ...(connectTimeout > 0 ? [directive('FcgidConnectTimeout', String(Math.ceil(connectTimeout)))] : []),
    directive('FcgidIOTimeout', String(readTimeout > 0 ? Math.ceil(readTimeout) : 86400)),
    ...environment(plan).map(({ name, value }) =>
      directive('FcgidInitialEnv', name, ...(value === '' ? [] : [value]))
    )
  ]
}

function spawned(pool: Pool): Member | undefined {
  return pool.members.find((member) => member.process !== undefined)
}

function notSpawned(use: Use, context: Context): Answer {
  context.ledger.mark(use.pool.origin, 'lost', {
    message: 'mod_fcgid cannot use an application that runs already; the URLs it answered are closed',
    affects: ['status', 'routing'],
    advice: 'name the program in an FcgidWrapper, or convert to apache-proxy-fcgi'
  })
  for (const member of use.pool.members) context.ledger.mark(member.origin, 'lost')
  markFields(context.ledger, poolOrigins(use.pool), poolFields, 'lost')
  return closed()
}

/** The command line as FcgidWrapper splits it again: at blanks, with quotes for a word that holds some. */
function commandText(plan: ProcessPlan): string {
  return plan.command.map((word) => (/[\s"']/.test(word) ? `'${word}'` : word)).join(' ')
}

function commandOptions(pool: Pool, plan: ProcessPlan): readonly Word[] {
  const { connectTimeout, readTimeout } = pool.connection
  const requests = numberIn(plan, 'PHP_FCGI_MAX_REQUESTS')
  return [
    ...['MaxProcesses', String(processes(plan))],
    ...['MinProcesses', String(Math.min(plan.minimum, processes(plan)))],
    // A process that ends by itself after so many requests must not be given one more.
    ...(requests === undefined ? [] : ['MaxRequestsPerProcess', String(requests)]),
    ...(connectTimeout > 0 ? ['ConnectTimeout', String(Math.ceil(connectTimeout))] : []),
    ...['IOTimeout', String(readTimeout > 0 ? Math.ceil(readTimeout) : 86400)],
    ...environment(plan).flatMap(({ name, value }): Word[] => ['InitialEnv', `${name}=${value}`])
  ]
}

/** A process answers one request at a time, so that children of a process would be idle: each becomes a process. */
function processes(plan: ProcessPlan): number {
  return Math.max(1, plan.maximum) * Math.max(1, numberIn(plan, 'PHP_FCGI_CHILDREN') ?? 1)
}

function environment(plan: ProcessPlan): ProcessPlan['environment'] {
  return plan.environment.filter(({ name }) => name !== 'PHP_FCGI_CHILDREN')
}

/** CGI variables that httpd makes in its own way and that no directive of mod_fcgid changes. */
function scriptDifferences({ target: { script }, mustExist, params }: Use): readonly string[] {
  const names: string[] = []
  // It tells 0 where there is no body.
  if (params?.entries.some(isWholeLength) !== true) names.push('CONTENT_LENGTH')
  if (!splitsAtFile(script, mustExist))
    names.push('SCRIPT_NAME', 'PATH_INFO', 'PATH_TRANSLATED', 'SCRIPT_FILENAME')
  if (script.root.kind === 'template' || script.root.kind === 'whole') {
    names.push('SCRIPT_FILENAME', 'DOCUMENT_ROOT', 'PATH_TRANSLATED')
  }
  if (script.keepPathInfo || script.filenamePrefix !== undefined) names.push('SCRIPT_FILENAME')
  if (script.stripUri !== undefined) names.push('REQUEST_URI')
  return [...names, 'SERVER_PORT']
}

function accountProcesses(pool: Pool, member: Member, plan: ProcessPlan, context: Context): void {
  if (context.accounted.has(pool.id)) return
  context.accounted.add(pool.id)
  const message =
    'mod_fcgid starts processes on demand up to MaxProcesses, gives each one request at a time, a socket of its own and no environment but PATH and InitialEnv'
  context.ledger.mark(pool.origin, 'approx', { message, affects: ['process-model', 'timing', 'balance'] })
  const fields = poolFields
  markFields(context.ledger, poolOrigins(pool), fields, 'approx', { message, affects: ['process-model'] })
  markFields(context.ledger, poolOrigins(pool), ['connection'], 'exact')
  context.ledger.mark(member.origin, 'approx', { message, affects: ['process-model'] })
  for (const variable of plan.environment) {
    if (variable.name !== 'PHP_FCGI_CHILDREN') context.ledger.mark(variable.origin, 'exact')
    else {
      context.ledger.mark(variable.origin, 'approx', {
        message: 'became a factor of MaxProcesses, as mod_fcgid uses one request of a process at a time',
        affects: ['process-model']
      })
    }
  }
  for (const other of pool.members) {
    if (other === member) continue
    context.ledger.mark(other.origin, 'lost', {
      message: "mod_fcgid starts one program for a handler; the pool's other members are not used",
      affects: ['balance']
    })
  }
}
