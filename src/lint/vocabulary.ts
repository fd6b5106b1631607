import type { Row, Vocabulary } from '../dialects/vocabulary.js'
import type { DirectiveRecord } from '../model/index.js'

/**
 * Names that may stand within a directive, or at the top. An option is a row called `directive option`, or one whose
 * `where` is the directive.
 */
export function namesWithin(vocabulary: Vocabulary, within: string | undefined): readonly string[] {
  const rows = [...vocabulary]
  if (within === undefined) return rows.map(([name]) => name).filter((name) => !isOption(name))
  const start = `${within.toLowerCase()} `
  return rows.flatMap(([name, { where }]) => {
    if (name.toLowerCase().startsWith(start)) return [name.slice(start.length)]
    return isOption(name) && where.some((one) => one.toLowerCase() === within.toLowerCase()) ? [name] : []
  })
}

/** `fastcgi.server check-local`, `-idle-timeout`, `timeout=`. */
function isOption(name: string): boolean {
  return name.includes(' ') || name.startsWith('-') || name.endsWith('=')
}

/** The row of a directive as it stands in the source, where its case may not matter. */
export function rowOf(
  vocabulary: Vocabulary,
  { name, within }: Pick<DirectiveRecord, 'name' | 'within'>
): Row | undefined {
  const keys = within === undefined ? [name] : [`${within} ${name}`, name]
  const exact = keys.map((key) => vocabulary.get(key)).find((row) => row !== undefined)
  if (exact !== undefined) return exact
  const lower = keys.map((key) => key.toLowerCase())
  const byName = foldedRows(vocabulary)
  return lower.map((key) => byName.get(key)).find((row) => row !== undefined)
}

const folded = new WeakMap<Vocabulary, ReadonlyMap<string, Row>>()

/** The rows by lower-case name, made once for each vocabulary. */
function foldedRows(vocabulary: Vocabulary): ReadonlyMap<string, Row> {
  const known = folded.get(vocabulary)
  if (known !== undefined) return known
  const made = new Map<string, Row>()
  for (const [name, row] of vocabulary) {
    const key = name.toLowerCase()
    if (!made.has(key)) made.set(key, row)
  }
  folded.set(vocabulary, made)
  return made
}
