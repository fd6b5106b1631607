import type { SettingOf } from '../model/index.js'
import { baseName } from './path.js'
import type { State } from './state.js'

type Types = SettingOf<'mediaTypes'>['value']
const tables = new WeakMap<Types, ReadonlyMap<string, string>>()

/** What a rule of its scope says of it goes first (AddType). */
export function mediaTypeFor(state: State, filename: string): string | undefined {
  const { mediaLabel } = state
  return mediaLabel?.includes('/') === true ? mediaLabel : mediaTypeOf(state, filename)
}

/** The media type of a file by its longest extension that has one, then by its whole name, then the default; an empty one is none. */
export function mediaTypeOf(state: State, filename: string): string | undefined {
  const type = typeOf(state, filename)
  return type === '' ? undefined : type
}

function typeOf(state: State, filename: string): string | undefined {
  const types = state.settings.mediaTypes?.value
  const fallback = state.settings.defaultMediaType?.value
  if (types === undefined) return fallback
  if (types[0]?.anyEnd === true) {
    const lower = filename.toLowerCase()
    const type = types.find(({ extension }) => lower.endsWith(extension.toLowerCase()))?.type
    return type === undefined || type === '' ? fallback : type
  }
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
