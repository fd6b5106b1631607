import type { Severity, Suppression } from '../diagnostic.js'

/** What `lint --format json` prints. `version` grows when a program that reads it would have to change. */
export interface JsonReport {
  version: 1
  /** Where the schema of this form is published. */
  schema: string
  tool: { name: string; version: string }
  /** Every file that was named, and every other one that something was found in. */
  files: JsonFile[]
  /** What is about no file. */
  general: JsonFinding[]
  summary: JsonSummary
  /** Of one part of several (`--shard`): what `lint --merge` needs besides. Other programs have no use for it. */
  shard?: object
}

export interface JsonFile {
  path: string
  /** What the file was read as; null where that is not known. */
  dialect: string | null
  findings: JsonFinding[]
}

/** How much was found; what is suppressed does not count. */
export interface JsonSummary {
  /** @asType integer */
  files: number
  /** @asType integer */
  error: number
  /** @asType integer */
  warning: number
  /** @asType integer */
  info: number
  /**
   * Of all these, how many `--fix` would take away.
   * @asType integer
   */
  fixable: number
}

export interface JsonFinding {
  /** The code that `fcgi-conf explain` takes. */
  ruleId: string
  level: Severity
  helpUri: string
  message: string
  /** Absent where no place is to blame. */
  range?: JsonRange
  /** What to do about it. */
  hint?: string
  related: { path: string; range: JsonRange; message: string }[]
  fix?: {
    title: string
    safety: 'safe' | 'unsafe'
    edits: { path: string; range: JsonRange; text: string }[]
  }
  /** It is not told otherwise: a comment in the file, or a list of known findings, says so. */
  suppressed?: Suppression
  /** Stays the same when lines are added above it. */
  fingerprint?: string
}

/** Half-open; lines and columns are counted from 1, columns and offsets in UTF-16 code units. */
export interface JsonRange {
  start: JsonPlace
  end: JsonPlace
}

export interface JsonPlace {
  /** @asType integer */
  line: number
  /** @asType integer */
  column: number
  /** @asType integer */
  offset: number
}
