import type { CounterNames, Member, Pool } from '../model/index.js'

/** What happened to one process of the members of one label. Members without a label share one. */
interface ProcessCounts {
  connected: number
  failed: number
  load: number
}

interface LabelCounts {
  load: number
  readonly processes: Map<number, ProcessCounts>
}

/** Counts what the members of a site's pools do, for pages that show it. */
export class Counters {
  private readonly labels = new Map<string, LabelCounts>()
  private requests = 0
  private active = 0

  constructor(pools: readonly Pool[]) {
    for (const { members } of pools) {
      for (const member of members) {
        const processes = member.process === undefined ? 1 : member.process.minimum
        for (let number = 0; number < processes; number++) this.processOf(member, number)
      }
    }
  }

  /** A request goes to a member; what it returns is called once when that is over. */
  begin(member: Member, process: number): () => void {
    const label = this.labelOf(member)
    const counts = this.processOf(member, process)
    label.load += 1
    counts.load += 1
    this.active += 1
    return () => {
      label.load -= 1
      counts.load -= 1
      this.active -= 1
    }
  }

  connected(member: Member, process: number): void {
    this.processOf(member, process).connected += 1
    this.requests += 1
  }

  notConnected(member: Member, process: number): void {
    this.processOf(member, process).failed += 1
  }

  /** Sorted by the length of the name, then by the name; undefined if there is nothing to count. */
  text(names: CounterNames): string | undefined {
    const lines = [...this.lines(names)]
    if (lines.length === 0) return undefined
    return lines
      .sort(([left], [right]) => left.length - right.length || (left < right ? -1 : 1))
      .map(([name, value]) => `${name}: ${String(value)}\n`)
      .join('')
  }

  private *lines({ requests, active, backends }: CounterNames): Iterable<readonly [string, number]> {
    if (this.requests > 0) yield [requests, this.requests]
    if (this.labels.size > 0) yield [active, this.active]
    for (const [label, { load, processes }] of this.labels) {
      const name = `${backends}.${label}`
      yield [`${name}.load`, load]
      for (const [number, counts] of processes) {
        const process = `${name}.${String(number)}`
        yield [`${process}.connected`, counts.connected]
        yield [`${process}.died`, counts.failed]
        yield [`${process}.disabled`, 0]
        yield [`${process}.load`, counts.load]
        yield [`${process}.overloaded`, 0]
      }
    }
  }

  private labelOf({ label = '' }: Member): LabelCounts {
    const known = this.labels.get(label)
    if (known) return known
    const fresh: LabelCounts = { load: 0, processes: new Map() }
    this.labels.set(label, fresh)
    return fresh
  }

  private processOf(member: Member, number: number): ProcessCounts {
    const { processes } = this.labelOf(member)
    const known = processes.get(number)
    if (known) return known
    const fresh: ProcessCounts = { connected: 0, failed: 0, load: 0 }
    processes.set(number, fresh)
    return fresh
  }
}
