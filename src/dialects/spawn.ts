import type { Member } from '../model/index.js'

/** How a person starts a member's processes on its address by hand, where the server does not. */
export function spawnCommand(member: Member): string {
  const { address, process: plan } = member
  if (plan === undefined) return ''
  const where =
    address.kind === 'unix'
      ? ['-s', address.path]
      : ['-a', address.host === '' ? '127.0.0.1' : address.host, '-p', String(address.port)]
  const environment = plan.environment.map(({ name, value }) => `${name}=${value}`)
  const count = plan.maximum > 1 ? ['-F', String(plan.maximum)] : []
  const words = ['spawn-fcgi', ...where, ...count, '--', ...plan.command]
  return [...(environment.length === 0 ? [] : ['env', ...environment]), ...words].map(shellWord).join(' ')
}

/** A word of a shell command. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
