import { unreachable } from '../../diagnostics/index.js'
import type { HostName, Regex } from '../../model/index.js'
import { wildcards } from '../glob.js'
import type { Groups } from '../regex.js'
import type { CompiledScope, Matcher } from './compile.js'

export interface HostChoice {
  readonly child: CompiledScope
  readonly groups: Groups | undefined
}

/** The names of one listener's children, ready to be looked up. */
interface ListenerTable {
  readonly exact: Map<string, number>
  /** `.example.com` to the child; found by cutting labels from the front. */
  readonly leading: Map<string, number>
  /** `www.example.` to the child; found by cutting labels from the end. */
  readonly trailing: Map<string, number>
  readonly patterns: { readonly index: number; readonly pattern: RegExp | Regex }[]
  fallback: number | undefined
  declared: boolean
}

/** Chooses among the children of a `host` scope: by listener, then by name. */
export class HostTable {
  private readonly listeners = new Map<string, ListenerTable>()

  constructor(
    private readonly children: readonly CompiledScope[],
    private readonly precedence: 'specific' | 'in-order'
  ) {
    children.forEach((child, index) => {
      for (const listener of child.scope.host?.listeners ?? []) this.add(listener, child, index)
    })
  }

  private add(listener: string, child: CompiledScope, index: number): void {
    let table = this.listeners.get(listener)
    if (table === undefined) {
      table = {
        exact: new Map(),
        leading: new Map(),
        trailing: new Map(),
        patterns: [],
        fallback: undefined,
        declared: false
      }
      this.listeners.set(listener, table)
    }
    if (table.fallback === undefined || (child.scope.host?.isDefault === true && !table.declared)) {
      table.fallback = index
      table.declared = child.scope.host?.isDefault === true
    }
    for (const name of child.scope.host?.names ?? []) addName(table, name, index)
  }

  /** The child that serves a listener where no name is known. */
  fallback(listener: string): CompiledScope | undefined {
    const index = this.listeners.get(listener)?.fallback
    return index === undefined ? undefined : this.children[index]
  }

  /** The child for a lower-cased host name without port; undefined if none serves the listener. */
  choose(listener: string, name: string, match: Matcher): HostChoice | undefined {
    const table = this.listeners.get(listener)
    if (table === undefined) return undefined
    const found = this.precedence === 'specific' ? specific(table, name, match) : inOrder(table, name, match)
    const index = found?.index ?? table.fallback
    const child = index === undefined ? undefined : this.children[index]
    return child === undefined ? undefined : { child, groups: found?.groups }
  }
}

function addName(table: ListenerTable, name: HostName, index: number): void {
  const put = (map: Map<string, number>, key: string): void => {
    if (!map.has(key)) map.set(key, index)
  }
  switch (name.kind) {
    case 'exact':
      put(table.exact, name.value.toLowerCase())
      return
    case 'leading-wildcard': {
      const bare = name.value.toLowerCase().replace(/^\*?\./, '')
      // A name that is taken in one of its two senses is no name in the other one either.
      if (name.bare && (table.exact.has(bare) || table.leading.has(`.${bare}`))) return
      put(table.leading, `.${bare}`)
      if (name.bare) put(table.exact, bare)
      return
    }
    case 'trailing-wildcard':
      put(table.trailing, `${name.value.toLowerCase().replace(/\.?\*?$/, '')}.`)
      return
    case 'glob':
      table.patterns.push({ index, pattern: new RegExp(`^${wildcards(name.value, '[^]')}$`, 'i') })
      return
    case 'regex':
      table.patterns.push({ index, pattern: name.regex })
      return
    default:
      unreachable(name)
  }
}

interface Found {
  readonly index: number
  readonly groups?: Groups | undefined
}

/** Exact, longest leading wildcard, longest trailing wildcard, first pattern. */
function specific(table: ListenerTable, name: string, match: Matcher): Found | undefined {
  const exact = table.exact.get(name)
  if (exact !== undefined) return { index: exact }
  const wildcard = leading(table, name) ?? trailing(table, name)
  if (wildcard !== undefined) return { index: wildcard }
  for (const entry of table.patterns) {
    const found = matchPattern(entry, name, match)
    if (found !== undefined) return found
  }
  return undefined
}

/** The first child one of whose names fits. */
function inOrder(table: ListenerTable, name: string, match: Matcher): Found | undefined {
  const candidates: Found[] = []
  const add = (index: number | undefined): void => {
    if (index !== undefined) candidates.push({ index })
  }
  add(table.exact.get(name))
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    if (dot > 0) add(table.leading.get(name.slice(dot)))
    add(table.trailing.get(name.slice(0, dot + 1)))
  }
  for (const entry of table.patterns) {
    const found = matchPattern(entry, name, match)
    if (found !== undefined) candidates.push(found)
  }
  return candidates.reduce<Found | undefined>(
    (best, next) => (best === undefined || next.index < best.index ? next : best),
    undefined
  )
}

function matchPattern(
  entry: ListenerTable['patterns'][number],
  name: string,
  match: Matcher
): Found | undefined {
  if (entry.pattern instanceof RegExp) return entry.pattern.test(name) ? { index: entry.index } : undefined
  const groups = match(entry.pattern, name)
  return groups === undefined ? undefined : { index: entry.index, groups }
}

function leading(table: ListenerTable, name: string): number | undefined {
  if (table.leading.size === 0) return undefined
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const index = dot === 0 ? undefined : table.leading.get(name.slice(dot))
    if (index !== undefined) return index
  }
  return undefined
}

function trailing(table: ListenerTable, name: string): number | undefined {
  if (table.trailing.size === 0) return undefined
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const index = dot === name.length - 1 ? undefined : table.trailing.get(name.slice(0, dot + 1))
    if (index !== undefined) return index
  }
  return undefined
}
