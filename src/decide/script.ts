import { unreachable } from '../diagnostics/index.js'
import type { Match, Member, Script, Split } from '../model/index.js'
import { mapPath } from './mapping.js'
import { regexGroups } from './match.js'
import { joined } from './path.js'
import type { Groups } from './regex.js'
import type { Mapped, ScriptParts, State, Taken } from './state.js'
import { endOfScript, endsAlike } from './standing-path.js'
import { renderText } from './template.js'

type Stage = Taken['stage']
interface Parts {
  readonly name: string
  readonly pathInfo: string
}

/** What the script rule of the binding that took the request, or would take it, makes of the path. */
export function scriptParts(
  state: State,
  match: Match,
  script: Script,
  stage: Stage,
  rule?: Groups,
  member?: Member
): ScriptParts {
  const mapped = state.mapped ?? mapPath(state)
  const found =
    script.split.kind === 'disk'
      ? fileOnTheWay(state, renderText(script.split.path, { state, rule }))
      : undefined
  const split =
    found === undefined
      ? splitPath(state, match, script, stage, mapped, rule)
      : splitTail(state.path, found.pathInfo)
  const name =
    script.index !== undefined && split.name.endsWith('/')
      ? split.name + renderText(script.index, { state })
      : split.name
  const root =
    script.root.kind === 'template' || script.root.kind === 'whole'
      ? renderText(script.root.template, { state, rule, member })
      : undefined
  const parts = { name, pathInfo: split.pathInfo === '' ? state.leftPathInfo : split.pathInfo }
  return {
    ...parts,
    filename:
      found?.filename ??
      renderText(script.filenamePrefix ?? [], { state, member }) +
        scriptFilename(state, script, parts, {
          filename: withoutPathInfo(mapped.filename, split, stage),
          root,
          mapped,
          stage
        }),
    documentRoot: script.documentRootFollows && root !== undefined ? root : mapped.documentRoot,
    // What is looked up to translate a path info has one itself, which is not looked up in turn.
    pathTranslated:
      parts.pathInfo === '' || state.lookedUp
        ? undefined
        : translated(state, script, parts.pathInfo, root, mapped),
    uri: stripped(state.received, script.stripUri)
  }
}

/** Before a binding has taken the request its variables are those of the first one that asks an application. */
export function handlerScript(state: State): ScriptParts {
  const binding = state.settings.bindings?.value.find((candidate) => candidate.target.kind === 'fastcgi')
  if (binding?.target.kind === 'fastcgi')
    return scriptParts(state, binding.match, binding.target.script, 'content')
  const script = state.settings.script?.value
  if (script !== undefined) return scriptParts(state, { kind: 'any' }, script, 'content')
  const mapped = state.mapped ?? mapPath(state)
  return {
    name: state.path,
    pathInfo: '',
    filename: mapped.filename,
    documentRoot: mapped.documentRoot,
    pathTranslated: undefined,
    uri: state.received
  }
}

function splitPath(
  state: State,
  match: Match,
  script: Script,
  stage: Stage,
  mapped: Mapped,
  rule: Groups | undefined
): Parts {
  const { path } = state
  const whole: Parts = { name: path, pathInfo: '' }
  const split = effectiveSplit(script.split, stage)
  switch (split.kind) {
    case 'whole':
      return whole
    case 'disk':
      return splitTail(path, mapped.pathInfo)
    case 'file':
      return mapped.pathInfo !== '' && endsAlike(path, mapped.pathInfo)
        ? { name: path.slice(0, path.length - mapped.pathInfo.length), pathInfo: mapped.pathInfo }
        : whole
    case 'after-prefix':
      return splitAt(path, endOfScript(path, match))
    case 'all-path-info':
      return { name: '', pathInfo: path }
    case 'regex': {
      const before = state.last
      const groups = regexGroups(split.regex, path, state)
      state.last = before
      return groups === undefined
        ? whole
        : { name: groups.numbered[1] ?? '', pathInfo: groups.numbered[2] ?? '' }
    }
    case 'common-tail': {
      const pathInfo =
        split.pathInfo === undefined ? mapped.pathInfo : renderText(split.pathInfo, { state, rule })
      return splitTail(path, pathInfo)
    }
    default:
      return unreachable(split)
  }
}

