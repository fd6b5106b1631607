import type { LighttpdTree } from '../../../grammars/lighttpd/index.js'
import type { Span } from '../../diagnostics/index.js'
import type { UsualAddress } from './addresses.js'
import { Block } from './blocks.js'
import type { Reached } from './blocks.js'
import type { Head } from './conditions.js'
import type { Problems } from './problems.js'
import type { Value } from './values.js'
import { Walk } from './walk.js'

/** What the reader needs from outside while it walks the text. */
export interface Surroundings {
  readonly problems: Problems
  /** What a listener has that does not say it. */
  readonly usualAddress: () => UsualAddress
  readonly environment: (name: string) => string | undefined
  /** Calls back with the tree of each file of an include, in order; problems with them are reported there. */
  readonly include: (argument: string, at: Span, visit: (tree: LighttpdTree) => void) => void
  /** As `include`, with what a command prints; false where commands are not run. */
  readonly includeShell: (command: string, at: Span, visit: (tree: LighttpdTree) => void) => boolean
  readonly runsCommands: boolean
}

/** What all files of a configuration make together: its blocks, each once, and what was reached, in order. */
export class Evaluation {
  readonly blocks: Block[] = []
  readonly reached: Reached[] = []
  /** Names used before anything set them; a piece of a configuration may get them from the file around it. */
  readonly undefinedVariables: { readonly text: string; readonly span: Span }[] = []
  readonly global: Block
  private readonly byKey = new Map<string, Block>()

  constructor(
    private readonly around: Surroundings,
    file: string
  ) {
    const nowhere = { file, start: 0, end: 0 }
    this.global = this.block('global', undefined, undefined, 'global', nowhere, nowhere, undefined)
    this.predefine('var.CWD', { kind: 'string', text: '.', span: nowhere }, nowhere)
    this.predefine('var.PID', { kind: 'integer', number: 1, span: nowhere }, nowhere)
  }

  private predefine(name: string, value: Value, origin: Span): void {
    const cwd = name === 'var.CWD' ? this.around.environment('PWD') : undefined
    this.global.held.set(name.toLowerCase(), {
      name,
      value: cwd === undefined ? value : { kind: 'string', text: cwd, span: origin },
      origin,
      parts: []
    })
  }

  private block(
    key: string,
    parent: Block | undefined,
    condition: Block['condition'],
    name: string,
    head: Span,
    origin: Span,
    listener: Block['listener']
  ): Block {
    const block = new Block(this.blocks.length, key, parent, condition, name, head, origin, listener)
    this.blocks.push(block)
    this.byKey.set(key.toLowerCase(), block)
    return block
  }

  run(tree: LighttpdTree, block: Block = this.global, inGlobal = false): void {
    new Walk(tree, this, this.around).body(tree, block, inGlobal)
  }

  /** The block of a condition: the one there is already, whatever the case of its letters, or a new one behind all others. */
  enter(parent: Block, head: Head, name: string, span: Span, origin: Span): Block {
    const key = `${parent.innerKey} / ${head.key}`
    return (
      this.byKey.get(key.toLowerCase()) ??
      this.block(key, parent, head.condition, name, span, origin, head.listener)
    )
  }

  /** The block of a plain `else`, known by the opposite of the condition before it. */
  enterElse(parent: Block, previous: Block, span: Span, origin: Span): Block | undefined {
    const key = `${previous.key} else`
    const opposite = oppositeKey(previous.key)
    if (
      this.byKey.has(key.toLowerCase()) ||
      (opposite !== undefined && this.byKey.has(opposite.toLowerCase()))
    )
      return undefined
    return this.block(opposite ?? key, parent, undefined, 'else', span, origin, undefined)
  }
}

/** `… != "a"` for `… == "a"` and the other way round: the name the server gives to an `else`. */
function oppositeKey(key: string): string | undefined {
  const found = /^([\s\S]*"\] )(==|!=|=~|!~|=\^|=\$)( ")/.exec(key)
  const operator = found?.[2]
  if (found === null || operator === undefined) return undefined
  const opposite = operator.startsWith('!') ? `=${operator[1]}` : `!${operator[1]}`
  return `${found[1]}${opposite}${key.slice((found[1]?.length ?? 0) + 2)}`
}
