import { rowIn, type NginxContext } from '../vocabulary/index.js'
import { nameOf } from './session.js'
import type { Directive } from '../../../../grammars/nginx/index.js'

/** What a file may be: a whole configuration, or what stands inside one of these blocks. */
export type FileContext = Extract<NginxContext, 'main' | 'http' | 'server' | 'location'>

export const fileContexts: readonly FileContext[] = ['main', 'http', 'server', 'location']

/**
 * The context that a file's directives belong in: the outermost one that allows most of them. A lone `server { }`
 * belongs into `http`, a lone `location { }` into a server.
 */
export function contextOf(directives: readonly Directive[]): FileContext {
  const names = new Set(directives.map(nameOf))
  if (names.has('http') || names.has('events')) return 'main'
  const fits = (context: FileContext): number =>
    [...names].filter((name) => name !== 'include' && rowIn(context, name)?.where.includes(context) === true)
      .length
  let best: FileContext = 'main'
  for (const context of fileContexts) if (fits(context) > fits(best)) best = context
  return best
}
