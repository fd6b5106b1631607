import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { lineStarts, positionAt } from '../../diagnostics/index.js'
import type { Diagnostic } from '../../diagnostics/index.js'
import type { Report } from '../../diagnostics/report.js'
import { CommandError } from '../io.js'
import type { Io } from '../io.js'
import { realPath } from './kind.js'
import type { Looked } from './looked.js'

/** What keeps a file from being read, and mistakes of this tool, are told wherever they are. */
const alwaysTold = /^(syntax|input|internal)\//

/** The lines of each file that are new or changed, counted from 1, the last one included. */
export type Changes = ReadonlyMap<string, readonly (readonly [first: number, last: number])[]>

/**
 * What changed in the repository since the branch at hand parted from a commit, the changes that are not committed and
 * new files included; by the real paths of the files.
 */
export function changesSince(ref: string, io: Pick<Io, 'cwd'>): Changes {
  const git = gitIn(io.cwd)
  const top = git(['rev-parse', '--show-toplevel'], `\`--since\` needs a git repository`).trim()
  const commit = git(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
    `git knows no commit \`${ref}\``,
    'fetch it first; CI systems fetch but the last commit unless they are told otherwise (`fetch-depth: 0`)'
  ).trim()
  const base = git(
    ['merge-base', commit, 'HEAD'],
    `git knows no commit that \`${ref}\` and this branch have in common`,
    'fetch more of their history (`fetch-depth: 0`)'
  ).trim()
  const inTop = gitIn(top)
  const options = [
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    '--no-renames',
    '--no-prefix',
    '--no-relative'
  ]
  const patch = inTop(['-c', 'core.quotePath=false', 'diff', ...options, base, '--'], 'git tells no changes')
  const added = inTop(['ls-files', '--others', '--exclude-standard', '-z'], 'git tells no new files')
  return new Map([
    ...linesIn(patch).map(([name, lines]) => [realPath(join(top, name)), lines] as const),
    ...added
      .split('\0')
      .filter((name) => name !== '')
      .map((name) => [realPath(join(top, name)), everyLine] as const)
  ])
}

const everyLine = [[1, Infinity]] as const

type Git = (args: readonly string[], otherwise: string, hint?: string) => string

function gitIn(cwd: string): Git {
  return (args, otherwise, hint) => {
    const { status, stdout, stderr, error } = spawnSync('git', [...args], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 1024 * 1024 * 1024
    })
    if (error !== undefined) throw new CommandError(`git cannot be run: ${error.message}`)
    if (status === 0) return stdout
    const why = stderr.trim().split('\n').at(-1) ?? ''
    throw new CommandError(why === '' ? otherwise : `${otherwise}: ${why}`, hint)
  }
}

/** The files of a patch without context lines, each with the lines that it has now and had not before. */
function linesIn(patch: string): readonly (readonly [string, readonly (readonly [number, number])[]])[] {
  const files: [string, [number, number][]][] = []
  for (const line of patch.split('\n')) {
    const name = /^\+\+\+ (.*?)\t?$/.exec(line)?.[1]
    if (name !== undefined) files.push([unquoted(name), []])
    const [, start, count = '1'] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? []
    const first = Number(start)
    if (start !== undefined && Number(count) > 0) files.at(-1)?.[1].push([first, first + Number(count) - 1])
  }
  return files
}

/** git puts names with quotes, backslashes or control characters in quotes, as C does. */
function unquoted(name: string): string {
  const inside = /^"(.*)"$/.exec(name)?.[1]
  const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' }
  return (
    inside?.replace(/\\([0-7]{3}|.)/g, (_, escape: string) =>
      escape.length === 3 ? String.fromCharCode(Number.parseInt(escape, 8)) : (escapes[escape] ?? escape)
    ) ?? name
  )
}

/** The findings that stand in changed lines. */
export function inChanges(found: Report, looked: readonly Looked[], changes: Changes): Report {
  const keys = new Map(looked.flatMap(({ texts }) => texts.map(({ path, key }) => [path, key] as const)))
  return {
    general: found.general,
    files: found.files.map((file) => {
      const changed = changes.get(keys.get(file.path) ?? '') ?? []
      const starts = lineStarts(file.text ?? '')
      const isNew = ({ code, span }: Diagnostic): boolean => {
        if (span === undefined || alwaysTold.test(code)) return true
        const first = positionAt(starts, span.start).line
        const last = positionAt(starts, Math.max(span.start, span.end - 1)).line
        return changed.some(([from, to]) => from <= last && first <= to)
      }
      return { ...file, findings: file.findings.filter(isNew), suppressed: file.suppressed.filter(isNew) }
    })
  }
}
