import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ServerName } from '../conformance/cases.js'
import type { Outcome } from './run.js'

const head =
  '# Cases that do not start on a target, or differ there undeclared: `case target  why`. One that holds is taken off; see ../README.md.\n'

/** The cases of a source that do not hold yet, as `case target`. */
export function known(source: ServerName): ReadonlySet<string> {
  const file = fileOf(source)
  if (!existsSync(file)) return new Set()
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return new Set(lines.map((line) => line.split(/\s+/).slice(0, 2).join(' ')))
}

export function writeKnown(source: ServerName, outcomes: readonly Outcome[]): void {
  const lines = outcomes.flatMap((outcome) => {
    const [why] = problemsOf(outcome)
    return why === undefined ? [] : [`${outcome.given.name} ${outcome.target}  ${short(why)}\n`]
  })
  const file = fileOf(source)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, head + lines.sort().join(''))
}

/** Why a translation does not hold; none if it starts and tells of every difference. */
export function problemsOf({ stopped, asked }: Outcome): readonly string[] {
  if (stopped !== undefined) return [stopped]
  return asked.flatMap(({ request, undeclared }) =>
    undeclared.map(({ text }) => `${request.method} ${request.target.slice(0, 60)}: ${text}`)
  )
}

/** Without what changes from run to run. */
function short(text: string): string {
  return text
    .replace(/\/tmp\/(?:observed|echo)-\w+/g, '@ROOT@')
    .replace(/\b\d{4,5}\b/g, '@PORT@')
    .replace(/^refused: \d{4}[-/]\d\d[-/]\d\d [\d:]+:? /, 'refused: ')
    .replace(/\s+/g, ' ')
    .slice(0, 160)
    .trimEnd()
}

function fileOf(source: ServerName): string {
  return join(import.meta.dirname, 'known', `${source}.txt`)
}
