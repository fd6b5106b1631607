import { inNetwork, parseAddress } from '../address.js'
import type { State, StepResult } from '../state.js'

/** A proxy that is believed says who its client is. */
export function realAddress(state: State): StepResult {
  const setting = state.settings.realAddress
  // Told once: what was found then stays.
  if (setting === undefined || state.remote !== state.request.remote) return undefined
  const { trusted, header, recursive } = setting.value
  const told = state.headers.get(header)
  const text = header === 'x-forwarded-for' ? told?.join(', ') : told?.[0]
  const isTrusted = (address: string): boolean => trusted.some((network) => covers(network, address))
  if (text === undefined || !isTrusted(state.remote.address)) return undefined
  const found = toldAddress(text.split(/[, ]+/).filter(Boolean), recursive, isTrusted)
  if (found === undefined) return undefined
  state.remote = found
  state.trace?.push({
    step: 'real-address',
    text: `the client is ${found.address}`,
    ...(setting.origin === undefined ? {} : { origin: setting.origin })
  })
  return undefined
}

/** Connections over a socket of the file system have no address. */
function covers(network: string, address: string): boolean {
  return network === 'unix:' ? address === '' : inNetwork(address, network)
}

/** The last address; where `recursive`, the last one that is not trusted, or the first of all. What is no address ends it. */
function toldAddress(
  list: readonly string[],
  recursive: boolean,
  isTrusted: (address: string) => boolean
): State['remote'] | undefined {
  let found: State['remote'] | undefined
  for (const text of [...list].reverse()) {
    const told = parseAddress(text)
    if (told === undefined) return found
    found = told
    if (!recursive || !isTrusted(found.address)) return found
  }
  return found
}
