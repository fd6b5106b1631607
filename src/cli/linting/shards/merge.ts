import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CommandError } from '../../io.js'
import type { Io } from '../../io.js'
import type { Looked } from '../looked.js'
import { rootsOf } from '../roots.js'
import { validate } from './part-validator.js'
import type { PlacedLook, ShardPart } from './part.js'

/** What the shards of one run saw, from their JSON reports: every shard must be there, and once. */
export function mergedLooks(reports: readonly string[], io: Io): readonly Looked[] {
  const parts = reports.map((report) => ({ report, part: partIn(report, io) }))
  const [first] = parts
  if (first === undefined) throw new CommandError('no report is named', 'name the JSON report of each shard')
  const { count } = first.part
  const byIndex = new Map<number, string>()
  for (const { report, part } of parts) {
    if (part.count !== count)
      throw new CommandError(
        `\`${report}\` is of ${part.count} shards, \`${first.report}\` of ${count}`,
        'name the reports of one run'
      )
    const twin = byIndex.get(part.index)
    if (twin !== undefined)
      throw new CommandError(`\`${twin}\` and \`${report}\` are both of shard ${part.index}/${count}`)
    byIndex.set(part.index, report)
  }
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((index) => !byIndex.has(index))
  if (missing.length > 0)
    throw new CommandError(
      `the report of shard ${missing.map((index) => `${index}/${count}`).join(', ')} is missing`,
      'what it looked at would seem clean; name all reports'
    )
  const looked = parts.flatMap(({ part }) => part.looked).sort((a, b) => a.place - b.place)
  return rootsOf(looked.map(({ place: _place, ...one }: PlacedLook): Looked => one))
}

function partIn(report: string, io: Io): ShardPart {
  const value = jsonIn(report, io)
  const part: unknown =
    typeof value === 'object' && value !== null && 'shard' in value ? value.shard : undefined
  if (validate(part)) return part
  throw new CommandError(
    `\`${report}\` is no report of a shard`,
    'write one with `fcgi-conf lint --shard 1/3 --format json=FILE`, by the same release'
  )
}

function jsonIn(report: string, io: Io): unknown {
  try {
    return JSON.parse(readFileSync(resolve(io.cwd, report), 'utf8'))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot read the report \`${report}\`: ${error.message}`)
  }
}
