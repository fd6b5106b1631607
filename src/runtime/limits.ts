import type { CountOutcome } from '../decide/types.js'
import type { LimitZone, RequestZone } from '../model/index.js'
import type { Clock } from './clock.js'

type Asked<C extends CountOutcome['counts']> = Extract<CountOutcome, { counts: C }>['asked']

/** What became of a request that was counted. Its excess is what it brought the bucket to, in thousandths of a request. */
export type RequestCount =
  | { readonly verdict: 'passed' }
  /** It may go on after so many milliseconds. */
  | { readonly verdict: 'delayed'; readonly wait: number; readonly zone: string; readonly excess: number }
  | { readonly verdict: 'refused'; readonly zone: string; readonly excess: number }

/** A leaky bucket. */
interface Bucket {
  /** Thousandths of a request that have not leaked out. */
  excess: number
  /** When that was so. */
  last: number
}

interface Weighed {
  readonly bucket: Bucket
  readonly excess: number
}

/** Bytes of a zone that one text takes, as nginx's manual reckons. */
const bytesOfKey = 128

/** Milliseconds after which a bucket that nobody uses may go. */
const forgotten = 60_000

/** How many requests came in a time, and how many are under way, by what zones count them by. Outlives a reload. */
export class Limits {
  private readonly buckets = new Map<string, Map<string, Bucket>>()
  private readonly counters = new Map<string, Map<string, number>>()

  constructor(private readonly clock: Clock) {}

  /** Counts by every limit, unless one of them says no: then by none. */
  requests(asked: Asked<'requests'>): RequestCount {
    const now = Math.floor(this.clock.now())
    const weighed: Weighed[] = []
    for (const { limit, zone, key } of asked) {
      const bucket = this.bucketOf(zone, key, now)
      const excess = Math.max(0, bucket.excess - leaked(zone, now - bucket.last) + 1000)
      if (excess > limit.burst * 1000) return { verdict: 'refused', zone: zone.name, excess }
      weighed.push({ bucket, excess })
    }
    let longest: RequestCount = { verdict: 'passed' }
    asked.forEach(({ limit, zone }, index) => {
      const { bucket, excess } = weighed[index] ?? { bucket: { excess: 0, last: now }, excess: 0 }
      bucket.excess = excess
      bucket.last = now
      const free = limit.undelayed === 'all' ? Infinity : limit.undelayed * 1000
      const wait = Math.floor((Math.max(0, excess - free) * 1000) / zone.rate)
      if (wait > (longest.verdict === 'delayed' ? longest.wait : 0))
        longest = { verdict: 'delayed', wait, zone: zone.name, excess }
    })
    return longest
  }

  /** Counts by every limit until it is let go; undefined where one of them says no: then by none. */
  connections(asked: Asked<'connections'>): { readonly letGo: () => void } | { readonly refusedBy: string } {
    const taken: (() => void)[] = []
    const letGo = (): void => taken.splice(0).forEach((release) => release())
    for (const { limit, zone, key } of asked) {
      const counter = memoryOf(this.counters, zone)
      const count = counter.get(key) ?? 0
      if (count >= limit.most || (count === 0 && counter.size >= capacity(zone))) {
        letGo()
        return { refusedBy: zone.name }
      }
      counter.set(key, count + 1)
      taken.push(() => {
        const left = (counter.get(key) ?? 1) - 1
        if (left === 0) counter.delete(key)
        else counter.set(key, left)
      })
    }
    return { letGo }
  }

  /** Calls back after so many milliseconds; the result cancels it. */
  after(milliseconds: number, then: () => void): () => void {
    return this.clock.after(milliseconds, then)
  }

  /** Those used last stand last. The first one is empty. */
  private bucketOf(zone: RequestZone, key: string, now: number): Bucket {
    const buckets = memoryOf(this.buckets, zone)
    const known = buckets.get(key)
    if (known === undefined) makeRoom(buckets, zone, now)
    else buckets.delete(key)
    // A new one has room for the request that it is made for.
    const bucket = known ?? { excess: -1000, last: now }
    buckets.set(key, bucket)
    return bucket
  }
}

/** A zone whose key changes begins anew. */
function memoryOf<T>(zones: Map<string, Map<string, T>>, { name, key }: LimitZone): Map<string, T> {
  const id = `${name} ${JSON.stringify(key)}`
  const known = zones.get(id)
  if (known !== undefined) return known
  const made = new Map<string, T>()
  zones.set(id, made)
  return made
}

function capacity({ size }: LimitZone): number {
  return Math.floor(size / bytesOfKey)
}

function leaked({ rate }: RequestZone, milliseconds: number): number {
  return Math.floor((rate * milliseconds) / 1000)
}

/** Two of those that nobody used for long, and if there is no room then the one that was used longest ago. */
function makeRoom(buckets: Map<string, Bucket>, zone: RequestZone, now: number): void {
  let tried = 0
  for (const [key, { excess, last }] of buckets) {
    const isEmpty = now - last >= forgotten && excess <= leaked(zone, now - last)
    if (tried === 2 || !isEmpty) break
    buckets.delete(key)
    tried += 1
  }
  if (buckets.size < capacity(zone)) return
  for (const key of buckets.keys()) {
    buckets.delete(key)
    return
  }
}