/** Where a file was looked for, the path is split there already. */
function effectiveSplit(split: Split, stage: Stage): Split {
  if (stage !== 'file') return split
  switch (split.kind) {
    case 'whole':
    case 'after-prefix':
    case 'all-path-info':
    case 'regex':
      return { kind: 'file' }
    case 'file':
    case 'common-tail':
    case 'disk':
      return split
    default:
      return unreachable(split)
  }
}

function splitTail(path: string, pathInfo: string): Parts {
  return pathInfo === ''
    ? { name: path, pathInfo }
    : { name: path.slice(0, commonTail(path, pathInfo)), pathInfo }
}

function fileOnTheWay(
  state: State,
  path: string
): { readonly filename: string; readonly pathInfo: string } | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const filename = path.slice(0, end)
    if (state.surroundings.files.kind(filename) === 'file') return { filename, pathInfo: path.slice(end) }
  }
  return undefined
}

function splitAt(path: string, slash: number): Parts {
  return slash < 0
    ? { name: path, pathInfo: '' }
    : { name: path.slice(0, slash), pathInfo: path.slice(slash) }
}

/** Where the part of the path ends that the path info does not repeat (httpd's ap_find_path_info). */
function commonTail(path: string, pathInfo: string): number {
  let left = path.length
  let right = pathInfo.length
  while (left > 0 && right > 0 && path[left - 1] === pathInfo[right - 1]) {
    left -= 1
    right -= 1
    if (path[left] === '/') while (left > 0 && path[left - 1] === '/') left -= 1
  }
  // The last character compared is not part of the tail; the name goes on to the next slash.
  let at = Math.max(left - 1, 0)
  while (at < path.length && path[at] !== '/') at += 1
  return at
}

interface Placed {
  /** Without the path info. */
  readonly filename: string
  /** The root that the script rule names. */
  readonly root: string | undefined
  readonly mapped: Mapped
  readonly stage: Stage
}

function scriptFilename(
  state: State,
  script: Script,
  parts: Parts,
  { filename, root, mapped, stage }: Placed
): string {
  switch (script.root.kind) {
    case 'whole':
      return root ?? ''
    case 'template':
      return joined(root ?? '', parts.name)
    case 'document-root':
      return withPathInfo(joined(mapped.documentRoot, parts.name), script, parts)
    case 'filename':
      if (script.split.kind === 'all-path-info' && stage === 'url')
        // It lies where the URL path `/` does; what is mapped to no file has no directory either.
        return withPathInfo(mapped.documentRoot && mapPath(state, '/').filename, script, parts)
      return withPathInfo(filename, script, parts)
    default:
      return unreachable(script.root)
  }
}

/** Nothing was looked at in stage `url`: the mapped name still ends in the path info that was split from the path. */
function withoutPathInfo(filename: string, { pathInfo }: Parts, stage: Stage): string {
  return stage !== 'file' && pathInfo !== '' && filename.endsWith(pathInfo)
    ? filename.slice(0, filename.length - pathInfo.length)
    : filename
}

/** lighttpd's broken-scriptfilename joins with an empty path info as well, which leaves a slash. */
function withPathInfo(filename: string, script: Script, parts: Parts): string {
  return script.keepPathInfo ? joined(filename, parts.pathInfo) : filename
}

function translated(
  state: State,
  script: Script,
  pathInfo: string,
  root: string | undefined,
  mapped: Mapped
): string {
  if (script.pathTranslated !== 'mapped') {
    return joined(
      script.root.kind === 'template' && root !== undefined ? root : mapped.documentRoot,
      pathInfo
    )
  }
  const found = state.looks.up(state, pathInfo)
  return found.filename + found.pathInfo
}

function stripped(uri: string, prefix: string | undefined): string {
  if (prefix === undefined) return uri
  const bare = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
  return bare !== '' && uri.startsWith(bare) && uri[bare.length] === '/' ? uri.slice(bare.length) : uri
}
