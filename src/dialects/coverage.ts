import type { RowState, Vocabulary } from './vocabulary.js'

/** How many rows of a vocabulary are in each state, and which they are: what the README's table is made of. */
export interface Coverage {
  readonly name: string
  readonly read: readonly string[]
  readonly later: readonly string[]
  readonly outside: number
}

export function coverage(name: string, vocabulary: Vocabulary): Coverage {
  const rows = [...vocabulary]
  const named = (...kinds: readonly RowState['kind'][]): string[] =>
    rows.filter(([, row]) => kinds.includes(row.state.kind)).map(([directive]) => directive)
  return { name, read: named('read', 'structure'), later: named('later'), outside: named('outside').length }
}

/** The table of the README. */
export function coverageTable(all: readonly Coverage[]): string {
  return [
    '| language | read | known, not read yet | outside (TLS, logging, compression …) |',
    '| --- | --- | --- | --- |',
    ...all.map((one) => `| ${one.name} | ${one.read.length} | ${one.later.length} | ${one.outside} |`)
  ].join('\n')
}

/** The page behind the table: every directive by name. */
export function coveragePage(all: readonly Coverage[]): string {
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ') || 'none'
  const sections = all.map(
    (one) =>
      `## ${one.name}\n\nRead into the model:\n${list(one.read)}\n\nKnown, not read yet:\n${list(one.later)}\n`
  )
  return `# What is read\n\nMade from the vocabulary tables by \`npm run docs\`.\n\n${coverageTable(all)}\n\n${sections.join('\n')}`
}
