import type { Alias, Mapping } from '../model/index.js'
import { unreachable } from '../diagnostics/index.js'
import { regexGroups } from './match.js'
import { covers, joined } from './path.js'
import type { Mapped, State } from './state.js'
import { renderText } from './template.js'

/** Where a URL path lies in the file system: the first alias that fits, else the root. Looks at no file. */
export function mapPath(state: State, written = state.path): Mapped {
  const path = lettersOf(state, written)
  const found = findAlias(state, path)
  const root = state.settings.root?.value
  const { documentRoot, serverName } = root === undefined ? noDirectory : directoryOf(root, state)
  if (found !== undefined) {
    const { alias, target, rest } = found
    return {
      documentRoot: alias.documentRoot === 'target' ? target : documentRoot,
      context:
        alias.match.kind === 'prefix' ? { prefix: alias.match.value, root: alias.told ?? target } : undefined,
      filename: target + rest,
      pathInfo: '',
      located: undefined,
      programs: alias.programs,
      ...(serverName !== undefined && { serverName })
    }
  }
  return {
    documentRoot,
    context: undefined,
    filename: filenameOf(state, root, documentRoot, path),
    pathInfo: '',
    located: undefined,
    programs: undefined,
    ...(serverName !== undefined && { serverName })
  }
}

/** Where the path would lie without aliases. */
export function pathBelowRoot(state: State): string {
  const root = state.settings.root?.value
  const { documentRoot } = root === undefined ? noDirectory : directoryOf(root, state)
  return filenameOf(state, root, documentRoot, lettersOf(state, state.path))
}

/** The path in the letters that names of files have. */
function lettersOf(state: State, path: string): string {
  return state.settings.lowerCaseFiles?.value === true ? smallLetters(path) : path
}

function filenameOf(state: State, root: Mapping | undefined, directory: string, path: string): string {
  if (root === undefined) return path
  return root.kind === 'whole' && state.foundBelow ? directory + path : mappedFilename(root, directory, path)
}

/** The alias that must not be used: what follows its prefix would lead out of the directory it is for. */
export function escapingAlias(state: State): Alias | undefined {
  const found = findAlias(state, lettersOf(state, state.path))
  if (found?.alias.dotsBehind !== 'refused' || found.alias.match.kind !== 'prefix') return undefined
  const { alias, target, rest } = found
  const isGlued = !found.alias.match.value.endsWith('/') && target.endsWith('/')
  return isGlued && /^\.\.?(?:\/|$)/.test(rest) ? alias : undefined
}

/** Letters beyond ASCII stay as they are. */
export function smallLetters(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

interface Directory {
  readonly documentRoot: string
  readonly serverName?: string
}

const noDirectory: Directory = { documentRoot: '' }

/** The document root, whatever aliases say. */
export function rootDirectory(state: State): string {
  const root = state.settings.root?.value
  return root === undefined ? '' : directoryOf(root, state).documentRoot
}

/** The directory a mapping begins at. */
function directoryOf(root: Mapping, state: State): Directory {
  const preferred = root.kind === 'root' ? (root.preferred ?? []) : []
  for (const { path, needsHost, serverName } of preferred) {
    if (needsHost === true && state.host.authority === '') continue
    const documentRoot = renderText(path, { state })
    if (state.surroundings.files.kind(documentRoot) !== 'directory') continue
    return serverName === undefined
      ? { documentRoot }
      : { documentRoot, serverName: renderText(serverName, { state }) }
  }
  return { documentRoot: renderText(root.path, { state }) }
}

/** A text looked up the way the URL path is, as try lists do. */
export function mappedFilename(root: Mapping, directory: string, path: string): string {
  switch (root.kind) {
    case 'root':
      return path.startsWith('/') && root.asWritten !== true ? joined(directory, path) : directory + path
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
      const value = state.settings.lowerCaseFiles?.value === true ? smallLetters(match.value) : match.value
      if (!covers(value, path, match.segments)) continue
      return { alias, target: renderText(alias.to, { state }), rest: path.slice(match.value.length) }
    }
    const groups = regexGroups(match.regex, path, state)
    if (groups !== undefined)
      return { alias, target: renderText(alias.to, { state, rule: groups }), rest: '' }
  }
  return undefined
}

/** Below an alias a path that was rewritten there belongs to no file. */
export function isLost(state: State): boolean {
  const root = state.settings.root?.value
  return (
    state.rewrittenHere &&
    state.site.site.request.rewrittenAlias === 'refused' &&
    root !== undefined &&
    root.kind !== 'root'
  )
}
