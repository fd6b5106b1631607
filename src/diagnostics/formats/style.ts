import type { Severity } from '../diagnostic.js'

/** How text for people is painted. `plain` paints nothing. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly underline: (text: string) => string
  readonly good: (text: string) => string
  readonly severity: (severity: Severity, text: string) => string
}

const same = (text: string): string => text

export const plain: Style = {
  bold: same,
  dim: same,
  underline: same,
  good: same,
  severity: (_severity, text) => text
}

const escape = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`

const colours = { error: escape(31, 39), warning: escape(33, 39), info: escape(36, 39) } as const

/** ANSI colours. */
export const coloured: Style = {
  bold: escape(1, 22),
  dim: escape(2, 22),
  underline: escape(4, 24),
  good: escape(32, 39),
  severity: (severity, text) => colours[severity](text)
}
