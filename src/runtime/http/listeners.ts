import type { Diagnostic } from '../../diagnostics/index.js'
import type { Address, Listener, Site } from '../../model/index.js'
import type { ServeOptions } from '../options.js'
import { addressText } from '../address.js'
import { openListener } from './listener.js'
import type { Front, OpenListener } from './listener.js'

/** Who answers at a site's listeners. */
export interface Fronts {
  readonly site: Site
  readonly options: Pick<ServeOptions, 'listenOn' | 'handedOver'>
  front(listener: Listener): Front
}

interface Place {
  /** What was asked for: port 0 is any free one. */
  readonly key: string
  readonly listener: OpenListener
  readonly front: Front
  /** It came from whoever started this process. */
  readonly isHandedOver: boolean
}

/** A listener that the site does not name. */
function unlisted(address: Address): Listener {
  return { id: addressText(address), address, tls: false }
}

/** The open listeners of a server. Those that a later configuration wants too stay open. */
export class Listeners {
  private open: readonly Place[] = []
  private prepared: readonly Place[] = []
  private handedOver = false
  /** No configuration wants them any more; answers are still under way. */
  private readonly closing = new Set<OpenListener>()

  get places(): readonly { readonly id: string; readonly address: Address }[] {
    return this.open.map(({ listener, front }) => ({ id: front.listener.id, address: listener.address }))
  }

  /** Opens what these want and is not open yet; until `commit`, the others stay with whom they have. */
  async prepare(fronts: Fronts): Promise<readonly Diagnostic[]> {
    const refusals: Diagnostic[] = []
    const left = [...this.open, ...(await this.takeOver(fronts, refusals))]
    const isTaken = left.some(({ isHandedOver }) => isHandedOver)
    const prepared: Place[] = []
    for (const listener of fronts.site.listeners) {
      const address = fronts.options.listenOn?.(listener) ?? listener.address
      const key = addressText(address)
      const front = fronts.front(listener)
      const known = left.findIndex((place) => place.key === key)
      const [kept] = known < 0 ? [] : left.splice(known, 1)
      if (kept === undefined && isTaken && fronts.site.activation?.instead.includes(listener.id) === true)
        continue
      const opened = kept?.listener ?? (await openListener(front, address))
      const isHandedOver = kept?.isHandedOver === true
      if ('stop' in opened) prepared.push({ key, listener: opened, front, isHandedOver })
      else refusals.push(opened)
    }
    const others = left.filter(({ isHandedOver }) => isHandedOver && fronts.site.activation !== undefined)
    this.prepared = [
      ...prepared,
      ...others.map((place) => ({ ...place, front: fronts.front(place.front.listener) }))
    ]
    return refusals
  }

  /** What is handed over is so once: at the first start that takes it. */
  private async takeOver(fronts: Fronts, refusals: Diagnostic[]): Promise<readonly Place[]> {
    const { site, options } = fronts
    if (site.activation === undefined || this.handedOver) return []
    this.handedOver = true
    const places: Place[] = []
    for (const number of options.handedOver ?? []) {
      const found = await openListener(fronts.front(unlisted({ kind: 'unix', path: '' })), {
        kind: 'descriptor',
        number
      })
      if ('stop' in found) {
        const own = fronts.front(unlisted(found.address))
        places.push({ key: addressText(found.address), listener: found, front: own, isHandedOver: true })
      } else refusals.push(found)
    }
    return places
  }

  /** Everything goes to those that were prepared for; what they do not want is closed. */
  commit(): void {
    for (const { listener, front } of this.prepared) listener.turnTo(front)
    const kept = this.prepared.map(({ listener }) => listener)
    for (const { listener } of this.open) if (!kept.includes(listener)) void this.close(listener, Infinity)
    this.open = this.prepared
    this.prepared = []
  }

  /** Closes what was opened for nothing. */
  async withdraw(): Promise<void> {
    const kept = this.open.map(({ listener }) => listener)
    const fresh = this.prepared.map(({ listener }) => listener).filter((listener) => !kept.includes(listener))
    this.prepared = []
    await Promise.all(fresh.map((listener) => listener.stop(0)))
  }

  /** Takes no connection any more; answers under way may take that many milliseconds. */
  async stop(grace: number): Promise<void> {
    const all = new Set([...this.open.map(({ listener }) => listener), ...this.closing])
    await Promise.all([...all].map((listener) => this.close(listener, grace)))
  }

  private async close(listener: OpenListener, grace: number): Promise<void> {
    this.closing.add(listener)
    await listener.stop(grace)
    this.closing.delete(listener)
  }
}
