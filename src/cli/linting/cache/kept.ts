import type { Diagnostic, Span } from '../../../diagnostics/index.js'
import type { DialectName } from '../../../dialects/dialect.js'
import type { Asked } from './asking.js'

/** What looking at a file gave, kept with all that this hung on. */
export interface Kept {
  version: 1
  /** Of this tool, of the options and settings, and of the file's own text. */
  state: string
  /** All that was asked of the world while it was read. */
  asked: Asked[]
  outcome: 'read' | 'none'
  dialect?: DialectName
  diagnostics: Diagnostic[]
  texts: KeptText[]
}

/** A text is not kept itself: it was asked for, and is had again when that is asked again. */
export interface KeptText {
  path: string
  key: string
  hash: string
  includedFrom?: Span
}
