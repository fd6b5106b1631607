import type { Listener } from '../../model/index.js'
import { socketAddress } from './addresses.js'
import type { SocketAddress } from './addresses.js'
import type { Block, Held } from './blocks.js'
import { flagOf, numberOf } from './options.js'

/** The port that listeners without one have (network_init). */
export function defaultPort(global: Block): number {
  const port = global.held.get('server.port')?.value
  const number = port === undefined ? undefined : numberOf(port, 16)
  return number ?? (isTls(global) ? 443 : 80)
}

function isTls(block: Block): boolean {
  const engine = block.find('ssl.engine')?.value
  return engine !== undefined && flagOf(engine) === true
}

/** The first listener, and one for each `$SERVER["socket"] ==` that names another. */
export function listenersOf(global: Block, blocks: readonly Block[]): readonly Listener[] {
  const bind = global.held.get('server.bind')
  const first = listener(
    mainAddress(bind, defaultPort(global)),
    isTls(global),
    bind ?? global.held.get('server.port')
  )
  const further = blocks.flatMap((block) =>
    block.listener === undefined ? [] : [listener(block.listener, isTls(block), { origin: block.head })]
  )
  const known = new Map<string, Listener>()
  for (const one of [first, ...further]) if (!known.has(one.id)) known.set(one.id, one)
  return [...known.values()]
}

function mainAddress(bind: Held | undefined, port: number): SocketAddress {
  const text = bind?.value.kind === 'string' ? bind.value.text : ''
  return socketAddress(text, port)
}

function listener(address: SocketAddress, tls: boolean, from: Pick<Held, 'origin'> | undefined): Listener {
  return {
    id: address.id,
    address:
      address.kind === 'unix'
        ? { kind: 'unix', path: address.path }
        : { kind: 'tcp', host: address.host, port: address.port },
    tls,
    ...(from && { origin: from.origin })
  }
}
