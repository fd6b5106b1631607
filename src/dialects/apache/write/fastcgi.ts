import type { Member, Pool, ProcessPlan } from '../../../model/index.js'
import { literalText } from '../../../model/index.js'
import { directive, quoted, section } from './entries.js'
import type { Word } from './entries.js'
import { environmentLines } from './environment.js'
import { closed, nameOf } from './module.js'
import type { Answer, Context, FastcgiModule, Use } from './module.js'
import { passesAuthorization } from './params.js'
import { shellWord } from '../../spawn.js'

/**
 * The classic mod_fastcgi. An application has a name in the file system, real or not (a definition), and gets every
 * request that maps to it. The folder of that name must exist, else nothing ever maps there (reference 3.1).
 */
export const fastcgi: FastcgiModule = {
  modules: ['fastcgi'],
  server: [],
  host: [],

  respond(use, context) {
    const definition = define(use.pool, use, context)
    if (definition === undefined) return closed()
    const { match } = use.binding
    const root = literalText(use.settings.root?.value.path ?? [])
    if (match.kind === 'prefix' && !use.mustExist) return mounted(use, definition, match.value, context)
    context.ledger.mark(use.binding.origin, 'approx', {
      message: `an Action hands the page to \`${definition}\` as path info; PHP finds it there, other applications look elsewhere`,
      affects: [
        ...['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'PATH_TRANSLATED'],
        ...['REDIRECT_URL', 'REDIRECT_STATUS', 'REDIRECT_HANDLER', 'REDIRECT_QUERY_STRING', 'DOCUMENT_ROOT']
      ],
      ...(root === undefined ? {} : { advice: 'for PHP leave cgi.fix_pathinfo on' })
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

/** A folder that every Debian has, below which a name for a running application can be made up. */
const folder = '/usr/lib/cgi-bin'

/** The definition of a pool, made once; gives the file name by which it is reached. */
function define(pool: Pool, use: Use, context: Context): string | undefined {
  const name = nameOf(pool, context)
  const [member] = pool.members
  if (member === undefined) return undefined
  const key = `definition ${name}`
  const options = commonOptions(pool, use)
  if (member.process === undefined) {
    const path = `${folder}/${name}.fcgi`
    if (!context.definitions.has(key)) {
      context.definitions.set(key, [
        directive('FastCgiExternalServer', quoted(path), ...address(member), ...options)
      ])
      accountExternal(pool, member, context)
    }
    return path
  }
  const program = programPath(member.process, name, context, pool)
  if (!context.definitions.has(key)) {
    context.definitions.set(key, [
      directive('FastCgiServer', quoted(program), ...processOptions(member.process), ...options)
    ])
    accountSpawned(pool, member, member.process, context)
  }
  return program
}

/** A definition takes no arguments: a program that has some is started by a script. */
function programPath(plan: ProcessPlan, name: string, context: Context, pool: Pool): string {
  const [program, ...rest] = plan.command
  if (program !== undefined && rest.length === 0 && !isShared(program, name, context)) return program
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

/** Two pools of one program need two names: definitions are known by their file. */
function isShared(program: string, name: string, context: Context): boolean {
  return [...context.definitions].some(
    ([key, [entry]]) =>
      key.startsWith('definition ') &&
      key !== `definition ${name}` &&
      entry?.kind === 'directive' &&
      entry.words.some((word) => typeof word !== 'string' && word.quoted === program)
  )
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

/** An application at a URL prefix: the prefix is mapped to the definition, what follows is path info. */
function mounted(use: Use, definition: string, prefix: string, context: Context): Answer {
  const { split } = use.target.script
  const plain = prefix.replace(/\/$/, '')
  const natural =
    split.kind === 'all-path-info' ? plain === '' : split.kind === 'after-prefix' && !prefix.endsWith('/')
  context.ledger.mark(use.binding.origin, natural ? 'exact' : 'approx', {
    message: `the URL is mapped to \`${definition}\`; SCRIPT_NAME is the prefix and PATH_INFO what follows it`,
    affects: [
      ...(natural ? [] : ['SCRIPT_NAME', 'PATH_INFO', 'PATH_TRANSLATED']),
      ...(prefix.endsWith('/') ? [] : ['routing']),
      'SCRIPT_FILENAME'
    ]
  })
  const alias = plain === '' ? ['/', `${definition}/`] : [plain, definition]
  return {
    here: environmentLines(use, context, ['SCRIPT_FILENAME', 'SERVER_PORT']),
    beside: [directive('Alias', ...alias.map(quoted))],
    checksFile: false,
    byFile: true
  }
}

function byAction(use: Use, definition: string, context: Context): Answer {
  const name = nameOf(use.pool, context)
  const url = `/${name}.fcgi`
  return {
    here: [
      directive('SetHandler', name),
      ...environmentLines(use, context, ['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'SERVER_PORT'])
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

function accountExternal(pool: Pool, member: Member, context: Context): void {
  context.ledger.mark(pool.origin, 'exact')
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
  context.ledger.mark(member.origin, 'approx', note)
  for (const variable of plan.environment) context.ledger.mark(variable.origin, 'exact')
  dropOthers(pool, member, context)
}

function dropOthers(pool: Pool, member: Member, context: Context): void {
  for (const other of pool.members) {
    if (other === member) continue
    context.ledger.mark(other.origin, 'lost', {
      message: "a definition of mod_fastcgi has one address; the pool's other members are not used",
      affects: ['balance', 'status'],
      advice: 'put a balancer in front of them, or convert to apache-proxy-fcgi'
    })
  }
}
