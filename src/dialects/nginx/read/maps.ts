import type { Span } from '../../../diagnostics/index.js'
import type {
  ComputedVariable,
  Condition,
  Instruction,
  Subject,
  Template,
  Test
} from '../../../model/index.js'
import type { Word } from '../../../../grammars/nginx/index.js'
import { isNetwork } from './access.js'
import { checkRegex, refuseValue } from './check.js'
import { subjectOf } from './conditions.js'
import { expand } from './files.js'
import type { Level } from './level.js'
import { nameOf, type Item, type Session } from './session.js'
import { readTemplate, readText } from './variables.js'

/** Variables of `map`, `geo` and `split_clients`: those that may be set before all else, and the others. */
export interface Maps {
  readonly instructions: readonly Instruction[]
  readonly computed: readonly ComputedVariable[]
}

/**
 * The variables of `map`, `geo` and `split_clients` that something read so far uses. nginx computes them where they are used first; for
 * those that are made of the request alone instructions at the beginning give the same.
 */
export function readMaps(session: Session, http: Level): Maps {
  const maps = new Map<string, Item>()
  for (const item of [...http.own('map'), ...http.own('geo'), ...http.own('split_clients')]) {
    const name = /^\$(\w+)$/.exec(item.directive.args.at(-1)?.value ?? '')?.[1]
    if (name !== undefined) maps.set(name, item)
  }
  const reader = new MapReader(session, maps, session.usesCaptures)
  const names = [...session.used.keys()].filter((name) => maps.has(name))
  const instructions = names.flatMap((name) => reader.read(name))
  // Nothing comes of the others, but what is wrong in them is wrong.
  const unused = new MapReader(session, maps, session.usesCaptures)
  for (const name of maps.keys()) if (!session.used.has(name)) unused.read(name)
  return { instructions, computed: reader.computed }
}

interface Entry {
  readonly when: Condition
  readonly value: Template
}

/** It is computed anew wherever it is used. */
function isVolatile({ directive: { body } }: Item): boolean {
  return body.kind === 'block' && body.statements.some(({ name }) => name.raw === 'volatile')
}

class MapReader {
  /** Those read, and whether they are made of the request alone. */
  private readonly early = new Map<string, boolean>()
  readonly computed: ComputedVariable[] = []
  /** Those whose parts are being read: what is made of itself has no value. */
  private readonly reading = new Set<string>()

  constructor(
    private readonly session: Session,
    private readonly maps: ReadonlyMap<string, Item>,
    /** A text outside of maps uses what an expression captured. */
    private readonly capturesUsed: boolean
  ) {}

  /** The instructions for a variable, those it is made of first; none the second time. */
  read(name: string): readonly Instruction[] {
    const item = this.maps.get(name)
    if (item === undefined || this.early.has(name)) return []
    this.early.set(name, false)
    const entries = this.entries(item)
    if (entries === undefined) return this.unread(item)
    this.reading.add(name)
    const uses = entries.flatMap(({ when, value }) => usersIn(when, value))
    const circular = uses.some((used) => this.reading.has(used))
    const before = circular ? this.unread(item) : uses.flatMap((used) => this.read(used))
    this.reading.delete(name)
    return circular ? before : [...before, ...this.place(name, entries, item)]
  }

  private entries(item: Item): readonly Entry[] | undefined {
    switch (nameOf(item.directive)) {
      case 'geo':
        return this.geoEntries(item)
      case 'split_clients':
        return this.shares(item)
      default:
        return this.mapEntries(item)
    }
  }

  /** Where it is used, and before all else where that is early enough. */
  private place(name: string, entries: readonly Entry[], item: Item): readonly Instruction[] {
    const origin = this.session.span(item)
    // The entries' last one has the last word, the cases' first one that holds. A request that is refused before all else
    // has use for it as well.
    const volatile = isVolatile(item)
    this.computed.push({ name, cases: [...entries].reverse(), ...(volatile && { volatile }), origin })
    if (volatile) return []
    if (!entries.every(({ when, value }) => this.isEarly(when, value))) return []
    this.early.set(name, true)
    return entries.map((entry) => instruction(name, entry, origin))
  }

  private unread(item: Item): readonly Instruction[] {
    this.session.notReadYet(item)
    return []
  }

