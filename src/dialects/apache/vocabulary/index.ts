import type { Vocabulary } from '../../vocabulary.js'
import { accessRows } from './access.js'
import { coreRows } from './core.js'
import { environmentRows } from './environment.js'
import { fastcgiRows } from './fastcgi.js'
import { fcgidRows } from './fcgid.js'
import { fileRows } from './files.js'
import { outsideRows } from './outside.js'
import { proxyRows } from './proxy.js'
import type { ApacheRow } from './row.js'

/**
 * Every directive by its name as the manual writes it, options of mod_fastcgi as `-idle-timeout`, parameters of
 * mod_proxy's workers as `timeout=`.
 */
export const apacheVocabulary: Vocabulary = new Map(
  [outsideRows, coreRows, fileRows, environmentRows, accessRows, fcgidRows, fastcgiRows, proxyRows].flat()
)

/** One row with its name; httpd does not look at the case of names. */
export interface Entry {
  readonly name: string
  readonly row: ApacheRow
}

const byLowerCase: ReadonlyMap<string, Entry> = new Map(
  [...apacheVocabulary].map(([name, row]) => [name.toLowerCase(), { name, row }])
)

export function lookUp(name: string): Entry | undefined {
  return byLowerCase.get(name.toLowerCase())
}

/** The option of a directive (`-socket` of FastCgiServer), or the parameter of a worker (`timeout=`). */
export function lookUpOption(directive: string, option: string): Entry | undefined {
  const entry = lookUp(option)
  return entry?.row.where.includes(directive) === true ? entry : undefined
}

/** Names of the options a directive takes, for suggestions. */
export function optionsOf(directive: string): readonly string[] {
  return [...apacheVocabulary].filter(([, row]) => row.where.includes(directive)).map(([name]) => name)
}
