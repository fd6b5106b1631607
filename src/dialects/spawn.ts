import { sameSpan } from '../diagnostics/index.js'
import type { Span } from '../diagnostics/index.js'
import type { Member, ProcessPlan, Note } from '../model/index.js'

/** Who starts applications in a server's place. */
export const spawners = ['systemd', 'spawn-fcgi', 'php-fpm'] as const
export type Spawner = (typeof spawners)[number]

/** How many processes somebody else starts: as many as there may be, or those that stay where they come and go with the requests. */
export function processCount({ minimum, maximum, manager }: ProcessPlan): number {
  return manager === undefined ? Math.max(1, maximum) : Math.max(1, minimum, manager.keep)
}

/** How a person starts a member's processes on its address by hand, where the server does not. */
export function spawnCommand(member: Member): string {
  const { address, process: plan } = member
  if (plan === undefined) return ''
  const where =
    address.kind === 'unix'
      ? ['-s', address.path]
      : ['-a', address.host === '' ? '127.0.0.1' : address.host, '-p', String(address.port)]
  const environment = plan.environment.map(({ name, value }) => `${name}=${value}`)
  const processes = processCount(plan)
  const count = processes > 1 ? ['-F', String(processes)] : []
  const words = ['spawn-fcgi', ...where, ...count, '--', ...plan.command]
  return [...(environment.length === 0 ? [] : ['env', ...environment]), ...words].map(shellWord).join(' ')
}

/** A word of a shell command. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/**
 * Whether a program is to be started at an address that another one before it has: that one answers then, and no other
 * is started. `started` gathers, by their addresses, where the programs are set up; a program may be looked at twice.
 */
export function isStarted({ address, process, origin }: Member, started: Map<string, Span>): boolean {
  if (process === undefined || process.socketTaken === 'replaced') return false
  const key = JSON.stringify(address)
  const first = started.get(key)
  if (first === undefined) started.set(key, origin)
  return first !== undefined && !sameSpan(first, origin)
}

export const startedBefore: Note = {
  message: 'another program answers at this socket already, so this one is not started'
}
