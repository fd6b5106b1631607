import { unreachable } from '../../diagnostics/index.js'
import type { Regex } from '../../model/index.js'
import type { Groups } from '../regex.js'
import type { CompiledScope, Matcher } from './compile.js'

export interface LocationChoice {
  /** Outermost first; empty where no location fits. */
  readonly chain: readonly { readonly child: CompiledScope; readonly groups: Groups | undefined }[]
  /** The path with a slash at its end is the name of the innermost location, which says that it redirects there. */
  readonly slash: boolean
  /** Nothing further out is looked at. */
  readonly final: boolean
}

const nothing: LocationChoice = { chain: [], slash: false, final: false }

/** Chooses among the children of a `location` scope (nginx's search, one level and what is nested in it). */
export class LocationTable {
  private readonly exact = new Map<string, CompiledScope>()
  private readonly prefixes = new Map<string, CompiledScope>()
  private readonly lengths: readonly number[]
  private readonly regexes: { readonly child: CompiledScope; readonly regex: Regex }[] = []
  private readonly named = new Map<string, CompiledScope>()
  /** By their names without the slash at the end. */
  private readonly slashes = new Map<string, CompiledScope>()

  constructor(children: readonly CompiledScope[]) {
    for (const child of children) this.add(child)
    this.lengths = [...new Set([...this.prefixes.keys()].map((name) => name.length))].sort((a, b) => b - a)
  }

  private add(child: CompiledScope): void {
    const { location } = child.scope
    if (location === undefined) return
    switch (location.kind) {
      case 'exact':
        if (!this.exact.has(location.value)) this.exact.set(location.value, child)
        break
      case 'prefix':
        if (!this.prefixes.has(location.value)) this.prefixes.set(location.value, child)
        break
      case 'regex':
        this.regexes.push({ child, regex: location.regex })
        return
      case 'named':
        this.named.set(bareName(location.name), child)
        return
      default:
        unreachable(location)
    }
    const bare = location.value.slice(0, -1)
    const isKnown = this.slashes.has(bare) && location.kind !== 'exact'
    if (bare !== '' && location.value.endsWith('/') && redirectsToSlash(child) && !isKnown)
      this.slashes.set(bare, child)
  }

  byName(name: string): CompiledScope | undefined {
    return this.named.get(bareName(name))
  }

  choose(path: string, match: Matcher): LocationChoice {
    const exact = this.exact.get(path)
    if (exact !== undefined)
      return { chain: [{ child: exact, groups: undefined }], slash: false, final: true }
    const longest = this.longestPrefix(path)
    // A location of exactly this name is looked up before the one with the slash.
    const slashed = this.slashes.get(path)
    const isOwn = longest?.scope.location?.kind === 'prefix' && longest.scope.location.value === path
    if (slashed !== undefined && !isOwn)
      return { chain: [{ child: slashed, groups: undefined }], slash: true, final: true }
    const inner = longest?.locations?.choose(path, match) ?? nothing
    const prefix = longest === undefined ? [] : [{ child: longest, groups: undefined }, ...inner.chain]
    if (inner.final) return { chain: prefix, slash: inner.slash, final: true }
    const location = longest?.scope.location
    const stops = location?.kind === 'prefix' && location.noRegex
    return (stops ? undefined : this.firstRegex(path, match)) ?? { chain: prefix, slash: false, final: false }
  }

  private longestPrefix(path: string): CompiledScope | undefined {
    for (const length of this.lengths) {
      if (length > path.length) continue
      const child = this.prefixes.get(path.slice(0, length))
      if (child !== undefined) return child
    }
    return undefined
  }

  private firstRegex(path: string, match: Matcher): LocationChoice | undefined {
    for (const { child, regex } of this.regexes) {
      const groups = match(regex, path)
      if (groups === undefined) continue
      const inner = child.locations?.choose(path, match) ?? nothing
      return { chain: [{ child, groups }, ...inner.chain], slash: inner.slash, final: true }
    }
    return undefined
  }
}

function redirectsToSlash(child: CompiledScope): boolean {
  return child.scope.settings.some(
    (setting) =>
      (setting.key === 'slashRedirect' && setting.value) ||
      (setting.key === 'bindings' && setting.value.some(({ target }) => target.kind === 'fastcgi'))
  )
}

/** With or without the `@` that people write before it. */
function bareName(name: string): string {
  return name.startsWith('@') ? name.slice(1) : name
}
