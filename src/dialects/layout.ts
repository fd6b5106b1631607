import { builders, printer } from 'prettier/doc'

export type Doc = builders.Doc
export const { align, fill, group, hardline, ifBreak, indent, join, line, literalline, softline } = builders

export interface Layout {
  readonly indent: number
  readonly width: number
}

/** The text of a document: writers say what belongs together, the printer finds the line ends. */
export function layout(doc: Doc, { indent: tabWidth, width }: Layout): string {
  return printer.printDocToString(doc, { printWidth: width, tabWidth, useTabs: false }).formatted
}
