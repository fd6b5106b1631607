import { createTwoFilesPatch } from 'diff'

/** The change of one file as `patch -p1` takes it; a file that is missing on one side is `/dev/null` there. */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return ''
  const from = before === undefined ? '/dev/null' : `a/${path}`
  const to = after === undefined ? '/dev/null' : `b/${path}`
  const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, { context: 3 })
  // jsdiff puts a line of `=` on top, which patch(1) skips and people need not read.
  return patch.replace(/^=+\n/, '')
}
