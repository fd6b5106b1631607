import { baseName } from '../../dialects/paths.js'
import type { OutputFile } from '../../dialects/index.js'
import type { Application } from './applications.js'
import { accountOf, environmentOf, listenWord, webAccount } from './process.js'

/** The endings that PHP-FPM runs unless `security.limit_extensions` says otherwise. */
const ownSuffixes: readonly string[] = ['.php', '.phar']

/** Requests after which php-cgi ends, unless PHP_FCGI_MAX_REQUESTS says otherwise. */
const ownRequests = 500

/** Of PHP's FastCGI programs: what they are told in their environment that PHP-FPM is told in its pool. */
const children = 'PHP_FCGI_CHILDREN'
const requests = 'PHP_FCGI_MAX_REQUESTS'
const toldInPool: readonly string[] = [children, requests]

/** `php-cgi`, `php8.2-cgi`, `php-cgi8.2`, `php5.fcgi`, but not `php-wrapper.sh`, which may do anything. */
export function isPhp({ plan: { command } }: Application): boolean {
  return /^php[\d.]*(-cgi|-fcgi|\.fcgi|cgi)?[\d.]*$/.test(baseName(command[0] ?? ''))
}

/** One pool for each application (the manual's "FPM configuration"): `php-fpm/NAME.conf`, for the folder pool.d. */
export function fpmPools(applications: readonly Application[]): readonly OutputFile[] {
  return applications.map((application) => ({
    path: `php-fpm/${application.name}.conf`,
    text: poolText(application)
  }))
}

/** What a pool cannot carry over of the program's arguments. */
export function lostArguments({ plan }: Application): readonly string[] {
  return argumentsOf(plan.command).others
}

/** Variables whose value PHP-FPM would take for the name of another one. */
export function unsayable({ plan }: Application): readonly string[] {
  return environmentOf(plan)
    .filter(({ value }) => value.startsWith('$'))
    .map(({ name, value }) => `${name}=${value}`)
}

function poolText(application: Application): string {
  const { name, address, plan, suffixes } = application
  const { user, group } = accountOf(plan)
  const environment = environmentOf(plan)
  const told = (variable: string): string | undefined =>
    environment.find(({ name }) => name === variable)?.value
  const limit = Number(told(requests) ?? ownRequests)
  const ofFile = [`listen.owner = ${webAccount}`, `listen.group = ${webAccount}`, 'listen.mode = 0660']
  const endings = suffixes.some((suffix) => !ownSuffixes.includes(suffix))
    ? [`security.limit_extensions = ${[...new Set([...ownSuffixes, ...suffixes])].join(' ')}`]
    : []
  const lines = [
    `[${name}]`,
    `user = ${user}`,
    `group = ${group}`,
    `listen = ${listenWord(address)}`,
    ...(address.kind === 'unix' ? ofFile : [`listen.allowed_clients = 127.0.0.1,::1`]),
    `listen.backlog = ${String(plan.backlog)}`,
    ...managerLines(application, workersOf(told(children))),
    ...(limit > 0 ? [`pm.max_requests = ${String(limit)}`] : []),
    ...(plan.priority === 0 ? [] : [`process.priority = ${String(plan.priority)}`]),
    ...endings,
    ...environmentLines(application),
    ...argumentsOf(plan.command).settings.map(([key, value]) => `php_value[${key}] = ${quoted(value)}`)
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** Each php-cgi answers requests itself, or has so many children do it. */
function workersOf(told: string | undefined): number {
  return Math.max(1, Number(told ?? 0) || 0)
}

function managerLines({ plan, processes }: Application, workers: number): readonly string[] {
  const most = plan.maximum * workers
  if (plan.when === 'on-demand') {
    const idle = plan.manager?.kind === 'scored' ? plan.manager.idleTimeout : plan.adaptive.idleTimeout
    return [
      'pm = ondemand',
      `pm.max_children = ${String(most)}`,
      ...(idle > 0 ? [`pm.process_idle_timeout = ${String(idle)}s`] : [])
    ]
  }
  if (plan.minimum >= plan.maximum) return ['pm = static', `pm.max_children = ${String(processes * workers)}`]
  const least = Math.max(1, plan.minimum) * workers
  return [
    'pm = dynamic',
    `pm.max_children = ${String(most)}`,
    `pm.start_servers = ${String(least)}`,
    'pm.min_spare_servers = 1',
    `pm.max_spare_servers = ${String(least)}`
  ]
}

/** PHP-FPM clears the environment; what the source hands on is handed on here too. */
function environmentLines({ plan }: Application): readonly string[] {
  const handedOn =
    plan.inherit.kind === 'all'
      ? ['clear_env = no']
      : plan.inherit.names.map((name) => `env[${name}] = $${name}`)
  const set = environmentOf(plan).filter(
    ({ name, value }) => !toldInPool.includes(name) && !value.startsWith('$')
  )
  return [...handedOn, ...set.map(({ name, value }) => `env[${name}] = ${quoted(value)}`)]
}

/** `-d key=value` in one word or in two; everything else is not a pool's to say. */
function argumentsOf([, ...words]: readonly string[]): {
  readonly settings: readonly (readonly [key: string, value: string])[]
  readonly others: readonly string[]
} {
  const settings: (readonly [string, string])[] = []
  const others: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const text = word === '-d' ? words[++index] : word.startsWith('-d') ? word.slice(2) : undefined
    if (text === undefined) {
      others.push(word)
      continue
    }
    const [key = '', ...value] = text.split('=')
    settings.push([key.trim(), value.length === 0 ? '1' : value.join('=').replace(/^"(.*)"$/, '$1')])
  }
  return { settings, others }
}

/** A value of PHP's ini syntax. */
function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '\\$')}"`
}
