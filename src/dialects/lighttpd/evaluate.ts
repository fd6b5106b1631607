import type {
  Assignment,
  Block as SyntaxBlock,
  Branch,
  Conditions,
  Include,
  LighttpdTree,
  Statement
} from '../../../grammars/lighttpd/index.js'
import type { Comments } from '../../../grammars/tree.js'
import type { Span } from '../../diagnostics/index.js'
import type { UsualAddress } from './addresses.js'
import { Block } from './blocks.js'
import type { Held, Reached } from './blocks.js'
import { commentsBelow, textsOf } from './comments.js'
import { readCondition } from './conditions.js'
import type { Head } from './conditions.js'
import { Expressions } from './expressions.js'
import type { Problems } from './problems.js'
import { merge, textOf } from './values.js'
import type { Value } from './values.js'

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

/**
 * Walks the statements in the order of the text, as the server does: values are computed at once, variables must be
 * set before they are used, and an include stands where it is written.
 */
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

/** The walk through one file. */
class Walk {
  private readonly expressions: Expressions

  constructor(
    private readonly tree: LighttpdTree,
    private readonly evaluation: Evaluation,
    private readonly around: Surroundings
  ) {
    const { problems, environment } = around
    const onUndefined = (text: string, span: Span): void => {
      evaluation.undefinedVariables.push({ text, span })
    }
    this.expressions = new Expressions(tree.file, { problems, environment, onUndefined })
  }

  /** Comments behind the last statement are kept by what was reached last. */
  body({ body, dangling }: SyntaxBlock, block: Block, inGlobal: boolean): void {
    this.statements(body, block, inGlobal)
    this.evaluation.reached.at(-1)?.comments.push(...dangling.map(({ text }) => text))
  }

  private statements(body: readonly Statement[], block: Block, inGlobal: boolean): void {
    for (const statement of body) {
      switch (statement.kind) {
        case 'assignment':
          this.assignment(statement, block)
          break
        case 'include':
          this.include(statement, block, inGlobal)
          break
        case 'global':
          this.construct('global', statement.head, statement.comments)
          this.body(statement, this.evaluation.global, true)
          break
        case 'conditions':
          this.conditions(statement, block, inGlobal)
          break
      }
    }
  }

  private span(node: { readonly start: number; readonly end: number }): Span {
    return { file: this.tree.file, start: node.start, end: node.end }
  }

  private construct(
    name: string,
    node: { readonly start: number; readonly end: number },
    comments: Comments
  ): void {
    this.evaluation.reached.push({
      kind: 'construct',
      name,
      span: this.span(node),
      comments: [...textsOf(comments)]
    })
  }

  // Settings

  private assignment(statement: Assignment, block: Block): void {
    const name = statement.name.text.includes('.') ? statement.name.text : `var.${statement.name.text}`
    const span = this.span(statement)
    const value = this.expressions.value(statement.value, block)
    const levels = name.toLowerCase() === 'fastcgi.server' ? 2 : Infinity
    const comments = [...textsOf(statement.comments), ...commentsBelow(statement.value, levels)]
    this.evaluation.reached.push({
      kind: 'assigned',
      name,
      operator: statement.operator,
      span,
      comments,
      value,
      block
    })
    if (value === undefined) {
      block.uncomputed.add(name.toLowerCase())
      return
    }
    if (name.startsWith('env.')) {
      this.around.problems.refuse('set-environment', span, `Unexpected assignment to \`${name}\``, {
        hint: 'variables of the environment can be read only; use a name of your own'
      })
      return
    }
    const key = name.toLowerCase()
    const own = block.held.get(key)
    const held: Held = { name, value, origin: span, parts: [span] }
    if (statement.operator === ':=' || (statement.operator === '=' && own === undefined)) {
      block.held.set(key, held)
    } else if (statement.operator === '=' && own !== undefined) {
      this.around.problems.refuse(
        'duplicate-directive',
        span,
        `Unexpected second \`${name}\` in ${place(block)}`,
        {
          hint: 'remove one of them; `+=` adds to a list, `:=` replaces the earlier value',
          related: [{ span: own.origin, message: 'it is set here first' }]
        }
      )
    } else this.append(held, own ?? block.find(name), block)
  }

  private append(held: Held, before: Held | undefined, block: Block): void {
    const key = held.name.toLowerCase()
    if (before === undefined) {
      block.held.set(key, held)
      return
    }
    const merged = merge(before.value, held.value)
    if ('mismatch' in merged)
      this.expressions.mismatch(merged.mismatch, held.origin, before.value, held.value)
    else block.held.set(key, { ...held, value: merged.value, parts: [...before.parts, held.origin] })
  }

