import type { ActivationRule, Listener } from '../../model/index.js'
import { socketAddress } from './addresses.js'
import type { SocketAddress, UsualAddress } from './addresses.js'
import type { Block, Held } from './blocks.js'
import { flagOf, numberOf } from './options.js'

/** What listeners have that do not say it (network_init). */
export function usualAddress(global: Block): UsualAddress {
  const port = global.held.get('server.port')?.value
  const number = port === undefined ? undefined : numberOf(port, 16)
  const host = isOn(global, 'server.use-ipv6') === true ? '::' : '0.0.0.0'
  return { port: number ?? (isTls(global) ? 443 : 80), host }
}

function isTls(block: Block): boolean {
  return isOn(block, 'ssl.engine') === true
}

function isOn(block: Block, directive: string): boolean | undefined {
  const value = block.find(directive)?.value
  return value && flagOf(value)
}

/** The first listener, and one for each `$SERVER["socket"] ==` that names another. */
export function listenersOf(global: Block, blocks: readonly Block[]): readonly Listener[] {
  const bind = global.held.get('server.bind')
  const first = listener(
    mainAddress(bind, usualAddress(global)),
    global,
    bind ?? global.held.get('server.port')
  )
  const further = blocks.flatMap((block) =>
    block.listener === undefined ? [] : [listener(block.listener, block, { origin: block.head })]
  )
  const known = new Map<string, Listener>()
  for (const one of [first, ...further]) if (!known.has(one.id)) known.set(one.id, one)
  return [...known.values()]
}

/** Where an address is asked for, it is opened beside the sockets that are handed over (network_init). */
export function activationOf(global: Block): ActivationRule | undefined {
  const held = global.held.get('server.systemd-socket-activation')
  if (held === undefined || flagOf(held.value) !== true) return undefined
  const bind = global.held.get('server.bind')
  const main = mainAddress(bind, usualAddress(global))
  return { instead: bind === undefined ? [main.id] : [], origin: held.origin }
}

function mainAddress(bind: Held | undefined, usual: UsualAddress): SocketAddress {
  const text = bind?.value.kind === 'string' ? bind.value.text : ''
  return socketAddress(text, usual)
}

/** IPv6 sockets take no IPv4 connections unless they are told to; server.v4mapped counts before server.set-v6only. */
function listener(address: SocketAddress, block: Block, from: Pick<Held, 'origin'> | undefined): Listener {
  const isSix = address.kind === 'tcp' && address.host.includes(':')
  const mapped = isOn(block, 'server.v4mapped')
  const only = mapped === undefined ? (isOn(block, 'server.set-v6only') ?? true) : !mapped
  return {
    id: address.id,
    address:
      address.kind === 'unix'
        ? { kind: 'unix', path: address.path }
        : { kind: 'tcp', host: address.host, port: address.port },
    tls: isTls(block),
    ...(isSix && only && { ipv6Only: true }),
    ...(from && { origin: from.origin })
  }
}
