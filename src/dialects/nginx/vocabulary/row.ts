import type { UndecidedAt } from '../../../model/index.js'
import type { Row, RowState, Shape } from '../../vocabulary.js'

/**
 * Where a directive may stand. nginx tells an `if` in a server from one in a location; `stream` and `mail` stand for
 * everything inside those blocks.
 */
export type NginxContext =
  | 'main'
  | 'events'
  | 'http'
  | 'server'
  | 'location'
  | 'if-in-server'
  | 'if-in-location'
  | 'limit_except'
  | 'upstream'
  | 'stream'
  | 'mail'

export interface NginxRow extends Row<NginxContext> {
  /** May stand several times in one block; else nginx says `is duplicate`. */
  readonly repeats?: true
  /** Not part of the stock server: a module of others, or the commercial version. The stock server refuses it. */
  readonly foreign?: string
  /** What each word must look like, by a regular expression, and how that is said to people; from the word `from` on (0). */
  readonly each?: { readonly fits: RegExp; readonly wanted: string; readonly from?: number }
  /** Words with variables, which must be known though nothing reads the directive further: all, or the first one. */
  readonly variables?: 'all' | 'first'
  /** What it asks for is not decided: which requests have no answer where it is in force. */
  readonly undecided?: {
    readonly at: UndecidedAt
    /** Words, in small letters, with which it asks for nothing, or with which alone it asks for something. */
    readonly unless?: readonly string[]
    readonly only?: readonly string[]
    /** Only where its first word is of this kind, else it is read. */
    readonly matching?: RegExp
    /** A flag that takes its effect away. */
    readonly unlessOn?: string
    /** Only where this other directive says something, and not the same. */
    readonly unlike?: string
    /** Those it has a say in; `named`: those that are its words. */
    readonly methods?: readonly string[] | 'named'
  }
}

/** Digits of the names of folders in folders, behind a path. */
export const folderLevels: NonNullable<NginxRow['each']> = {
  fits: /^0*(?:[1-9]|10)$/,
  wanted: 'digits of a folder name, from 1 on',
  from: 1
}

export type Rows = Readonly<Record<string, NginxRow>>

export const main = ['main'] as const
export const http = ['http'] as const
export const server = ['http', 'server'] as const
export const location = ['http', 'server', 'location'] as const
export const locationOrIf = ['http', 'server', 'location', 'if-in-location'] as const
export const rewriting = ['server', 'location', 'if-in-server', 'if-in-location'] as const
export const upstream = ['upstream'] as const

export const flag: Shape = { kind: 'flag' }
export const text: Shape = { kind: 'text' }
export const path: Shape = { kind: 'path' }
export const number: Shape = { kind: 'number' }
export const errorStatus: Shape = { kind: 'number', min: 400, max: 599 }
export const size: Shape = { kind: 'size' }
export const seconds: Shape = { kind: 'time', unit: 's' }
export const milliseconds: Shape = { kind: 'time', unit: 'ms' }
export const list: Shape = { kind: 'list', of: 'text' }
export const words = (...of: readonly string[]): Shape => ({ kind: 'words', of })
export const word = (...of: readonly string[]): Shape => ({ kind: 'word', of })
export const args = (min: number, max = min): Shape => ({ kind: 'arguments', min, max })
export const block = (min: number, max = min): Shape => ({ kind: 'block', arguments: [min, max] })
export const many = Infinity

/** What most rows give besides: manual's default, release, page, and whether it may be repeated. */
export type More = Omit<NginxRow, 'where' | 'shape' | 'state' | 'doc'>

export function row(
  where: readonly NginxContext[],
  shape: Shape,
  state: RowState,
  doc: string,
  more: More = {}
): NginxRow {
  return { where, shape, state, doc, onBadValue: 'refuses', ...more }
}

export const repeats: More = { repeats: true }

/** Known, and its requests have no answer: never a wrong one. */
export { undecided } from '../../vocabulary.js'
