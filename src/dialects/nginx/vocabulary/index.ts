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

/** What stands in upstream blocks, by its name there. */
const inUpstreams: ReadonlyMap<string, NginxRow> = new Map(
  [...nginxVocabulary].flatMap(([name, row]) =>
    name.startsWith('upstream ') ? [[name.slice('upstream '.length), row] as const] : []
  )
)

/** The row that a name means in a context; the one it has elsewhere where it may not stand here. */
export function rowIn(context: NginxContext, name: string): NginxRow | undefined {
  if (context === 'upstream') return inUpstreams.get(name) ?? elsewhere(name)
  return elsewhere(name) ?? inUpstreams.get(name)
}

/** Rows of upstream blocks have a name that no directive can have. */
function elsewhere(name: string): NginxRow | undefined {
  const row = nginxVocabulary.get(name)
  return row !== undefined && name.includes(' ') ? undefined : row
}
