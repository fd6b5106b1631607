import type { Span } from '../../diagnostics/index.js'
import type { DirectiveRecord } from '../../model/index.js'
import type { RowState } from '../vocabulary.js'
import type { Assigned, Block, Reached } from './blocks.js'
import { areGuardsRead } from './guards.js'
import type { Modules } from './modules.js'
import type { Problems } from './problems.js'
import type { Entry } from './values.js'
import { lighttpdVocabulary } from './vocabulary.js'

type State = DirectiveRecord['state']

/** A record for each statement and each host option that was reached, in order; a file read twice counts once. */
export function recordsOf(
  reached: readonly Reached[],
  modules: Modules,
  problems: Problems
): readonly DirectiveRecord[] {
  const seen = new Set<string>()
  const isNew = ({ file, start, end }: Span): boolean => {
    const key = `${file}:${start}:${end}`
    return !seen.has(key) && seen.add(key).has(key)
  }
  return reached.flatMap((one): readonly DirectiveRecord[] => {
    if (!isNew(one.span)) return []
    const { name, span, comments } = one
    if (one.kind === 'construct') {
      return [{ name, span, comments, state: one.unread ? { kind: 'not-run' } : constructState(name) }]
    }
    const state = stateOf(one, modules, problems)
    const options = name.toLowerCase() === 'fastcgi.server' ? optionRecords(one, state) : []
    return [{ name, span, comments, state }, ...options.filter((option) => isNew(option.span))]
  })
}

function constructState(name: string): State {
  return rowState(lighttpdVocabulary.get(name)?.state)
}

function rowState(state: RowState | undefined): State {
  switch (state?.kind) {
    case undefined:
      return { kind: 'unknown' }
    case 'read':
      return { kind: 'read', as: state.as }
    case 'later':
      return { kind: 'not-read-yet' }
    case 'outside':
      return { kind: 'outside', topic: state.topic }
    case 'structure':
      return { kind: 'structure' }
  }
}

function stateOf(assigned: Assigned, modules: Modules, problems: Problems): State {
  const { name, block, value } = assigned
  const key = name.toLowerCase()
  if (key.startsWith('var.')) return { kind: 'structure' }
  const row = lighttpdVocabulary.get(key)
  if (row === undefined) return { kind: 'unknown' }
  if (block.index < 0) return { kind: 'ignored', why: 'the server refuses the condition around it' }
  const misplaced = misplacement(row.where[0], block)
  if (misplaced !== undefined) {
    problems.warn(
      'ignored-in-condition',
      assigned.span,
      `\`${name}\` is not taken notice of here: ${misplaced}`,
      {
        hint: 'move it out of the condition'
      }
    )
    return { kind: 'ignored', why: misplaced }
  }
  if (row.module !== undefined && row.state.kind !== 'outside' && !modules.isLoaded(row.module)) {
    modules.reportMissing(row.module, assigned, problems)
    return { kind: 'ignored', why: `\`${row.module}\` is not loaded` }
  }
  if (value === undefined) return { kind: 'ignored', why: 'the server cannot compute its value' }
  if (key === 'auth.require' && !areGuardsRead(value)) return { kind: 'not-read-yet' }
  return rowState(row.state)
}

function misplacement(where: string | undefined, block: Block): string | undefined {
  if (block.parent === undefined) return undefined
  if (where === 'server') return 'it belongs to the whole server'
  if (where === 'socket' && block.listener === undefined) {
    return 'it belongs to the whole server or to a `$SERVER["socket"] ==` block'
  }
  return undefined
}

/** The options of all hosts, by where they are written. */
function optionRecords({ value }: Assigned, outer: State): readonly DirectiveRecord[] {
  return hostsIn(value).flatMap((options) =>
    options.flatMap((option): readonly DirectiveRecord[] => {
      const { key, span, comments } = option
      if (key === undefined) return []
      const state = outer.kind === 'read' ? optionState(key, options) : outer
      return [{ name: key, within: 'fastcgi.server', span, comments, state }]
    })
  )
}

function hostsIn(value: Assigned['value']): readonly (readonly Entry[])[] {
  if (value?.kind !== 'list') return []
  return value.entries
    .flatMap((extension) => (extension.value.kind === 'list' ? extension.value.entries : []))
    .flatMap((host) => (host.value.kind === 'list' ? [host.value.entries] : []))
}

function optionState(key: string, beside: readonly Entry[]): State {
  const name = key.toLowerCase()
  if (name === 'allow-x-send-file' && beside.some((other) => other.key?.toLowerCase() === 'x-sendfile')) {
    return { kind: 'ignored', why: '`x-sendfile` stands beside it and counts' }
  }
  const needsProgram = [
    'min-procs',
    'max-procs',
    'max-load-per-proc',
    'idle-timeout',
    'kill-signal',
    'listen-backlog'
  ]
  const starts = beside.some((other) => other.key?.toLowerCase() === 'bin-path')
  if (!starts && (needsProgram.includes(name) || name.startsWith('bin-'))) {
    return name === 'bin-path'
      ? { kind: 'read', as: 'member.process.command' }
      : { kind: 'ignored', why: 'the server starts no program for this host' }
  }
  return rowState(lighttpdVocabulary.get(`fastcgi.server ${name}`)?.state)
}
