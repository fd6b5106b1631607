import type { Span } from './span.js'

/** `error`: the server refuses it or it is unsafe; `warning`: works otherwise than meant; `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info'

/** A further place that explains the finding, with a word on why it matters. */
export interface Related {
  readonly span: Span
  readonly message: string
}

/** Text to put in place of a span. An empty span inserts. */
export interface Edit {
  readonly span: Span
  readonly text: string
}

export interface Fix {
  /** What the fix does, as an imperative: `remove the option`. */
  readonly title: string
  readonly edits: readonly Edit[]
  /** `safe`: what the server does stays the same or becomes what was plainly meant. */
  readonly safety: 'safe' | 'unsafe'
}

/** Why a finding is not told, though it was found: a comment in the text, or a list kept beside it. */
export interface Suppression {
  readonly kind: 'inSource' | 'external'
  readonly reason?: string
}

/**
 * Everything the tool says about a text has this one shape. The `code` is words (`fastcgi/unknown-option`), stable,
 * and has a page that `fcgi-conf explain CODE` prints.
 */
export interface Diagnostic {
  readonly code: string
  readonly severity: Severity
  /** What is wrong, in one sentence without a final full stop; code in backticks. */
  readonly message: string
  /** Where; absent only where no file is to blame (an option of the command, an unreadable directory). */
  readonly span?: Span
  /** What to do about it. */
  readonly hint?: string
  readonly related?: readonly Related[]
  readonly fix?: Fix
  /** It is about what is missing on this machine, and may be there where the configuration is meant for. */
  readonly ofMachine?: true
  /** It does not count, and only reports for programs have it. */
  readonly suppressed?: Suppression
}
