import type { Member, Pool, ProcessPlan } from '../../../model/index.js'
import { literalText } from '../../../model/index.js'
import { directive, quoted, section } from './entries.js'
import type { Entry, Word } from './entries.js'
import { environmentLines } from './environment.js'
import { markFields, markSessionsLost, poolFields, poolOrigins } from '../../account.js'
import { closed, nameOf, permission } from './module.js'
import type { Answer, Context, FastcgiModule, Use } from './module.js'
import { isWholeLength, passesAuthorization } from './params.js'
import { shellWord } from '../../spawn.js'

/**
 * The classic mod_fastcgi. An application has a name in the file system, real or not (a definition), and gets every
 * request that maps to it. The folder of that name must exist, else nothing ever maps there (reference 3.1).
 */
export const fastcgi: FastcgiModule = {
  name: 'mod_fastcgi',
  modules: ['fastcgi'],
  caution: {
    message: 'the target is mod_fastcgi, which Debian and others no longer package',
    advice: 'Build it from source, or convert with --to apache-fcgid or --to apache-proxy-fcgi.'
  },
  server: [],
  startsRequested: true,
  host: [],

  respond(use, context) {
    const dynamic = use.target.program === undefined ? undefined : use.pool.members[0]?.process
    if (dynamic !== undefined) return requested(use, dynamic, context)
    const { match } = use.binding
    if (match.kind === 'prefix' && !use.mustExist && use.unconditional)
      return mounted(use, match.value, context)
    const definition = define(use.pool, use, context)
    if (definition === undefined) return closed()
    context.ledger.mark(use.binding.origin, 'approx', {
      message: `an Action hands the page to \`${definition}\` as path info; PHP finds it there, other applications look elsewhere`,
      affects: [
        ...['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'PATH_TRANSLATED', 'DOCUMENT_ROOT'],
        ...['REDIRECT_URL', 'REDIRECT_STATUS', 'REDIRECT_HANDLER', 'REDIRECT_QUERY_STRING']
      ],
      advice: 'for PHP leave cgi.fix_pathinfo on'
    })
    return byAction(use, definition, context)
  },

  guard(use, context) {
    const definition = define(use.pool, use, context)
    if (definition === undefined) return closed()
    context.ledger.mark(use.binding.origin, 'approx', {
      message:
        'a no of the access checker is 403 whatever status it sent, and every header of a yes becomes a variable',
      affects: ['status', 'body', 'FCGI_APACHE_ROLE', 'PATH_TRANSLATED', 'Content_Type', 'SCRIPT_FILENAME']
    })
    return { here: [directive('FastCgiAccessChecker', quoted(definition))], beside: [], checksFile: false }
  }
}

/** Dynamic mode: the file that was asked for is the program. The rules are one line for the whole server. */
function requested(use: Use, plan: ProcessPlan, context: Context): Answer {
  const [member] = use.pool.members
  if (member !== undefined) accountSpawned(use.pool, member, plan, context)
  const environment = plan.environment.flatMap(({ name, value }): Word[] => [
    '-initial-env',
    `${name}=${value}`
  ])
  const most = Math.max(1, plan.maximum)
  const words: readonly Word[] = [
    ...['-maxClassProcesses', String(most)],
    ...inherited(plan).flatMap((name): Word[] => ['-initial-env', name]),
    ...environment,
    ...commonOptions(use.pool, use)
  ]
  context.definitions.set('dynamic', [directive('FastCgiConfig', ...words)])
  return {
    here: [
      directive('SetHandler', 'fastcgi-script'),
      ...permission(use),
      ...environmentLines(use, context, lengthAsSent(use, ['SERVER_PORT']))
    ],
    beside: [],
    checksFile: true
  }
}

/** A folder that every Debian has, below which a name for a running application can be made up. */
const folder = '/usr/lib/cgi-bin'

/**
 * The definition of a pool, made once for each file name; gives the name by which it is reached. An application that
 * runs already may have any name (`at`), one that is started here has its program's.
 */
function define(pool: Pool, use: Use, context: Context, at?: string): string | undefined {
  const name = nameOf(pool, context)
  const [member] = pool.members
  if (member === undefined) return undefined
  const options = commonOptions(pool, use)
  if (member.process === undefined) {
    const wanted = at ?? `${folder}/${name}.fcgi`
    const owner = context.definedFor.get(wanted)
    const path = owner === undefined || owner === pool.id ? wanted : `${folder}/${name}.fcgi`
    if (!context.definitions.has(`definition ${path}`)) {
      const entry = directive('FastCgiExternalServer', quoted(path), ...address(member), ...options)
      context.definitions.set(`definition ${path}`, [entry])
      context.definedFor.set(path, pool.id)
      accountExternal(pool, member, context)
    }
    return path
  }
  const program = programPath(member.process, name, context, pool)
  if (!context.definitions.has(`definition ${program}`)) {
    const entry = directive('FastCgiServer', quoted(program), ...processOptions(member.process), ...options)
    context.definitions.set(`definition ${program}`, [entry])
    context.definedFor.set(program, pool.id)
    accountSpawned(pool, member, member.process, context)
  }
  return program
}

/** A definition takes no arguments: a program that has some is started by a script. */
function programPath(plan: ProcessPlan, name: string, context: Context, pool: Pool): string {
  const [program, ...rest] = plan.command
  if (program !== undefined && rest.length === 0 && (context.definedFor.get(program) ?? pool.id) === pool.id)
    return program
  const path = `${folder}/${name}.fcgi`
  const file = `${name}.fcgi`
  if (!context.files.some((other) => other.path === file)) {
    context.files.push({
      path: file,
      text: `#!/bin/sh\nexec ${plan.command.map(shellWord).join(' ')}\n`,
      executable: true
    })
    context.ledger.mark(pool.origin, 'manual', {
      message:
        'FastCgiServer takes a program without arguments, and each program once; a script stands in for it',
      affects: ['process-model'],
      advice: `install \`${file}\` as ${path}, executable`
    })
  }
  return path
}

function address(member: Member): readonly Word[] {
  if (member.address.kind === 'unix') return ['-socket', member.address.path]
  return ['-host', `${member.address.host}:${member.address.port}`]
}

function commonOptions(pool: Pool, use: Use): readonly Word[] {
  const { connectTimeout, readTimeout } = pool.connection
  return [
    ...['-idle-timeout', String(readTimeout > 0 ? Math.ceil(readTimeout) : 86400)],
    ...(connectTimeout > 0 ? ['-appConnTimeout', String(Math.ceil(connectTimeout))] : []),
    ...(passesAuthorization(use.params) ? ['-pass-header', 'Authorization'] : [])
  ]
}

function processOptions(plan: ProcessPlan): readonly Word[] {
  return [
    ...['-processes', String(Math.max(1, plan.maximum))],
    ...(plan.backlog === 100 || plan.backlog < 1 ? [] : ['-listen-queue-depth', String(plan.backlog)]),
    ...(plan.priority > 0 ? ['-priority', String(plan.priority)] : []),
    ...(plan.restart.delay > 0 && plan.restart.delay !== 5
      ? ['-restart-delay', String(plan.restart.delay)]
      : []),
    ...(plan.restart.minimumLife > 0 && plan.restart.minimumLife !== 30
      ? ['-min-server-life', String(plan.restart.minimumLife)]
      : []),
    ...inherited(plan).flatMap((name): Word[] => ['-initial-env', name]),
    ...plan.environment.flatMap(({ name, value }): Word[] => ['-initial-env', `${name}=${value}`])
  ]
}

/** The manager hands nothing on by itself, not even PATH. */
function inherited(plan: ProcessPlan): readonly string[] {
  return plan.inherit.kind === 'all' ? ['PATH'] : plan.inherit.names
}

/**
 * An application at a URL prefix. Where it runs already its definition stands where the prefix is mapped to, so that
 * SCRIPT_FILENAME is what it was; a program that is started here has its own name, and the prefix is an alias of it.
 */
function mounted(use: Use, prefix: string, context: Context): Answer {
  const { split } = use.target.script
  const plain = prefix.replace(/\/$/, '')
  const root = literalText(use.settings.root?.value.path ?? [])
  const place = root === undefined || plain === '' ? undefined : root.replace(/\/$/, '') + plain
  const definition = define(use.pool, use, context, place)
  if (definition === undefined) return closed()
  const natural =
    split.kind === 'all-path-info' ? plain === '' : split.kind === 'after-prefix' && !prefix.endsWith('/')
  const direct = definition === place && (use.settings.aliases?.value ?? []).length === 0
  context.ledger.mark(use.binding.origin, 'approx', {
    message: `everything that is mapped to \`${definition}\` or below goes to the application; SCRIPT_NAME is the prefix, PATH_INFO what follows`,
    affects: [
      ...(natural ? [] : ['SCRIPT_NAME', 'PATH_INFO', 'PATH_TRANSLATED']),
      ...(direct ? [] : ['SCRIPT_FILENAME']),
      'routing'
    ]
  })
  const from = plain === '' ? ['/', `${definition}/`] : [plain, definition]
  return {
    here: environmentLines(use, context, lengthAsSent(use, ['SERVER_PORT'])),
    beside: direct ? [] : [directive('Alias', ...from.map(quoted)), granted(definition)],
    checksFile: false,
    byFile: true
  }
}

/** Opens the one name, not the folder it is in. */
function granted(definition: string): Entry {
  const at = definition.lastIndexOf('/')
  const file = section('Files', [quoted(definition.slice(at + 1))], [directive('Require', 'all', 'granted')])
  return section('Directory', [quoted(definition.slice(0, at) || '/')], [file])
}

function byAction(use: Use, definition: string, context: Context): Answer {
  const name = nameOf(use.pool, context)
  const url = `/${name}.fcgi`
  return {
    here: [
      directive('SetHandler', name),
      ...environmentLines(
        use,
        context,
        lengthAsSent(use, ['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'SERVER_PORT'])
      )
    ],
    beside: [
      directive('Action', name, url, ...(use.mustExist ? [] : ['virtual'])),
      directive('Alias', quoted(url), quoted(definition)),
      // Else anyone could name any file as path info and have it run.
      section('Location', [quoted(url)], [directive('Require', 'env', 'REDIRECT_STATUS')])
    ],
    checksFile: use.mustExist
  }
}

/** The module tells no length where no body was sent. */
function lengthAsSent({ params }: Use, names: readonly string[]): readonly string[] {
  return params?.entries.some(isWholeLength) === true ? [...names, 'CONTENT_LENGTH'] : names
}

function accountExternal(pool: Pool, member: Member, context: Context): void {
  context.ledger.mark(pool.origin, 'exact')
  markFields(context.ledger, poolOrigins(pool), poolFields, 'exact')
  context.ledger.mark(member.origin, 'exact')
  dropOthers(pool, member, context)
}

function accountSpawned(pool: Pool, member: Member, plan: ProcessPlan, context: Context): void {
  const note = {
    message:
      'mod_fastcgi shares one socket among all processes, restarts by its own rules, and hands on only the variables named',
    affects: ['process-model', 'timing']
  }
  context.ledger.mark(pool.origin, 'approx', note)
  markFields(context.ledger, poolOrigins(pool), poolFields, 'approx', note)
  context.ledger.mark(member.origin, 'approx', note)
  for (const variable of plan.environment) context.ledger.mark(variable.origin, 'exact')
  dropOthers(pool, member, context)
}

function dropOthers(pool: Pool, member: Member, context: Context): void {
  markSessionsLost(pool, context.ledger, 'mod_fastcgi')
  for (const other of pool.members) {
    if (other === member) continue
    context.ledger.mark(other.origin, 'lost', {
      message: "a definition of mod_fastcgi has one address; the pool's other members are not used",
      affects: ['balance', 'status'],
      advice: 'put a balancer in front of them, or convert to apache-proxy-fcgi'
    })
  }
}