  /** From the last one tried to the first, so that the one that nginx finds first has the last word. */
  private mapEntries(item: Item): readonly Entry[] | undefined {
    const [source] = item.directive.args
    const { body } = item.directive
    if (source === undefined || body.kind !== 'block') return undefined
    const subject = this.subject(item, source)
    if (subject === undefined) return undefined
    const plain: Entry[] = []
    const wildcards: Wildcard[] = []
    const regexes: Entry[] = []
    let byDefault: Template | undefined
    const keys = new Set<string>()
    const lines = this.lines(item)
    const hostnames = lines.some(
      ({ directive }) => directive.name.raw === 'hostnames' && directive.args.length === 0
    )
    for (const line of lines) {
      const [word, more] = line.directive.args
      const { value: key, raw } = line.directive.name
      if (word === undefined && (raw === 'hostnames' || raw === 'volatile')) continue
      if (word === undefined || more !== undefined)
        return this.refused(line, 'a value and what it is mapped to')
      const known = key.startsWith('~') ? '' : raw === 'default' ? raw : ` ${key.toLowerCase()}`
      if (known !== '' && keys.has(known)) return this.refused(line, 'each value once')
      keys.add(known)
      const value = this.value(line, word)
      if (value === undefined) return undefined
      if (raw === 'default') byDefault = value
      else if (key.startsWith('~')) {
        const source = key.replace(/^~\*?/, '')
        if (!checkRegex(this.session, line, source, this.session.head(line))) return undefined
        const regex = { source, ignoreCase: key.startsWith('~*') }
        regexes.unshift({ when: { kind: 'test', subject, test: { kind: 'regex', regex } }, value })
      } else if (hostnames && /^\*?\.|\.\*$/.test(key))
        wildcards.push({ when: hostCondition(subject, key), value, key })
      else {
        const text = key.replace(/^\\/, '')
        const test: Test = hostnames
          ? { kind: 'regex', regex: { source: `^${escaped(text)}\\.?$`, ignoreCase: true } }
          : { kind: 'equals', value: text, ignoreCase: true }
        plain.push({ when: { kind: 'test', subject, test }, value })
      }
    }
    return [
      { when: { kind: 'always' }, value: byDefault ?? [] },
      ...regexes,
      ...wildcards.sort(byPrecedence),
      ...plain
    ]
  }

  /** The smallest network counts: it has the last word. */
  private geoEntries(item: Item): readonly Entry[] | undefined {
    const { args } = item.directive
    const source = args.length > 1 ? args[0] : undefined
    const subject = source === undefined ? remoteAddress : this.subject(item, source)
    if (subject === undefined) return undefined
    const networks: (Entry & { readonly size: number })[] = []
    let byDefault: Template = []
    for (const line of this.lines(item)) {
      const [word, more] = line.directive.args
      const key = line.directive.name.value
      if (key === 'ranges' && word === undefined) return undefined
      if (key === 'proxy_recursive' && word === undefined) return undefined
      if (word === undefined || more !== undefined)
        return this.refused(line, 'an address or a network, and what it is mapped to')
      if (key === 'proxy' || key === 'delete') return undefined
      const value: Template = word.value === '' ? [] : [{ kind: 'text', text: word.value }]
      if (key === 'default') byDefault = value
      else if (!isNetwork(key)) return this.refused(line, 'an address or a network such as `10.0.0.0/8`')
      else {
        const when: Condition = { kind: 'test', subject, test: { kind: 'address', network: key } }
        networks.push({ when, value, size: Number(key.split('/')[1] ?? (key.includes(':') ? 128 : 32)) })
      }
    }
    networks.sort((a, b) => a.size - b.size)
    return [{ when: { kind: 'always' }, value: byDefault }, ...networks]
  }

