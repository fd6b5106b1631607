import type { Dropped, LighttpdTree, Statement } from '../../../grammars/lighttpd/index.js'
import { spanOf } from '../../../grammars/tree.js'
import type { Problems } from './problems.js'

/** What the server throws away in silence, told. At most so many a file: a file of another kind is full of them. */
const most = 50

export function reportDropped(tree: LighttpdTree, problems: Problems): void {
  for (const dropped of tree.dropped.slice(0, most)) {
    const text =
      tree.text.slice(dropped.start, Math.min(dropped.end, dropped.start + 40)).split(/[\r\n]/, 1)[0] ?? ''
    const shown = text.length < dropped.end - dropped.start ? `${text}…` : text
    problems.add({
      code: 'lighttpd/dropped',
      severity: 'warning',
      message: `The server throws \`${shown}\` away in silence: ${dropped.expected} belongs here`,
      span: spanOf(tree, dropped),
      ...hintOf(dropped, tree.text)
    })
  }
  reportWords(tree.body, tree, problems)
}

function hintOf({ place, start }: Dropped, text: string): { readonly hint?: string } {
  const first = text[start] ?? ''
  if (place === 'list') return { hint: 'put a `,` between the elements of a list' }
  if (place === 'value' && /[[{]/.test(first)) return { hint: 'lists stand in parentheses: `( … )`' }
  if (place === 'statements' && first === '}') return { hint: 'remove it: no block is open here' }
  if (text.startsWith('else', start)) {
    return { hint: 'an `else` must follow the `}` of its condition at once; what stands in it holds always' }
  }
  return {}
}

/** `elseif` and `if` are no words of the language: the name begins a statement that swallows the condition. */
const words = new Set(['if', 'elseif', 'elif', 'elsif'])

function reportWords(body: readonly Statement[], tree: LighttpdTree, problems: Problems): void {
  for (const statement of body) {
    if (statement.kind === 'assignment' && words.has(statement.name.text.toLowerCase())) {
      const word = statement.name.text
      problems.warn(
        'no-such-word',
        spanOf(tree, statement.name),
        `\`${word}\` is no word of the language: what stands in its block holds always`,
        {
          hint: word.toLowerCase() === 'if' ? 'remove the word' : 'write `else $HTTP[…]`'
        }
      )
    }
    for (const inner of blocksOf(statement)) reportWords(inner, tree, problems)
  }
}

function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  if (statement.kind === 'conditions') return statement.branches.map((branch) => branch.body)
  return statement.kind === 'global' ? [statement.body] : []
}
