import type { Collected } from './collect.js'
import type { Looked } from './looked.js'

/** What servers call the file they are started with: these are read first, for others are most likely parts of them. */
const mainFile = /(^|\/)(nginx|lighttpd|httpd|apache2)\.conf$/

/** The order in which files are read: those first that most likely include others. */
export function inReadingOrder(files: readonly Collected[]): readonly (readonly Collected[])[] {
  const isMain = ({ path }: Collected): boolean => mainFile.test(path)
  return [files.filter(isMain), files.filter((file) => !isMain(file))]
}

/** Looks at some files, and gives what it saw in their order. */
export type LookAll = (files: readonly Collected[]) => Promise<readonly Looked[]>

/**
 * Looks at every file that no other one includes: what is included is read where it is included, in the context it has
 * there. Of files that include each other in a circle the one that is read first stays. The order is that of the files
 * given. How many are looked at at once bears on how many are looked at in vain, and on nothing else.
 */
export async function lookAtRoots(
  files: readonly Collected[],
  lookAll: LookAll,
  atOnce: number
): Promise<readonly Looked[]> {
  const known = new Map<string, Looked>()
  const covered = new Set<string>()
  for (const likely of inReadingOrder(files)) {
    for (let start = 0; start < likely.length; start += atOnce) {
      const wanted = likely.slice(start, start + atOnce).filter(({ key }) => !covered.has(key))
      for (const looked of await lookAll(wanted)) {
        known.set(looked.key, looked)
        if (looked.outcome === 'read') for (const { key } of looked.texts.slice(1)) covered.add(key)
      }
    }
  }
  return rootsOf(files.flatMap(({ key }) => known.get(key) ?? []))
}

/** Those that are configurations and that no other one includes. They are given in the order of the files. */
export function rootsOf(looked: readonly Looked[]): readonly Looked[] {
  const includers = new Map<string, Looked[]>()
  for (const one of looked) {
    if (one.outcome !== 'read') continue
    for (const { key } of one.texts.slice(1)) {
      if (key === one.key) continue
      // Thousands of files may include one.
      const known = includers.get(key)
      if (known === undefined) includers.set(key, [one])
      else known.push(one)
    }
  }
  const isMain = ({ path }: Looked): boolean => mainFile.test(path)
  const order = [...looked.filter(isMain), ...looked.filter((one) => !isMain(one))]
  const places = new Map(order.map((one, index) => [one, index]))
  const place = (one: Looked): number => places.get(one) ?? 0
  const includes = (outer: Looked, inner: Looked): boolean =>
    includers.get(inner.key)?.includes(outer) === true
  const isCovered = (one: Looked): boolean =>
    (includers.get(one.key) ?? []).some((by) => !(includes(one, by) && place(one) < place(by)))
  return looked.filter((one) => one.outcome !== 'none' && !isCovered(one))
}
