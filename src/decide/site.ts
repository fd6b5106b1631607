import type {
  ComputedVariable,
  ConnectionZone,
  InForce,
  Instruction,
  Pool,
  RedirectForm,
  RequestZone,
  Scope,
  SettingKey,
  Site
} from '../model/index.js'
import { Regexes } from './regex.js'
import { SettingsCache } from './scopes/choose.js'
import { compileScopes, ScopeNumbers, type CompiledScope } from './scopes/compile.js'

/** A Site with everything that is the same for each request worked out. */
export interface CompiledSite {
  readonly site: Site
  readonly root: CompiledScope
  readonly regexes: Regexes
  readonly pools: ReadonlyMap<string, Pool>
  readonly poolsByName: ReadonlyMap<string, Pool>
  /** How the site completes a redirect to a path. */
  readonly redirectForm: RedirectForm
  /** Whether headers are changed, and all else settled, at a step of their own. */
  readonly changesHeaders: boolean
  /** Whether request headers are changed on the way. */
  readonly editsHeaders: boolean
  /** Whether any scope sets error pages. */
  readonly hasErrorPages: boolean
  /** Variables that the configuration gives a value somewhere; where that was not reached, they are empty. */
  readonly variables: ReadonlySet<string>
  /** Those that are made of others where they are used. */
  readonly computed: ReadonlyMap<string, ComputedVariable>
  /** What requests and connections are counted by. */
  readonly requestZones: ReadonlyMap<string, RequestZone>
  readonly connectionZones: ReadonlyMap<string, ConnectionZone>
  /** Whether any scope lets files in folders say something. */
  readonly allowsFolderFiles: boolean
  settings(chosen: readonly CompiledScope[]): InForce
  /** What a file in a folder says, at its rank. */
  folderScope(scope: Scope, rank: number): CompiledScope
  /** A pool made from another for what a request names; the same one each time. */
  derived(id: string, make: () => Pool): Pool
}

export function compileSite(site: Site): CompiledSite {
  const cache = new SettingsCache()
  const derived = new Map<string, Pool>()
  const numbers = new ScopeNumbers()
  const ofFolders = new WeakMap<Scope, CompiledScope>()
  return {
    site,
    root: compileScopes(site.root, numbers),
    regexes: new Regexes(),
    pools: new Map([...site.pools, ...(site.httpPools ?? [])].map((pool) => [pool.id, pool])),
    poolsByName: new Map(
      site.pools.flatMap((pool) =>
        pool.name === undefined ? [] : [[pool.name.toLowerCase(), pool] as const]
      )
    ),
    redirectForm: redirectForm(site),
    changesHeaders: site.pipeline.some(({ step }) => step === 'change-headers'),
    editsHeaders: site.pipeline.some(({ step }) => step === 'request-headers'),
    hasErrorPages: sets(site.root, ['errorPages', 'errorFiles']),
    variables: variablesOf(site.root),
    computed: new Map((site.computed ?? []).map((each) => [each.name, each])),
    requestZones: new Map(
      (site.limitZones ?? []).flatMap((zone) => (zone.counts === 'requests' ? [[zone.name, zone]] : []))
    ),
    connectionZones: new Map(
      (site.limitZones ?? []).flatMap((zone) => (zone.counts === 'connections' ? [[zone.name, zone]] : []))
    ),
    allowsFolderFiles: sets(site.root, ['folderClasses', 'folderDirectives']),
    settings: (chosen) => cache.get(chosen),
    folderScope(scope, rank) {
      const known = ofFolders.get(scope)
      if (known?.scope.rank === rank) return known
      const compiled = compileScopes({ ...scope, rank }, numbers)
      ofFolders.set(scope, compiled)
      return compiled
    },
    derived(id, make) {
      const known = derived.get(id)
      if (known !== undefined) return known
      if (derived.size > 4096) derived.clear()
      const pool = make()
      derived.set(id, pool)
      return pool
    }
  }
}

/** As the site redirects to directories, so it completes the redirects of its configuration. */
function redirectForm(site: Site): RedirectForm {
  for (const step of site.pipeline) if (step.step === 'slash-directory') return step.location
  return 'relative'
}

function sets(scope: Scope, keys: readonly SettingKey[]): boolean {
  return (
    scope.settings.some(({ key }) => keys.includes(key)) || scope.children.some((child) => sets(child, keys))
  )
}

function variablesOf(root: Scope): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (instruction: Instruction): void => {
    if (instruction.kind === 'set') names.add(instruction.name)
    if (instruction.kind === 'if') instruction.then.forEach(visit)
  }
  const scopes = [root]
  for (let scope = scopes.pop(); scope !== undefined; scope = scopes.pop()) {
    for (const setting of scope.settings) {
      if (setting.key === 'instructions') setting.value.forEach(visit)
      if (setting.key === 'authentication') setting.value.permission?.sets.forEach(visit)
    }
    scopes.push(...scope.children)
  }
  return names
}
