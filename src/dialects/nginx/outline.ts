import { parse, type Directive, type Word } from '../../../grammars/nginx/index.js'
import type { OpenOutline, Outline, OutlineWord } from '../outline.js'

/** The directives of a text. What a grammar reads is not nested deeply enough for recursion to matter. */
export function outlineNginx(file: string, text: string): readonly Outline[] {
  return parse(file, text).body.map((directive) => outlineOf(directive, file, undefined))
}

function outlineOf(directive: Directive, file: string, parent: Outline | undefined): Outline {
  const { name, args, body, start, end, headEnd } = directive
  const outline: OpenOutline = {
    name: name.value.replace(/^\ufeff/, ''),
    nameSpan: { file, start: name.start, end: name.end },
    span: { file, start, end },
    head: { file, start, end: headEnd },
    words: args.map((word) => wordOf(word, file)),
    inside: [],
    ...(parent === undefined ? {} : { parent })
  }
  if (body.kind === 'block') {
    for (const inner of body.statements) outline.inside.push(outlineOf(inner, file, outline))
  }
  return outline
}

function wordOf({ value, start, end }: Word, file: string): OutlineWord {
  return { value, span: { file, start, end } }
}
