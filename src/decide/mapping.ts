import type { Alias, Mapping } from '../model/index.js'
import { unreachable } from '../diagnostics/index.js'
import { regexGroups } from './match.js'
import { covers, joined } from './path.js'
import type { Mapped, State } from './state.js'
import { renderText } from './template.js'

/** Where a URL path lies in the file system: the first alias that fits, else the root. Looks at no file. */
export function mapPath(state: State, path = state.path): Mapped {
  const found = findAlias(state, path)
  const root = state.settings.root?.value
  const documentRoot = root === undefined ? '' : directoryOf(root, state)
  if (found !== undefined) {
    const { alias, target, rest } = found
    return {
      documentRoot: alias.documentRoot === 'target' ? target : documentRoot,
      context:
        alias.match.kind === 'prefix' ? { prefix: alias.match.value, root: alias.told ?? target } : undefined,
      filename: target + rest,
      pathInfo: '',
      located: undefined,
      programs: alias.programs
    }
  }
  return {
    documentRoot,
    context: undefined,
    filename: root === undefined ? path : mappedFilename(root, documentRoot, path),
    pathInfo: '',
    located: undefined,
    programs: undefined
  }
}

/** The directory a mapping begins at. */
function directoryOf(root: Mapping, state: State): string {
  const preferred = root.kind === 'root' ? (root.preferred ?? []) : []
  for (const template of preferred) {
    const directory = renderText(template, { state })
    if (state.surroundings.files.kind(directory) === 'directory') return directory
  }
  return renderText(root.path, { state })
}

/** A text looked up the way the URL path is, as try lists do. */
export function mappedFilename(root: Mapping, directory: string, path: string): string {
  switch (root.kind) {
    case 'root':
      return path.startsWith('/') ? joined(directory, path) : directory + path
    case 'alias':
      return directory + path.slice(root.prefixLength)
    case 'whole':
      return directory
    default:
      return unreachable(root)
  }
}

function findAlias(
  state: State,
  path: string
): { readonly alias: Alias; readonly target: string; readonly rest: string } | undefined {
  for (const alias of state.settings.aliases?.value ?? []) {
    const { match } = alias
    if (match.kind === 'prefix') {
      if (!covers(match.value, path, match.segments)) continue
      return { alias, target: renderText(alias.to, { state }), rest: path.slice(match.value.length) }
    }
    const groups = regexGroups(match.regex, path, state)
    if (groups !== undefined)
      return { alias, target: renderText(alias.to, { state, rule: groups }), rest: '' }
  }
  return undefined
}