  // Includes and blocks

  private include(statement: Include, block: Block, inGlobal: boolean): void {
    const span = this.span(statement)
    const shell = statement.how === 'shell'
    const unread = shell && !this.around.runsCommands
    this.construct(unread ? 'include_shell' : 'include', statement, statement.comments)
    const argument = this.expressions.value(statement.argument, block)
    if (argument === undefined) return
    if (argument.kind === 'list') {
      this.around.problems.refuse('include', span, 'Unexpected list, expected the name of a file')
    } else if (shell) {
      const visit = (tree: LighttpdTree): void => this.evaluation.run(tree, block, inGlobal)
      if (this.around.includeShell(textOf(argument), span, visit)) return
      this.around.problems.leaveOut(
        'include-shell',
        span,
        'The output of this command is not read: commands are not run unless that is allowed',
        {
          hint: 'allow it with `--allow-include-shell`, or put what it prints into a file and include that'
        }
      )
    } else {
      this.around.include(textOf(argument), span, (tree) => this.evaluation.run(tree, block, inGlobal))
    }
  }

  private conditions(statement: Conditions, block: Block, inGlobal: boolean): void {
    let previous: Block | undefined
    for (const branch of statement.branches) {
      this.construct(nameOfHead(branch), branch.head, branch.comments)
      if (inGlobal) {
        this.around.problems.refuse(
          'condition-in-global',
          this.span(branch.head),
          'Unexpected condition inside `global { … }`',
          {
            hint: 'move it out of the block'
          }
        )
      }
      const entered = this.branch(branch, block, previous)
      this.body(branch, entered ?? this.discarded(branch, block), false)
      previous = entered ?? previous
    }
  }

  private branch(branch: Branch, parent: Block, previous: Block | undefined): Block | undefined {
    const span = this.span(branch.head)
    const entered = this.blockOf(branch, parent, previous, span)
    if (entered === undefined) return undefined
    if (previous !== undefined) {
      if (previous.isElse) {
        this.around.problems.refuse('unreachable', span, 'Unexpected branch behind a plain `else`', {
          hint: 'the `else` without a condition must come last'
        })
      } else if (previous.index >= entered.index) this.unreachable(span, entered)
      else entered.previous = previous
    }
    return entered
  }

  private unreachable(span: Span, first: Block | undefined): void {
    this.around.problems.refuse(
      'unreachable',
      span,
      'Unexpected branch: its condition has a block of its own already',
      {
        ...(first && { related: [{ span: first.head, message: 'that block is here' }] })
      }
    )
  }

  private blockOf(branch: Branch, parent: Block, previous: Block | undefined, span: Span): Block | undefined {
    const { condition } = branch
    if (condition === undefined) {
      if (previous === undefined) return undefined
      const entered = this.evaluation.enterElse(parent, previous, span, this.span(branch))
      if (entered === undefined) this.unreachable(span, undefined)
      return entered
    }
    const field = this.expressions.value(condition.field, parent)
    const value = this.expressions.value(condition.value, parent)
    if (field === undefined || value === undefined) return undefined
    if (value.kind !== 'string' || field.kind === 'list') {
      this.around.problems.refuse(
        'condition-value',
        span,
        'Unexpected value in a condition, expected a text',
        {
          hint: 'put it in double quotes'
        }
      )
      return undefined
    }
    const head = readCondition(
      {
        object: condition.object.text,
        field: textOf(field),
        operator: condition.operator,
        value: value.text,
        span
      },
      this.around.usualAddress(),
      this.around.problems
    )
    if (head === undefined) return undefined
    const name = `$${condition.object.text}["${textOf(field)}"] ${condition.operator} "${value.text}"`
    return this.evaluation.enter(parent, head, name, span, this.span(branch))
  }

  /** A block whose head is refused: what stands in it is looked at, and holds nowhere. */
  private discarded(branch: Branch, parent: Block): Block {
    const span = this.span(branch.head)
    const block = new Block(-1, '', undefined, { kind: 'never' }, 'refused', span, span, undefined)
    for (const [key, held] of visible(parent)) block.held.set(key, held)
    return block
  }
}

function* visible(block: Block): Iterable<[string, Held]> {
  if (block.parent !== undefined) yield* visible(block.parent)
  for (const [key, held] of block.held) if (key.startsWith('var.')) yield [key, held]
}

function nameOfHead(branch: Branch): string {
  return branch.condition === undefined ? 'else' : `$${branch.condition.object.text}`
}

function place(block: Block): string {
  return block.parent === undefined ? 'the global scope' : `\`${block.name}\``
}
