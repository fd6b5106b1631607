import { allOf, always, not } from '../../model/index.js'
import type { Condition, Scope, Setting } from '../../model/index.js'
import type { Block } from './blocks.js'

/**
 * The blocks as scopes. Every block that holds counts, later ones win; the branches of an else chain are tried in
 * turn. `rank` is used only where blocks that were opened again stand in another order than the tree.
 */
export function scopeOf(
  root: Block,
  blocks: readonly Block[],
  settings: (block: Block) => readonly Setting[],
  guards: (block: Block, rank: number) => readonly Scope[]
): Scope {
  const ranked = !inTreeOrder(root, blocks)
  const make = (block: Block, when: Condition): Scope => ({
    name: block.name,
    when,
    choose: { kind: 'all' },
    settings: settings(block),
    children: [...guards(block, ranked ? block.index : 0), ...chains(block.children).flatMap(chainScopes)],
    rank: ranked ? block.index : 0,
    ...(block.parent && { origin: block.origin, head: block.head })
  })
  const chainScopes = (chain: readonly Block[]): readonly Scope[] => {
    const [first] = chain
    if (first === undefined) return []
    const behind = allOf(refusedBefore(first))
    if (chain.length === 1) return [make(first, allOf([behind, first.condition ?? always]))]
    const last = chain.at(-1) ?? first
    return [
      {
        name: `${first.name} … else`,
        when: behind,
        choose: { kind: 'first' },
        settings: [],
        children: chain.map((block) => make(block, block.condition ?? always)),
        rank: ranked ? first.index : 0,
        origin: { ...first.origin, end: Math.max(first.origin.end, last.origin.end) },
        head: first.head
      }
    ]
  }
  return make(root, always)
}

/** What must not hold for a branch that does not stand right behind the one before it: a condition may have several branches that follow it. */
function refusedBefore(block: Block): readonly Condition[] {
  const before: Condition[] = []
  for (let other = block.previous; other !== undefined; other = other.previous) {
    before.push(not(other.condition ?? always))
  }
  return before.reverse()
}

/** The children in order, those of one else chain together. */
function chains(children: readonly Block[]): readonly (readonly Block[])[] {
  const all: Block[][] = []
  const chainOf = new Map<Block, Block[]>()
  for (const block of children) {
    const earlier = block.previous === undefined ? undefined : chainOf.get(block.previous)
    const before = earlier?.at(-1) === block.previous ? earlier : undefined
    const chain = before ?? []
    if (before === undefined) all.push(chain)
    chain.push(block)
    chainOf.set(block, chain)
  }
  return all
}

function inTreeOrder(root: Block, blocks: readonly Block[]): boolean {
  let next = 0
  const walk = (block: Block): boolean =>
    block === blocks[next++] && chains(block.children).flat().every(walk)
  return walk(root)
}
