import type { RowState, Vocabulary } from './vocabulary.js'

/** How many rows of a vocabulary are in each state, and which they are: what the README's table is made of. */
export interface Coverage {
  readonly name: string
  readonly read: readonly string[]
  /** Read, and what they ask for is not done: `serve` answers 501. */
  readonly undecided: readonly string[]
  readonly later: readonly string[]
  /** Left out by conversions, and done by `serve`. */
  readonly served: readonly string[]
  readonly outside: number
}

export function coverage(name: string, vocabulary: Vocabulary): Coverage {
  const rows = [...vocabulary]
  const named = (...kinds: readonly RowState['kind'][]): string[] =>
    rows.filter(([, row]) => kinds.includes(row.state.kind)).map(([directive]) => directive)
  const undecided = new Set(
    rows.flatMap(([directive, { state }]) =>
      state.kind === 'read' && state.as === 'undecided' ? [directive] : []
    )
  )
  const served = rows.flatMap(([directive, { state }]) =>
    state.kind === 'outside' && state.served === true ? [directive] : []
  )
  return {
    name,
    read: named('read', 'structure').filter((directive) => !undecided.has(directive)),
    undecided: [...undecided],
    later: named('later'),
    served,
    outside: named('outside').length - served.length
  }
}

/** The table of the README. */
export function coverageTable(all: readonly Coverage[]): string {
  return [
    '| language | read | read, answered with 501 | known, not read yet | served, not converted | outside (TLS, logging, compression …) |',
    '| --- | --- | --- | --- | --- | --- |',
    ...all.map(
      (one) =>
        `| ${one.name} | ${one.read.length} | ${one.undecided.length} | ${one.later.length} | ${one.served.length} | ${one.outside} |`
    )
  ].join('\n')
}

/** The page behind the table: every directive by name. */
export function coveragePage(all: readonly Coverage[]): string {
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ') || 'none'
  const sections = all.map(
    (one) =>
      `## ${one.name}\n\nRead into the model:\n${list(one.read)}\n\nRead; \`serve\` answers requests with 501 that they have a say in:\n${list(one.undecided)}\n\nKnown, not read yet:\n${list(one.later)}\n\nDone by \`serve\` and \`route\`, left out by conversions:\n${list(one.served)}\n`
  )
  return `# What is read\n\nMade from the vocabulary tables by \`npm run docs\`.\n\n${coverageTable(all)}\n\n${sections.join('\n')}`
}
