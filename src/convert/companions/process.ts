import type { Address, ProcessPlan } from '../../model/index.js'

/** Who web servers and their applications run as on Debian, where the source does not say it. */
export const webAccount = 'www-data'

export function accountOf({ user = webAccount, group = user }: ProcessPlan): {
  readonly user: string
  readonly group: string
} {
  return { user, group }
}

/** What is set for the process, defaults included. */
export function environmentOf({
  environment,
  defaults = []
}: ProcessPlan): readonly { readonly name: string; readonly value: string }[] {
  const own = new Set(environment.map(({ name }) => name))
  return [...defaults.filter(({ name }) => !own.has(name)), ...environment]
}

/** A path, or `HOST:PORT` with an IPv6 address in brackets. */
export function listenWord(address: Address): string {
  if (address.kind === 'unix') return address.path
  const host = address.host === '' ? '127.0.0.1' : address.host
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `${bracketed}:${String(address.port)}`
}
