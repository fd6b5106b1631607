import type { Row, RowState, Shape } from '../../vocabulary.js'

/**
 * Where a directive may stand: the main server, a virtual host, the sections below them, `.htaccess`; an option or
 * worker parameter stands in the directive of that name.
 */
export type ApacheContext = string

export type ApacheRow = Row
/** By name; of several rows of one name the last counts. */
export type Rows = readonly (readonly [name: string, row: ApacheRow])[]
type More = Partial<Pick<Row, 'default' | 'since' | 'deprecated' | 'onBadValue' | 'orModule'>>

export const main = ['main'] as const
export const servers = ['main', 'vhost'] as const
/** Directory, Location, Files and If, with or without regular expressions. */
export const sections = ['directory', 'location', 'files', 'if', 'proxy'] as const
export const sectionsAndHtaccess = [...sections, 'htaccess'] as const
export const anywhere = [...servers, ...sections] as const
export const anywhereAndHtaccess = [...anywhere, 'htaccess'] as const

export const flag: Shape = { kind: 'flag' }
export const text: Shape = { kind: 'text' }
export const path: Shape = { kind: 'path' }
export const number: Shape = { kind: 'number' }
export const seconds: Shape = { kind: 'time', unit: 's' }
export const any: Shape = { kind: 'arguments', min: 0, max: Number.MAX_SAFE_INTEGER }
export const words = (min: number, max: number): Shape => ({ kind: 'arguments', min, max })
export const atLeast = (min: number): Shape => words(min, Number.MAX_SAFE_INTEGER)
export const oneOf = (...of: readonly string[]): Shape => ({ kind: 'word', of })
export const block = (min: number, max: number): Shape => ({ kind: 'block', arguments: [min, max] })

/** Rows of one module. `link` is its page of the manual with the directive's anchor. */
export function inModule(module: string, manual: string) {
  return (
    name: string,
    where: readonly ApacheContext[],
    shape: Shape,
    state: RowState,
    doc: string,
    more: More = {}
  ) => [name, { where, shape, state, module, doc, link: `${manual}#${name.toLowerCase()}`, ...more }] as const
}

/** Names that only have to be known: each module's, with the one thing they are about. */
export function namesOf(module: string, topic: string, names: string): Rows {
  const row: ApacheRow = {
    where: anywhereAndHtaccess,
    shape: any,
    state: { kind: 'outside', topic },
    module,
    doc: `Belongs to ${topic} (${module}); says nothing about how a request reaches its application.`
  }
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, row] as const)
}
