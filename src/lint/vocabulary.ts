import type { Vocabulary } from '../dialects/vocabulary.js'

export { rowOf } from '../dialects/rows.js'

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
