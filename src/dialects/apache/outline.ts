import { parse, splitWords, type Statement } from '../../../grammars/apache/index.js'
import { expand } from './read/expand.js'
import type { OpenOutline, Outline } from '../outline.js'

/** The lines of a text as they stand there: nothing is included or defined, and variables are not replaced. */
export function outlineApache(file: string, text: string): readonly Outline[] {
  return parse(file, text).body.map((statement) => outlineOf(statement, file, text, undefined))
}

function outlineOf(statement: Statement, file: string, text: string, parent: Outline | undefined): Outline {
  const { name, nameNode, arguments: rest, start, end } = statement
  const head = statement.kind === 'section' ? statement.head : statement
  const joined = expand(text.slice(rest.start, rest.end), () => undefined)
  const outline: OpenOutline = {
    name,
    nameSpan: { file, start: nameNode.start, end: nameNode.end },
    span: { file, start, end },
    head: { file, start: head.start, end: head.end },
    words: splitWords(joined.text).map((word) => ({
      value: word.value,
      span: { file, start: rest.start + joined.startOf(word.start), end: rest.start + joined.endOf(word.end) }
    })),
    inside: [],
    ...(parent === undefined ? {} : { parent })
  }
  if (statement.kind === 'section') {
    for (const inner of statement.body) outline.inside.push(outlineOf(inner, file, text, outline))
  }
  return outline
}
