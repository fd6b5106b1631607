import type {
  Binding,
  FastcgiTarget,
  InForce,
  LocationRule,
  ParamEntry,
  Params,
  Regex,
  Script,
  Split,
  Template
} from '../../../model/index.js'
import { literalText } from '../../../model/index.js'

/**
 * `^(/app)(/.*)?$`, `^(/app[^/]*)(/.*)$`, `^(/cgi/[^/]*)(.*)$`: the name of the script ends with the segment that begins so,
 * as behind a key.
 */
export function prefixOf({ source, ignoreCase }: Regex): string | undefined {
  const [, start, segment, rest] =
    /^\^\((\/(?:(?:[\w/-]|\\\.)+)?)(\[\^\/\][*+])?\)\((\/?\.[*+])?\)\??\$?$/.exec(source) ?? []
  if (start === undefined || ignoreCase) return undefined
  const isOpen =
    segment === undefined
      ? start.endsWith('/') || rest?.startsWith('.')
      : segment.endsWith('+') && !start.endsWith('/')
  return isOpen === true ? undefined : start.replaceAll('\\.', '.')
}

/** `^()(.*)$`: all of the path is path info. */
export function isAllPathInfo(split: Split): boolean {
  return split.kind === 'all-path-info' || (split.kind === 'regex' && split.regex.source === allPathInfo)
}

const allPathInfo = '^()(.*)$'

/** `^(.+?\.php)(/.+)$`: what it takes off begins with a slash, so that paths without one behind a name stay whole. */
export function partsAtSlash({ source }: Regex): boolean {
  return /\)\(\/\.[*+]\)\??\$?$/.test(source)
}

/**
 * A location that parts the path by groups with names (`^(?<script>/index\.php)(?<info>/.*)?$`) and tells the application of
 * those: the same as one whose script is parted so.
 */
export function withoutNames(rule: LocationRule): LocationRule {
  const { match, settings } = rule
  const { params, bindings } = settings
  if (match.kind !== 'regex' || params === undefined || bindings === undefined) return rule
  const [, script = '', front = '', info = ''] =
    /^\^\(\?P?<(\w+)>(\/(?:[\w/-]|\\\.)+)\)\(\?P?<(\w+)>\/\.\*\)\?\$$/.exec(match.regex.source) ?? []
  const last = (name: string): ParamEntry | undefined =>
    params.value.entries.filter((each) => each.kind === 'param' && each.name === name).at(-1)
  const named = last('SCRIPT_NAME')
  if (front === '' || named?.kind !== 'param' || !isGroup(named.value, script)) return rule
  const told = (template: Template): Template =>
    template.map((part) => {
      if (isGroup([part], script)) return { kind: 'variable', name: 'script.name' }
      return isGroup([part], info) ? { kind: 'variable', name: 'script.path-info' } : part
    })
  const entries = params.value.entries.map((each) =>
    each.kind === 'param' ? { ...each, value: told(each.value) } : each
  )
  const regex = { source: `^(${front})(/.*)?$`, ignoreCase: match.regex.ignoreCase }
  const parted = (binding: Binding): Binding =>
    binding.target.kind === 'fastcgi' && binding.target.script.split.kind === 'whole'
      ? {
          ...binding,
          target: {
            ...binding.target,
            script: { ...binding.target.script, split: { kind: 'regex', regex } }
          }
        }
      : binding
  return {
    ...rule,
    settings: {
      ...settings,
      params: { ...params, value: { ...params.value, entries } },
      bindings: { ...bindings, value: bindings.value.map(parted) }
    }
  }
}

function isGroup([only, ...others]: Template, name: string): boolean {
  return only?.kind === 'capture' && only.group === name && others.length === 0
}

/**
 * An application that is told of another folder than the server's for its programs (`SCRIPT_FILENAME
 * /usr/lib$fastcgi_script_name`): lighttpd has that as its own root, and tells the other one aloud.
 */
export function ownRoot(
  target: FastcgiTarget,
  params: Params | undefined,
  { root }: InForce
): { readonly target: FastcgiTarget; readonly params: Params | undefined } {
  const last = (params?.entries ?? [])
    .filter((each) => each.kind === 'param' && each.name === 'SCRIPT_FILENAME')
    .at(-1)
  if (params === undefined || last?.kind !== 'param') return { target, params }
  const folder = folderOf(last.value)
  const around = root?.value.kind === 'root' ? literalText(root.value.path) : undefined
  const isRoot = isAllPathInfo(target.script.split) && isFolder(last.value)
  if (!isRoot && (folder === undefined || around === undefined)) return { target, params }
  const filename: Template = [{ kind: 'variable', name: 'script.filename' }]
  const entries = params.entries.map((each): ParamEntry => {
    if (each === last) return { ...last, value: filename }
    const isDocumentRoot = each.kind === 'param' && each.name === 'DOCUMENT_ROOT'
    return isDocumentRoot && !isRoot && isDocumentRootItself(each.value)
      ? { ...each, value: [{ kind: 'text', text: around ?? '' }] }
      : each
  })
  const script: Script = isRoot
    ? target.script
    : { ...target.script, root: { kind: 'template', template: [{ kind: 'text', text: folder ?? '' }] } }
  return { target: { ...target, script }, params: { ...params, entries } }
}

/** `/usr/lib` of `/usr/lib$fastcgi_script_name`. */
function folderOf([first, second, ...others]: Template): string | undefined {
  const isName = second?.kind === 'variable' && second.name === 'script.name'
  return first?.kind === 'text' && isName && others.length === 0 ? first.text : undefined
}

/** `$document_root/` */
function isFolder([first, second, ...others]: Template): boolean {
  const isSlash = second?.kind === 'text' && second.text === '/'
  return first !== undefined && isDocumentRootItself([first]) && isSlash && others.length === 0
}

function isDocumentRootItself([only, ...others]: Template): boolean {
  return only?.kind === 'variable' && only.name === 'document-root' && others.length === 0
}
