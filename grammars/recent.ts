/** So many characters of texts are kept with their trees; the last text is, however long. */
const most = 1024 * 1024

/**
 * The same parser, which remembers the last texts it was given: a file is parsed to tell its language, to be read and to
 * be looked at by lint, and one that thousands of others include is parsed once. Trees are never changed, so that they can be shared.
 */
export function remembering<Tree>(
  parse: (file: string, text: string) => Tree
): (file: string, text: string) => Tree {
  // The order of a Map is that of its entries' insertion: the first one was not asked for for the longest time.
  const recent = new Map<string, { readonly text: string; readonly tree: Tree }>()
  let length = 0
  const forget = (file: string): void => {
    length -= recent.get(file)?.text.length ?? 0
    recent.delete(file)
  }
  return (file, text) => {
    const known = recent.get(file)
    const tree = known?.text === text ? known.tree : parse(file, text)
    forget(file)
    recent.set(file, { text, tree })
    length += text.length
    for (const [oldest] of recent) {
      if (length <= most || oldest === file) break
      forget(oldest)
    }
    return tree
  }
}
