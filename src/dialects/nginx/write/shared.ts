import type { Item } from './document.js'

/**
 * Lists that most FastCGI locations have in common (params, time limits) are written once, for all of them. While
 * locations are being made such a list stands as a marker; at the end the most frequent one moves up and the others
 * are put in their places. A location with a list of its own does not get the shared one (fastcgi_param is not merged).
 */
export function shared(kind: 'params' | 'limits', items: readonly Item[]): Item {
  return { words: [`@${kind}`], body: items, comments: [] }
}

export interface Settled {
  /** What stands above all locations. */
  readonly above: readonly Item[]
  readonly items: readonly Item[]
}

export function settle(items: readonly Item[]): Settled {
  const params = mostFrequent(items, '@params')
  const limits = onlyOne(items, '@limits')
  const above = [...(limits ?? []), ...(params ?? [])]
  return { above, items: placed(items, params, limits) }
}

function markers(items: readonly Item[], kind: string): readonly (readonly Item[])[] {
  return items.flatMap((item) => {
    if (item.words[0] === kind) return [item.body ?? []]
    return item.body === undefined ? [] : markers(item.body, kind)
  })
}

function mostFrequent(items: readonly Item[], kind: string): readonly Item[] | undefined {
  const counts = new Map<string, { readonly list: readonly Item[]; count: number }>()
  for (const list of markers(items, kind)) {
    if (list.length === 0) continue
    const key = JSON.stringify(list)
    const known = counts.get(key) ?? { list, count: 0 }
    known.count += 1
    counts.set(key, known)
  }
  const [best] = [...counts.values()].sort((a, b) => b.count - a.count)
  return best !== undefined && best.count > 1 ? best.list : undefined
}

/** Time limits are inherited one by one, so they move up only where no location has others. */
function onlyOne(items: readonly Item[], kind: string): readonly Item[] | undefined {
  const lists = markers(items, kind)
  const [first] = lists
  return first !== undefined &&
    lists.length > 1 &&
    lists.every((list) => JSON.stringify(list) === JSON.stringify(first))
    ? first
    : undefined
}

function placed(
  items: readonly Item[],
  params: readonly Item[] | undefined,
  limits: readonly Item[] | undefined
): readonly Item[] {
  return items.flatMap((item): readonly Item[] => {
    const above = item.words[0] === '@params' ? params : item.words[0] === '@limits' ? limits : null
    if (above === null)
      return [item.body === undefined ? item : { ...item, body: placed(item.body, params, limits) }]
    const list = item.body ?? []
    return above !== undefined && JSON.stringify(above) === JSON.stringify(list) ? [] : list
  })
}
