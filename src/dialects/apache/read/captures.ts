/**
 * How many characters a group takes at least, as far as the plain characters at its end tell: 4 for `(.*\.php)`. 0 where it is
 * optional, within another one, or where the pattern has alternatives.
 */
export function leastLength(pattern: string, group: number): number {
  if (pattern.includes('|')) return 0
  const content = outerGroups(pattern)[group - 1]
  if (content === undefined) return 0
  const needed = content.replace(/(?:\((?:[^()\\]|\\.)*\)[?*])+$/, '')
  const end = /(?<!\\)(?:[\w/-]|\\\W)+$/.exec(needed)?.[0] ?? ''
  return end.replace(/\\(?=\W)/g, '').length
}

/** What stands in each group; undefined for one that is optional, or stands within another one. */
function outerGroups(pattern: string): readonly (string | undefined)[] {
  const groups: (string | undefined)[] = []
  const open: { readonly group: number | undefined; readonly start: number }[] = []
  for (const { 0: token, index } of pattern.matchAll(
    /\\[^]|\[\^?\]?(?:\\[^]|[^\]\\])*\]|\((?!\?)|\(\?|\)/g
  )) {
    if (token === '(') groups.push(undefined)
    if (token.startsWith('(')) {
      open.push({ group: token === '(' ? groups.length - 1 : undefined, start: index + token.length })
    } else if (token === ')') {
      const closed = open.pop()
      const isSure = open.length === 0 && !/^(?:[?*]|\{0?[,}])/.test(pattern.slice(index + 1))
      if (closed?.group !== undefined && isSure) groups[closed.group] = pattern.slice(closed.start, index)
    }
  }
  return groups
}
