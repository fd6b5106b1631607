import type { ReadingRules } from '../model/index.js'
import type { Host } from './host.js'
import type { CompiledScope } from './scopes/compile.js'
import type { CompiledSite } from './site.js'
import type { State } from './state.js'
import type { Request } from './types.js'

/** Why a request is answered before anything is looked up. */
export interface Problem {
  readonly status: number
  readonly why: string
}

/**
 * The head of one request, read line by line. The rules are those of the listener's default server until the Host header
 * has said which server is meant.
 */
export class Reading {
  private rules: Partial<ReadingRules>
  private readonly room: Room

  constructor(
    private readonly site: CompiledSite,
    private readonly request: Request
  ) {
    this.rules = rulesOf(site.root.hosts?.fallback(request.listener))
    this.room = new Room(request)
  }

  get mergeSlashes(): boolean {
    return this.rules.mergeSlashes ?? this.site.site.request.target.mergeSlashes
  }

  lineProblem(): Problem | undefined {
    const limits = this.rules.limits ?? this.site.site.request.limits
    if (limits === undefined || this.room.takes(0, limits)) return undefined
    return { status: limits.lineStatus, why: 'the request line is too long' }
  }

  /** The headers that are not dropped, in order. `isNamed`: the request line has said which server is meant already. */
  headers(host: Host, isNamed: boolean): State['headerList'] | Problem {
    if (isNamed) this.choose(host)
    const kept: (readonly [string, string])[] = []
    for (const [index, header] of this.request.headers.entries()) {
      const limits = this.rules.limits ?? this.site.site.request.limits
      if (limits !== undefined && !this.room.takes(index + 1, limits))
        return { status: limits.headerStatus, why: `the header ${header[0]} is too long` }
      if (this.isKept(header[0])) kept.push(this.written(header, host))
      if (!isNamed && header[0].toLowerCase() === 'host') this.choose(host)
    }
    return kept
  }

  /** Of a request that is refused anyway: whatever its length. */
  all(host: Host): State['headerList'] {
    return this.request.headers
      .filter(([name]) => this.isKept(name))
      .map((header) => this.written(header, host))
  }

  private choose(host: Host): void {
    const { hosts } = this.site.root
    const found = hosts?.choose(this.request.listener, host.name, (regex, text) => {
      const runnable = this.site.regexes.get(regex)
      return runnable.kind === 'cannot-run' ? undefined : runnable.exec(text)
    })
    this.rules = rulesOf(found?.child)
  }

  private isKept(name: string): boolean {
    const { request } = this.site.site
    const underscores = this.rules.underscoresInHeaders ?? request.underscoresInHeaders
    const odd = this.rules.oddHeaderNames ?? request.oddHeaderNames
    if (underscores === 'dropped' && name.includes('_')) return false
    return odd === 'kept' || /^[A-Za-z0-9_-]+$/.test(name)
  }

  private written([name, value]: readonly [string, string], host: Host): readonly [string, string] {
    const { host: rules, target } = this.site.site.request
    const replaced = rules.normalised || target.absoluteForm === 'replaces-host'
    return replaced && name.toLowerCase() === 'host' ? [name, host.authority] : [name, value]
  }
}

function rulesOf(scope: CompiledScope | undefined): Partial<ReadingRules> {
  const setting = scope?.scope.settings.find((each) => each.key === 'reading')
  return setting?.key === 'reading' ? setting.value : {}
}

/** Buffers that lines are put into one behind the other; a line that does not fit begins a new one. */
class Room {
  private size: number | undefined
  private used = 0
  private taken = 0

  constructor(private readonly request: Request) {}

  takes(line: number, limits: NonNullable<ReadingRules['limits']>): boolean {
    const length = this.lengthOf(line)
    this.size ??= limits.first
    if (this.used + length > this.size) {
      this.taken += 1
      this.size = limits.size
      this.used = 0
      if (this.taken > limits.count || length > limits.size) return false
    }
    this.used += length
    return true
  }

  /** Of the request line, or of a header behind it. */
  private lengthOf(line: number): number {
    const { lines, method, target, protocol, headers } = this.request
    const known = lines?.[line]
    if (known !== undefined) return known
    if (line === 0) return method.length + target.length + protocol.length + 4
    const [name = '', value = ''] = headers[line - 1] ?? []
    return name.length + value.length + 4
  }
}
