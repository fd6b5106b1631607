import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerName } from './cases.js'

/** Cases that do not hold yet, with the reason: one a line, `name  reason`. */
export function knownFailures(server: ServerName): ReadonlyMap<string, string> {
  const file = join(import.meta.dirname, 'known-failures', `${server}.txt`)
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
