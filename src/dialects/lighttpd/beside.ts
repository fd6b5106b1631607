import { always } from '../../model/index.js'
import type { Condition, Scope, Setting } from '../../model/index.js'
import type { Block, Held, Place } from './blocks.js'

/**
 * Of each directive by itself counts what the last block that holds says. A setting that is made of several directives
 * is read in a block along with what the blocks around it say of the others. Where blocks beside it say something of them, whether those
 * hold is known when a request is there: then a scope for each of them stands in that of the block.
 */
export function besideOf(block: Block, blocks: Blocks, parts: readonly Part[], make: Make): readonly Scope[] {
  if (!parts.some((part) => holds(block, part))) return []
  const missing = parts.filter((part) => !holds(block, part))
  return withOthers(new Combined(block, new Map()), missing, { block, blocks, make })
}

/** The directives that take each other's place. */
export type Part = readonly string[]

interface Make {
  /** Directives with places for what the block they stand in captured. */
  readonly capturing?: readonly string[]
  readonly rank: number
  read(place: Place): readonly Setting[]
  scopes(place: Place): readonly Scope[]
}

interface Task {
  readonly block: Block
  readonly blocks: Blocks
  readonly make: Make
}

function withOthers(place: Combined, [part, ...rest]: readonly Part[], task: Task): readonly Scope[] {
  if (part === undefined) return []
  const others = othersWith(part, task)
  const otherwise = withOthers(place, rest, task)
  if (others.length === 0) return otherwise
  const children = others.map((other): Scope => {
    const combined = place.with(part, other)
    // What counts is what the block captured that has the rules.
    const has = part.some((name) => task.make.capturing?.includes(name) === true)
    const when = conditionOf(other)
    return scope(
      task,
      `${task.block.name} and ${other.name}`,
      has ? when : { kind: 'not', of: { kind: 'not', of: when } },
      [...task.make.scopes(combined), ...withOthers(combined, rest, task)],
      task.make.read(combined)
    )
  })
  const last = otherwise.length === 0 ? [] : [scope(task, `${task.block.name} alone`, always, otherwise, [])]
  return [
    {
      ...scope(task, `${task.block.name} and others`, always, [...children, ...last], []),
      choose: { kind: 'first' }
    }
  ]
}

function scope(
  { block, make }: Task,
  name: string,
  when: Condition,
  children: readonly Scope[],
  settings: readonly Setting[]
): Scope {
  return {
    name,
    when,
    choose: { kind: 'all' },
    settings,
    children,
    rank: make.rank,
    origin: block.origin,
    head: block.head
  }
}

/** Blocks that come before this one, hold the part, and may hold for the same request, the last one first; up to one that always does. */
function othersWith(part: Part, { block, blocks }: Task): readonly Block[] {
  const around = ancestors(block)
  const found: Block[] = []
  for (const other of blocks.with(part)) {
    if (other.index >= block.index) continue
    if (around.has(other)) break
    if (blocks.canBothHold(block, other)) found.push(other)
  }
  return found
}

/** All blocks of a configuration, and what is worked out of them once. */
export class Blocks {
  private readonly holders = new Map<string, readonly Block[]>()
  private readonly facts = new Map<Block, Facts>()

  constructor(private readonly all: readonly Block[]) {}

  /** Those that hold a part, the last one first. */
  with(part: Part): readonly Block[] {
    const key = part.join(' ')
    const known = this.holders.get(key)
    if (known !== undefined) return known
    const found = this.all.filter((block) => holds(block, part)).reverse()
    this.holders.set(key, found)
    return found
  }

  /** Not if they want one thing to be equal to two texts, or one wants what the other does not. */
  canBothHold(left: Block, right: Block): boolean {
    const [one, other] = [this.factsOf(left), this.factsOf(right)]
    for (const [subject, value] of one.equal) if ((other.equal.get(subject) ?? value) !== value) return false
    return (
      ![...one.refused].some((test) => other.wanted.has(test)) &&
      ![...other.refused].some((test) => one.wanted.has(test))
    )
  }

  private factsOf(block: Block): Facts {
    const known = this.facts.get(block)
    if (known !== undefined) return known
    const facts: Facts = { equal: new Map(), wanted: new Set(), refused: new Set() }
    for (const test of testsOf(block)) {
      if (test.kind === 'not') facts.refused.add(JSON.stringify(test.of))
      else facts.wanted.add(JSON.stringify(test))
      if (test.kind === 'test' && test.test.kind === 'equals')
        facts.equal.set(JSON.stringify(test.subject), test.test.value.replace(/:\d+$/, ''))
    }
    this.facts.set(block, facts)
    return facts
  }
}

interface Facts {
  /** What must be equal to what. */
  readonly equal: Map<string, string>
  readonly wanted: Set<string>
  readonly refused: Set<string>
}

function holds(block: Place, part: Part): boolean {
  return part.some((name) => block.held.has(name))
}

function ancestors(block: Block): ReadonlySet<Block> {
  const all = new Set<Block>()
  for (let outer = block.parent; outer !== undefined; outer = outer.parent) all.add(outer)
  return all
}

/** All that must be so for a block to hold. */
function testsOf(block: Block): readonly Condition[] {
  const before: Condition[] = []
  for (let other = block.previous; other !== undefined; other = other.previous) {
    if (other.condition !== undefined) before.push({ kind: 'not', of: other.condition })
  }
  const own = block.condition === undefined ? [] : [block.condition]
  return [...(block.parent === undefined ? [] : testsOf(block.parent)), ...before, ...own]
}

function conditionOf(block: Block): Condition {
  const tests = testsOf(block)
  const [first] = tests
  if (first === undefined) return always
  return tests.length === 1 ? first : { kind: 'all', of: tests }
}

/** A block as it is where others beside it hold too. */
class Combined implements Place {
  readonly held: ReadonlyMap<string, Held>
  readonly parent: Place | undefined
  readonly condition: Condition | undefined

  constructor(
    private readonly block: Block,
    private readonly others: ReadonlyMap<string, Held>
  ) {
    this.held = new Map([...block.held, ...others])
    this.parent = block.parent
    this.condition = block.condition
  }

  with(part: Part, other: Block): Combined {
    const found = part.flatMap((name): [string, Held][] => {
      const held = other.held.get(name)
      return held === undefined ? [] : [[name, held]]
    })
    return new Combined(this.block, new Map([...this.others, ...found]))
  }

  find(name: string): Held | undefined {
    return this.others.get(name.toLowerCase()) ?? this.block.find(name)
  }
}
