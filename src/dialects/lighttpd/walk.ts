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
import { Block } from './blocks.js'
import type { Held } from './blocks.js'
import { commentsBelow, textsOf } from './comments.js'
import { readCondition } from './conditions.js'
import type { Evaluation, Surroundings } from './evaluate.js'
import { Expressions } from './expressions.js'
import { merge, textOf } from './values.js'

/**
 * Walks the statements of one file in the order of the text, as the server does: values are computed at once, variables must be
 * set before they are used, and an include stands where it is written.
 */
export class Walk {
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
    comments: Comments,
    unread = false
  ): void {
    this.evaluation.reached.push({
      kind: 'construct',
      name,
      span: this.span(node),
      comments: [...textsOf(comments)],
      unread
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
    this.construct(shell ? 'include_shell' : 'include', statement, statement.comments, unread)
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