  /** `split_clients TEXT $name { 0.5% one; * two; }`: by a hash of the text, each part up to the sum of those before it. */
  private shares(item: Item): readonly Entry[] | undefined {
    const [source] = item.directive.args
    if (source === undefined) return undefined
    const { template, complete } = readTemplate(this.session, item, source)
    if (!complete) return undefined
    const hash: Subject = { of: 'text', template: [{ kind: 'apply', function: 'murmur2', to: template }] }
    const entries: Entry[] = []
    let [sum, last] = [0, 0]
    for (const line of this.lines(item)) {
      const [word, more] = line.directive.args
      const share = line.directive.name.value
      const hundredths = hundredthsOf(share)
      if (word === undefined || more !== undefined || (share !== '*' && !(hundredths > 0))) {
        refuseValue(this.session, line, share, 'a share such as `0.5%`, or `*`, and one value')
        return undefined
      }
      sum = share === '*' ? 10_000 : sum + hundredths
      if (sum > 10_000) {
        const message = 'The shares of `split_clients` are more than 100 %'
        this.session.refuse(
          'nginx/invalid-value',
          this.session.head(line),
          message,
          'make one of them smaller'
        )
        return undefined
      }
      last = share === '*' ? 0 : last + Math.floor((0xffffffff * hundredths) / 10_000)
      const value: Template = word.value === '' ? [] : [{ kind: 'text', text: word.value }]
      const below: Test = {
        kind: 'compare',
        as: 'number',
        relation: '<',
        to: [{ kind: 'text', text: String(last) }]
      }
      entries.unshift({
        when: last === 0 ? { kind: 'always' } : { kind: 'test', subject: hash, test: below },
        value
      })
    }
    return entries
  }

  private refused(line: Item, wanted: string): readonly Entry[] | undefined {
    refuseValue(this.session, line, line.directive.name.value, wanted)
    return undefined
  }

  private subject(item: Item, source: Word): Subject | undefined {
    const { template, complete } = readTemplate(this.session, item, source)
    return complete ? subjectOf(template) : undefined
  }

  private lines(item: Item): readonly Item[] {
    const { body } = item.directive
    if (body.kind !== 'block') return []
    return expand(this.session, body.statements, item.file).filter((line) => {
      if (line.directive.name.raw !== 'include') return true
      this.session.record(line, { kind: 'structure' })
      return false
    })
  }

  private value(line: Item, word: Word): Template | undefined {
    const { template, complete } = readText(this.session, word.value, this.session.word(line, word))
    return complete ? template : undefined
  }

  private isEarly(when: Condition, value: Template): boolean {
    const subject = when.kind === 'test' && when.subject.of === 'text' ? when.subject.template : []
    const captured = when.kind === 'test' && when.test.kind === 'regex'
    // An expression that fits takes the place of what was captured before, in the middle of what uses it.
    if (captured && this.capturesUsed) return false
    return (
      subject.every((part) => this.isEarlyPart(part)) &&
      value.every((part) => (part.kind === 'capture' ? captured : this.isEarlyPart(part)))
    )
  }

  private isEarlyPart(part: Template[number]): boolean {
    switch (part.kind) {
      case 'text':
      case 'header':
      case 'argument':
      case 'cookie':
        return true
      case 'user':
        return this.early.get(part.name) === true
      case 'variable':
        return /^(?:request|remote|server|query|https|path$)/.test(part.name)
      default:
        return false
    }
  }
}

/** Hundredths of a percent; NaN for what is none. */
function hundredthsOf(share: string): number {
  const [, whole, part = ''] = /^(\d+)(?:\.(\d{0,2}))?%$/.exec(share) ?? []
  return whole === undefined ? NaN : Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

const remoteAddress: Subject = { of: 'remote-address' }

function usersIn(when: Condition, value: Template): readonly string[] {
  const subject = when.kind === 'test' && when.subject.of === 'text' ? when.subject.template : []
  return [...subject, ...value].flatMap((part) => (part.kind === 'user' ? [part.name] : []))
}

function instruction(name: string, { when, value }: Entry, origin: Span): Instruction {
  const set: Instruction = { kind: 'set', name, value, origin }
  return when.kind === 'always' ? set : { kind: 'if', when, then: [set], origin }
}

interface Wildcard extends Entry {
  readonly key: string
}

/** A leading wildcard goes before a trailing one, of two of a kind the longer one: the last one has the last word. */
function byPrecedence(one: Wildcard, other: Wildcard): number {
  const rank = ({ key }: Wildcard): number => (key.endsWith('.*') ? 0 : 1)
  const length = ({ key }: Wildcard): number => key.replace(/^\*/, '').length
  return rank(one) - rank(other) || length(one) - length(other)
}

/** `*.a`, `.a` and `a.*` among host names, which may end in a dot. */
function hostCondition(subject: Subject, key: string): Condition {
  const source = key.endsWith('.*')
    ? `^${escaped(key.slice(0, -2))}\\.`
    : key.startsWith('*')
      ? `.${escaped(key.slice(1))}\\.?$`
      : `(^|\\.)${escaped(key.slice(1))}\\.?$`
  return { kind: 'test', subject, test: { kind: 'regex', regex: { source, ignoreCase: true } } }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
