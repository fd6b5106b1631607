import { baseName } from './path.js'
import type { State } from './state.js'

type Types = readonly { readonly extension: string; readonly type: string }[]
const tables = new WeakMap<Types, ReadonlyMap<string, string>>()

/** The media type of a file by its longest extension that has one, then by its whole name, then the default. */
export function mediaTypeOf(state: State, filename: string): string | undefined {
  const types = state.settings.mediaTypes?.value
  const fallback = state.settings.defaultMediaType?.value
  if (types === undefined) return fallback
  let table = tables.get(types)
  if (table === undefined) {
    table = new Map(types.map(({ extension, type }) => [extension.toLowerCase(), type]))
    tables.set(types, table)
  }
  const name = baseName(filename).toLowerCase()
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const type = table.get(name.slice(dot))
    if (type !== undefined) return type
  }
  return table.get(name) ?? table.get('') ?? fallback
}
