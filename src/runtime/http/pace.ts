import type { SendRate } from '../../model/index.js'
import { systemClock } from '../clock.js'
import type { Clock } from '../clock.js'

/** The pieces of a body, no faster than its rate allows: each second's bytes may go out when the second begins. */
export async function* paced(
  pieces: Iterable<unknown> | AsyncIterable<unknown>,
  { bytesPerSecond, after }: SendRate,
  clock: Clock = systemClock
): AsyncIterable<Uint8Array> {
  const begun = clock.now()
  let sent = 0
  for await (const piece of pieces) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('a body is bytes')
    let rest = piece
    while (rest.length > 0) {
      const seconds = Math.floor((clock.now() - begun) / 1000) + 1
      const allowed = after + bytesPerSecond * seconds - sent
      if (allowed <= 0) {
        await new Promise<void>((resolve) => clock.after((-allowed * 1000) / bytesPerSecond + 1, resolve))
        continue
      }
      const part = rest.subarray(0, allowed)
      yield part
      sent += part.length
      rest = rest.subarray(part.length)
    }
  }
}

/** The slower of two rates; undefined where there is none. */
export function slower(one: SendRate | undefined, other: SendRate | undefined): SendRate | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one.bytesPerSecond <= other.bytesPerSecond ? one : other
}
