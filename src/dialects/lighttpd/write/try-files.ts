import type { LocationRule, Note, Template, TryFiles } from '../../../model/index.js'
import { askedFor } from '../../answer-rules.js'
import { escapeRegex } from './questions.js'
import { assign, pairs, type Statement } from './statements.js'
import { onTarget, replacement } from './url-patterns.js'
import { approx, exact, lost, type Written } from './written.js'

/** The named locations of a host, by their names. */
export type NamedLocations = ReadonlyMap<string, LocationRule>

/** A list of files to try: what its last word says of a missing one. */
export function tryFiles(value: TryFiles, named: NamedLocations, aliased: boolean): Written {
  const { last } = value
  switch (last.kind) {
    case 'none':
      return exact()
    case 'status':
      return {
        ...approx([], ''),
        note: {
          message: 'files are looked for where check-local says so; a missing one is 404',
          affects: ['status', 'routing', ...askedFor],
          ...(asksForItself(value) && {
            only:
              last.status === 404
                ? (['folder', 'path-behind-file'] as const)
                : (['not-found', 'folder', 'path-behind-file'] as const)
          })
        }
      }
    case 'named': {
      const pair = rewritten(named.get(last.name))
      return pair === undefined
        ? lost(
            'lighttpd has no named locations',
            ['routing', 'status'],
            'add url.rewrite-if-not-file lines by hand'
          )
        : { statements: [ifMissing(pair)], verdict: 'approx', note: onlyTheLast(value, aliased) }
    }
    case 'uri': {
      const to = replacement(withoutMark(last.to))
      const [path = ''] = /^[^?$%]*/.exec(to ?? '') ?? []
      if (to === undefined || !path.startsWith('/'))
        return lost('a list of files to try ends in a URL made of variables', ['routing', 'status'])
      const pattern = `^(?!${escapeRegex(path)}(?:[?/]|$))`
      return { statements: [ifMissing([pattern, to])], verdict: 'approx', note: onlyTheLast(value, aliased) }
    }
  }
}

/** Whether a list leads requests to another URL. */
export function leadsOn(value: TryFiles | undefined): boolean {
  return value !== undefined && (value.last.kind === 'uri' || value.last.kind === 'named')
}

function ifMissing(pair: readonly [string, string]): Statement {
  return assign('url.rewrite-if-not-file', pairs([pair]))
}

/** `/index.php?$args`: the query as it came, and no mark where there is none. */
function withoutMark(to: Template): Template {
  return to.flatMap((part, at): Template => {
    const next = to[at + 1]
    const isLast = next?.kind === 'variable' && next.name === 'query' && part.kind === 'text'
    return isLast && part.text.endsWith('?')
      ? [
          { kind: 'text', text: part.text.slice(0, -1) },
          { kind: 'variable', name: 'query.mark' }
        ]
      : [part]
  })
}

/** What a named location rewrites every URL to, where that is all it does. */
export function rewritten(rule: LocationRule | undefined): readonly [string, string] | undefined {
  const [only, ...others] = rule?.settings.instructions?.value ?? []
  if (only?.kind !== 'rewrite' || others.length > 0) return undefined
  const { match, to, then, query, when } = only.rewrite
  if (when.kind !== 'always' || to === undefined || typeof then === 'object' || then === 'stop')
    return undefined
  const pattern = onTarget(match)
  const text = replacement(to, { own: new Set(['rule', 'last']), around: new Set() })
  if (pattern === undefined || !text?.startsWith('/')) return undefined
  return [pattern, query === 'replaced' ? text : `${text}\${qsa}`]
}

function onlyTheLast(value: TryFiles, aliased: boolean): Note {
  return {
    message: 'an existing folder is handed on as well, and only the last of the files to try is used',
    affects: ['routing', 'status', 'body', 'REDIRECT_URI', 'DOCUMENT_ROOT', ...askedFor],
    ...(asksForItself(value) &&
      !aliased &&
      !tellsPath(value) && { only: ['folder', 'path-behind-file', 'not-found', 'odd-target'] as const })
  }
}

/** A path in a query, which stands there as it was decoded in the source. */
function tellsPath({ last }: TryFiles): boolean {
  if (last.kind !== 'uri') return false
  const mark = last.to.findIndex((part) => part.kind === 'text' && part.text.includes('?'))
  return mark >= 0 && last.to.slice(mark).some((part) => part.kind === 'variable' && part.name === 'path')
}

/** What is tried is the requested path, as a file or as a folder. */
function asksForItself({ candidates }: TryFiles): boolean {
  return candidates.every(({ path: [first, second, ...others] }) => {
    const isPath = first?.kind === 'variable' && (first.name === 'path' || first.name === 'script.name')
    const isSlash = second === undefined || (second.kind === 'text' && second.text === '/')
    return isPath && isSlash && others.length === 0
  })
}
