import type { Span } from '../../diagnostics/index.js'
import type { FolderFiles, FolderReading, FolderRules, InForce, Pool, SettingKey } from '../../model/index.js'
import { joined } from '../path.js'
import { statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { chooseScopes, within } from './choose.js'
import type { ChosenScope } from './compile.js'

/**
 * Adds what files in the folders say that lead to the mapped file, from the root down. What one may say is decided by
 * the scopes that are folded before it. One that cannot be read, or says what it must not, is the request's answer.
 */
export function foldFolders(state: State, rules: FolderFiles): StepResult {
  if (!state.site.allowsFolderFiles || state.taken !== undefined) return undefined
  const folder = folderOf(state)
  if (folder === undefined) return undefined
  const names = state.settings.folderFileNames?.value ?? rules.names
  const host = state.chosen.find(({ compiled }) => compiled.scope.host !== undefined)?.compiled.scope.head
  const found: ChosenScope[] = []
  const pools = new Map<string, Pool>()
  for (const [depth, path] of foldersTo(folder).entries()) {
    const rank = rules.rank + depth * rules.each
    const allowed = allowedBelow(state, rank)
    if (allowed === undefined) continue
    for (const name of names) {
      const file = joined(path, name)
      const one = read(state, file, allowed, host)
      if (one.kind === 'missing') continue
      if (one.kind === 'answer') {
        // What sections say is not in force where the way to the file cannot be gone.
        chooseScopes(state, 'host')
        return one.result
      }
      state.trace?.push({ step: 'scopes', text: `what ${file} says holds` })
      for (const pool of one.pools) pools.set(pool.id, pool)
      found.push(...within(state, state.site.folderScope(one.scope, rank)))
      break
    }
  }
  if (found.length === 0) return undefined
  state.chosen = [...state.chosen, ...found]
  state.settings = state.site.settings(state.chosen.map(({ compiled }) => compiled))
  state.folderPools = pools
  return undefined
}

/** The folder the file is in, or is. */
function folderOf({ mapped }: State): string | undefined {
  if (mapped?.located === undefined) return undefined
  const path = mapped.filename.replace(/(.)\/+$/, '$1')
  return mapped.located === 'directory' ? path : path.slice(0, Math.max(1, path.lastIndexOf('/')))
}

/** `/`, `/srv`, `/srv/www` */
function foldersTo(folder: string): readonly string[] {
  const names = folder.split('/').filter((name) => name !== '')
  return ['/', ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)]
}

/** Undefined where nothing may be said. */
function allowedBelow(state: State, rank: number): FolderRules | undefined {
  const classes = lastBefore(state, 'folderClasses', rank)?.value
  const directives = lastBefore(state, 'folderDirectives', rank)?.value ?? []
  if ((classes?.classes.length ?? 0) + directives.length === 0) return undefined
  return { ...(classes ?? { classes: [], passedOver: [] }), directives }
}

function lastBefore<K extends SettingKey>(state: State, key: K, rank: number): InForce[K] {
  return state.site.settings(
    state.chosen.map(({ compiled }) => compiled).filter(({ scope }) => scope.rank < rank)
  )[key]
}

type Read =
  | { readonly kind: 'missing' }
  | { readonly kind: 'answer'; readonly result: StepResult }
  | Extract<FolderReading, { kind: 'read' }>

function read(state: State, file: string, rules: FolderRules, host: Span | undefined): Read {
  const { files, folderFile } = state.surroundings
  switch (files.kind(file)) {
    case 'missing':
      return { kind: 'missing' }
    case 'directory':
    case 'forbidden':
      return { kind: 'answer', result: statusAnswer(403, `${file} cannot be read`, undefined) }
    case 'file':
      break
  }
  if (folderFile === undefined)
    throw new Unsupported(`\`${file}\`, which is read with the configuration’s own reader only`)
  const reading = folderFile(file, rules, host)
  // It went away meanwhile.
  if (reading === undefined) return { kind: 'missing' }
  if (reading.kind === 'refused')
    return { kind: 'answer', result: statusAnswer(500, reading.why, reading.origin) }
  return reading
}
