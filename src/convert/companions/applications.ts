import { baseName } from '../../dialects/paths.js'
import type { Span } from '../../diagnostics/index.js'
import { processCount } from '../../dialects/spawn.js'
import type { Address, ProcessPlan, Scope, Site } from '../../model/index.js'

/** A program that the source's server starts, and that somebody else has to start for the target. */
export interface Application {
  /** Unlike every other one's, and fit for the name of a file. */
  readonly name: string
  readonly address: Address
  readonly plan: ProcessPlan
  /** How many of them are started; all share the socket. */
  readonly processes: number
  /** Endings it is bound to; there may be requests that it gets for other reasons. */
  readonly suffixes: readonly string[]
  readonly origin: Span
}

/** One for each address that the site starts processes on. */
export function applicationsOf(site: Site): readonly Application[] {
  const found = new Map<string, Application>()
  const names = new Set<string>()
  const suffixes = suffixesOf(site.root)
  for (const pool of site.pools) {
    for (const { address, process: plan, label, origin } of pool.members) {
      const key = JSON.stringify(address)
      if (plan === undefined || found.has(key)) continue
      const [program = 'application'] = plan.command
      const name = unlike(names, fileName(pool.name ?? label ?? baseName(program)))
      names.add(name)
      const processes = processCount(plan)
      found.set(key, { name, address, plan, processes, suffixes: suffixes.get(pool.id) ?? [], origin })
    }
  }
  return [...found.values()]
}

function fileName(wish: string): string {
  return wish.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'application'
}

function unlike(taken: ReadonlySet<string>, wish: string): string {
  if (!taken.has(wish)) return wish
  let number = 2
  while (taken.has(`${wish}-${String(number)}`)) number++
  return `${wish}-${String(number)}`
}

function suffixesOf(root: Scope): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  const open = [root]
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    open.push(...scope.children)
    for (const setting of scope.settings) {
      if (setting.key !== 'bindings') continue
      for (const { match, target } of setting.value) {
        if (match.kind !== 'suffix' || target.kind !== 'fastcgi' || target.pool.kind !== 'pool') continue
        const known = found.get(target.pool.id) ?? []
        if (!known.includes(match.value)) found.set(target.pool.id, [...known, match.value])
      }
    }
  }
  return found
}
