import { core, process } from './core.js'
import { fastcgi, otherPasses } from './fastcgi.js'
import { access, content, outsiders, rewrite, upstreams, variables } from './modules.js'
import type { NginxContext, NginxRow } from './row.js'

export type { NginxContext, NginxRow } from './row.js'

/** Every directive of nginx that is known, by name; what stands in upstream blocks only, as `upstream NAME`. */
export const nginxVocabulary: ReadonlyMap<string, NginxRow> = new Map(
  [outsiders, otherPasses, process, core, upstreams, rewrite, access, variables, content, fastcgi].flatMap(
    (rows) => Object.entries(rows)
  )
)

/** The row that a name means in a context; the one it has elsewhere where it may not stand here. */
export function rowIn(context: NginxContext, name: string): NginxRow | undefined {
  if (name.includes(' ')) return undefined
  const inUpstream = nginxVocabulary.get(`upstream ${name}`)
  const elsewhere = nginxVocabulary.get(name)
  return context === 'upstream' ? (inUpstream ?? elsewhere) : (elsewhere ?? inUpstream)
}
