import { dirname, isAbsolute, join, resolve } from 'node:path'
import { textOfFile, worldOf } from '../../input.js'
import type { InputOptions } from '../../input.js'
import type { Io } from '../../io.js'
import type { Collected } from '../collect.js'
import { realPath } from '../kind.js'
import type { Shard } from './part.js'

/** A file of a shard, with its place among all files. */
export interface Placed {
  readonly file: Collected
  readonly place: number
}

/**
 * The files of one shard. Those that may include each other stay together, so that each is looked at in the context it
 * has; the groups are dealt out so that shards have about as many files. All shards of the same files agree.
 */
export async function filesOf(
  files: readonly Collected[],
  { index, count }: Shard,
  options: InputOptions,
  io: Io
): Promise<readonly Placed[]> {
  const groups = await groupsOf(files, options, io)
  const shards = Array.from({ length: count }, (): Placed[] => [])
  for (const group of [...groups].sort((a, b) => b.length - a.length || placeOf(a) - placeOf(b))) {
    const least = shards.reduce((a, b) => (b.length < a.length ? b : a))
    least.push(...group)
  }
  return (shards[index - 1] ?? []).sort((a, b) => a.place - b.place)
}

function placeOf([first]: readonly Placed[]): number {
  return first?.place ?? 0
}

async function groupsOf(
  files: readonly Collected[],
  options: InputOptions,
  io: Io
): Promise<readonly (readonly Placed[])[]> {
  const places = new Map(files.map((file, place) => [file.key, place]))
  const leaders = files.map((_, place) => place)
  const leaderOf = (place: number): number => {
    const next = leaders[place] ?? place
    return next === place ? place : leaderOf(next)
  }
  for (const [place, file] of files.entries()) {
    for (const path of await mayInclude(file, options, io)) {
      const other = places.get(realPath(resolve(io.cwd, path)))
      if (other === undefined) continue
      const [a, b] = [leaderOf(place), leaderOf(other)]
      leaders[Math.max(a, b)] = Math.min(a, b)
    }
  }
  const groups = new Map<number, Placed[]>()
  for (const [place, file] of files.entries()) {
    const leader = leaderOf(place)
    groups.set(leader, [...(groups.get(leader) ?? []), { file, place }])
  }
  return [...groups.values()]
}

const include = /^[ \t]*include(?:optional)?[ \t]+["']?([^\s"';]+)/gim

/** Folders above a file that its includes may be relative to. */
const mostFoldersAbove = 4

/**
 * Files that a look at the text alone shows may be included, relative to whatever folder. An include that is not seen so
 * (its name is made of variables) costs a look in vain: `lint --merge` leaves out what another file includes.
 */
async function mayInclude(file: Collected, options: InputOptions, io: Io): Promise<readonly string[]> {
  if (file.path === '-') return []
  const found = await textOfFile(file.path, file.path, options, io)
  if (found.kind === 'failed') return []
  const patterns = new Set([...found.text.matchAll(include)].flatMap(([, pattern]) => pattern ?? []))
  if (patterns.size === 0) return []
  const world = worldOf(file.path, found.text, options, io)
  const folders = foldersAbove(file.path)
  return [...patterns].flatMap((pattern) => {
    const names = isAbsolute(pattern) ? [pattern] : folders.map((folder) => join(folder, pattern))
    return names.flatMap((name) =>
      world.kind(name) === 'directory' ? (world.filesBelow(name) ?? []) : world.glob(name, { braces: true })
    )
  })
}

function foldersAbove(path: string): readonly string[] {
  const folders = [dirname(path)]
  for (let folder = dirname(path); folders.length <= mostFoldersAbove && dirname(folder) !== folder;) {
    folder = dirname(folder)
    folders.push(folder)
  }
  return folders
}
