import type { Condition } from '../../model/index.js'
import type { Block } from './blocks.js'
import { lighttpdVocabulary } from './vocabulary.js'

/**
 * 1.4.69 asks a condition when a module first looks for its directives, and remembers the answer until the URL is another one
 * (config_check_cond). By then mod_fastcgi may have cut path info off the path, an index file may have been appended, and mod_setenv may
 * have changed headers. Modules are called in three rounds: by URL, for mapping it to a file, and once that is found.
 */

/** What asks when URLs are mapped to files. */
const mapping = ['mod_simple_vhost', 'mod_evhost', 'mod_vhostdb', 'mod_alias', 'mod_userdir', 'mod_webdav']
/** What asks of the file alone. */
const ofFiles = ['mod_indexfile', 'mod_staticfile', 'mod_dirlisting', 'mod_ssi', 'mod_cgi']
/** What asks of the URL. */
const ofUrls = [
  'mod_access',
  'mod_redirect',
  'mod_setenv',
  'mod_auth',
  'mod_status',
  'mod_fastcgi',
  'mod_scgi',
  'mod_proxy',
  'mod_ajp13',
  'mod_wstunnel'
]
/** Asks when mod_auth does. */
const withAuth = 'mod_authn_file'

/** When modules ask, in order; each has the name that the steps of the pipeline tell it by. */
export function moments(modules: readonly string[]): readonly string[] {
  return [
    ...modules.filter((module) => ofUrls.includes(module)),
    ...modules
      .filter((module) => mapping.includes(module))
      .slice(0, 1)
      .map(() => 'map'),
    ...modules.filter((module) => ofFiles.includes(module))
  ]
}

export interface Asking {
  /** Those at which conditions are asked that may have another answer by then. */
  readonly late: ReadonlySet<string>
  conditionOf(block: Block): Condition | undefined
}

/** When the conditions of the blocks are asked; one that must be remembered says so. */
export function askingOf(blocks: readonly Block[], modules: readonly string[]): Asking {
  const order = moments(modules)
  const path = order.indexOf('mod_fastcgi')
  const header = headersChanged(blocks, order)
  const from = lateIn({ blocks, modules, order, changes: { path, header } })
  // Headers are changed once; where a request starts again mod_setenv looks for nothing.
  const others = modules.filter((module) => module !== 'mod_setenv')
  const fromAgain = lateIn({ blocks, modules: others, order, changes: { path, header: -1 } })
  const late = new Set(blocks.flatMap((block) => [from, fromAgain].flatMap((at) => at(block) ?? [])))
  // Which paths want a login is asked there, whatever block says it.
  if (path >= 0 && order.indexOf('mod_auth') > path && blocks.some(({ held }) => held.has('auth.require')))
    late.add('mod_auth')
  return {
    late,
    conditionOf: (block) => {
      const { condition } = block
      if (late.size === 0 || condition === undefined || subjectOf(condition) === undefined) return condition
      const moment = from(block)
      const again = fromAgain(block)
      return remembered(condition, {
        id: block.index,
        ...(moment !== undefined && { from: moment }),
        ...(again !== undefined && { fromAgain: again })
      })
    }
  }
}

interface Round {
  readonly blocks: readonly Block[]
  readonly modules: readonly string[]
  readonly order: readonly string[]
  /** The places in the order at which what is asked changes; -1 where it does not. */
  readonly changes: Readonly<Record<'path' | 'header', number>>
}

/** The moment at which a block is asked whose answer may be another one by then. */
function lateIn({ blocks, modules, order, changes }: Round): (block: Block) => string | undefined {
  const firsts = firstAsked(blocks, modules, order)
  return (block) => {
    const subject = subjectOf(block.condition)
    const first = firsts.get(block) ?? 0
    if (subject === undefined || first === Infinity || changes[subject] < 0) return undefined
    return first > changes[subject] ? order[first] : undefined
  }
}

/** The place in the order at which each block is asked first, with all that it stands in or behind; -1 for at once. */
function firstAsked(
  blocks: readonly Block[],
  modules: readonly string[],
  order: readonly string[]
): ReadonlyMap<Block, number> {
  const placeOf = (module: string): number => {
    if (module === 'mod_rewrite' && modules.includes(module)) return -1
    const name = mapping.includes(module) ? 'map' : module === withAuth ? 'mod_auth' : module
    const place = modules.includes(module) ? order.indexOf(name) : -1
    return place < 0 ? Infinity : place
  }
  const firsts = new Map<Block, number>()
  const sooner = (block: Block | undefined, place: number): void => {
    if (block !== undefined) firsts.set(block, Math.min(firsts.get(block) ?? Infinity, place))
  }
  // Blocks inside and branches behind come later in the list.
  for (const block of blocks.toReversed()) {
    for (const name of block.held.keys()) {
      const row = lighttpdVocabulary.get(name)
      if (row === undefined || row.where.includes('server')) continue
      sooner(block, row.module === undefined ? -1 : placeOf(row.module))
    }
    const first = firsts.get(block) ?? Infinity
    firsts.set(block, first)
    sooner(block.parent, first)
    sooner(block.previous, first)
  }
  return firsts
}

function headersChanged(blocks: readonly Block[], order: readonly string[]): number {
  const changes = ['setenv.add-request-header', 'setenv.set-request-header']
  return blocks.some(({ held }) => changes.some((name) => held.has(name))) ? order.indexOf('mod_setenv') : -1
}

/** What is asked that may change on the way. */
function subjectOf(condition: Condition | undefined): 'path' | 'header' | undefined {
  if (condition?.kind === 'not') return subjectOf(condition.of)
  const of = condition?.kind === 'test' ? condition.subject.of : undefined
  return of === 'path' || of === 'header' ? of : undefined
}

function remembered(
  condition: Condition,
  once: NonNullable<Extract<Condition, { kind: 'test' }>['once']>
): Condition {
  if (condition.kind === 'not') return { kind: 'not', of: remembered(condition.of, once) }
  return condition.kind === 'test' ? { ...condition, once } : condition
}
