import type { Row, Vocabulary } from '../dialects/vocabulary.js'
import type { DirectiveRecord } from '../model/index.js'

/** Names that may stand within a directive, or at the top. Options are rows called `directive option`. */
export function namesWithin(vocabulary: Vocabulary, within: string | undefined): readonly string[] {
  const names = [...vocabulary.keys()]
  if (within === undefined) return names.filter((name) => !name.includes(' '))
  const start = `${within.toLowerCase()} `
  return names.filter((name) => name.toLowerCase().startsWith(start)).map((name) => name.slice(start.length))
}

/** The row of a directive as it stands in the source; case counts only where the vocabulary has it so. */
export function rowOf(vocabulary: Vocabulary, { name, within }: DirectiveRecord): Row | undefined {
  const key = within === undefined ? name : `${within} ${name}`
  return vocabulary.get(key) ?? vocabulary.get(key.toLowerCase())
}
