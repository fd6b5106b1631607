import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerName } from './cases.js'
import type { Result } from './run.js'

/** Cases that do not hold yet, with the reason: one a line, `name  reason`. */
export function knownFailures(server: ServerName): ReadonlyMap<string, string> {
  return reasonsIn(fileOf(server))
}

/** Cases in which the project does on purpose something else than the observed server, with the reason. */
export function deviations(server: ServerName): ReadonlyMap<string, string> {
  return reasonsIn(join(import.meta.dirname, 'deviations', `${server}.txt`))
}

function reasonsIn(file: string): ReadonlyMap<string, string> {
  if (!existsSync(file)) return new Map()
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const [name = '', ...reason] = line.trim().split(/\s+/)
      return [name, reason.join(' ')] as const
    })
  )
}

function fileOf(server: ServerName): string {
  return join(import.meta.dirname, 'known-failures', `${server}.txt`)
}

const head =
  '# Recorded cases that do not hold yet, and why. A case that holds is taken off; see ../README.md.\n'

/** Writes the list anew from a run; reasons that people gave stay. */
export function writeKnownFailures(server: ServerName, results: readonly Result[]): void {
  const before = knownFailures(server)
  const failing = results.filter(({ problems }) => problems.length > 0)
  // What is not read in cases that hold all the same is no reason.
  const harmless = new Set(
    results.filter(({ problems }) => problems.length === 0).flatMap(({ unread }) => unread)
  )
  const lines = failing.map((result) => {
    const unread = result.unread.filter((name) => !harmless.has(name))
    return `${result.given.name}  ${before.get(result.given.name) ?? reason({ ...result, unread })}\n`
  })
  writeFileSync(fileOf(server), head + lines.sort().join(''))
}

function reason({ unread, problems }: Result): string {
  if (unread.length > 0) return `not read yet: ${unread.join(', ')}`
  return (problems[0] ?? '')
    .replace(/\/tmp\/observed-\w+/g, '@ROOT@')
    .replace(/\s+/g, ' ')
    .slice(0, 160)
}
