import type { DirectiveRecord } from '../model/index.js'
import type { Row, Vocabulary } from './vocabulary.js'

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
