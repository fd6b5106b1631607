import type { Span } from '../../diagnostics/index.js'
import type { Condition } from '../../model/index.js'
import type { SocketAddress } from './addresses.js'
import type { Value } from './values.js'

/** A setting as a block holds it when all is read. */
export interface Held {
  /** As written where it was set last. */
  readonly name: string
  readonly value: Value
  readonly origin: Span
  /** The statements that had a part in it, the last one too. */
  readonly parts: readonly Span[]
}

/** Where settings are read: a block, or one together with others that hold with it. */
export interface Place {
  readonly held: ReadonlyMap<string, Held>
  readonly parent: Place | undefined
  readonly condition: Condition | undefined
  find(name: string): Held | undefined
}

/** The global scope, or what holds under one condition (data_config): the same condition twice is one block. */
export class Block implements Place {
  readonly children: Block[] = []
  readonly held = new Map<string, Held>()
  /** Settings whose value cannot be computed here; that was reported where they are set. */
  readonly uncomputed = new Set<string>()
  /** The branch before it in an else chain. */
  previous: Block | undefined

  constructor(
    /** In the order in which blocks first appear: later ones win. */
    readonly index: number,
    readonly key: string,
    readonly parent: Block | undefined,
    /** Absent for the global scope and for a plain `else`. */
    public condition: Condition | undefined,
    readonly name: string,
    readonly head: Span,
    readonly origin: Span,
    readonly listener: SocketAddress | undefined
  ) {
    parent?.children.push(this)
  }

  /** A setting as code in this block sees it: its own, or that of the nearest block around it. */
  find(name: string): Held | undefined {
    return this.held.get(name.toLowerCase()) ?? this.parent?.find(name)
  }

  /** Whether a setting is there that has no value only because that cannot be computed. */
  isUncomputed(name: string): boolean {
    return this.uncomputed.has(name.toLowerCase()) || this.parent?.isUncomputed(name) === true
  }

  /** What the keys of blocks inside begin with: a plain `else` has its name only at its end, so that those of one parent share theirs. */
  get innerKey(): string {
    const { parent } = this
    return parent !== undefined && this.condition === undefined
      ? `${parent.innerKey} / else_tmp_token`
      : this.key
  }

  get isElse(): boolean {
    return this.parent !== undefined && this.condition === undefined
  }
}

/** What the walk came by, in order: the material for the record of directives. */
export type Reached = Assigned | Construct

/** A statement `name = value`. */
export interface Assigned {
  readonly kind: 'assigned'
  readonly name: string
  readonly operator: '=' | '+=' | ':='
  readonly span: Span
  readonly comments: string[]
  /** Absent where it cannot be computed. */
  readonly value: Value | undefined
  readonly block: Block
}

/** A block's head, an include, `global`. */
export interface Construct {
  readonly kind: 'construct'
  readonly name: string
  /** A command prints what belongs here, and was not run. */
  readonly unread: boolean
  readonly span: Span
  readonly comments: string[]
}
