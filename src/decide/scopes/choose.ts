import { unreachable } from '../../diagnostics/index.js'
import { fold, type InForce, type Setting } from '../../model/index.js'
import { evaluate, type Needs } from '../condition.js'
import { regexGroups } from '../match.js'
import type { Groups } from '../regex.js'
import type { State } from '../state.js'
import type { ChosenScope, CompiledScope, Matcher } from './compile.js'

const order: readonly Needs[] = ['host', 'url', 'file']

/** Chooses the scopes whose conditions can be answered by now, and folds their settings. */
export function chooseScopes(state: State, by: Needs): void {
  const chosen: ChosenScope[] = []
  state.slashLocation = false
  state.namedMissing = false
  walk(state, { compiled: state.site.root, groups: undefined, hostGroups: undefined }, by, chosen)
  state.chosenBy = by
  // Where there is no location of the name, the request stays where it was.
  if (isMissing(state) && by !== 'host' && state.chosen.length > 0) return
  state.chosen = chosen
  state.settings = state.site.settings(chosen.map((scope) => scope.compiled))
}

/** A scope of its own, and those in it that hold for a request whose file is known. */
export function within(state: State, compiled: CompiledScope): readonly ChosenScope[] {
  const chosen: ChosenScope[] = []
  walk(state, { compiled, groups: undefined, hostGroups: undefined }, 'file', chosen)
  return chosen
}

function isMissing(state: State): boolean {
  return state.namedMissing
}

/** What is set for every request. */
export function onlyRoot(state: State): void {
  const { root } = state.site
  state.chosen = [{ compiled: root, groups: undefined, hostGroups: undefined }]
  state.settings = state.site.settings([root])
}

function walk(state: State, here: ChosenScope, by: Needs, into: ChosenScope[]): void {
  into.push(here)
  const { compiled } = here
  if (compiled.children.length === 0) {
    if (compiled.scope.host !== undefined && by !== 'host') state.namedMissing = state.named !== undefined
    return
  }
  const open = (child: CompiledScope): boolean => order.indexOf(child.needs) <= order.indexOf(by)
  const enter = (child: CompiledScope): boolean => {
    if (!open(child)) return false
    const result = evaluate(child.scope.when, state)
    if (!result.holds) return false
    walk(state, { ...here, compiled: child, groups: result.groups ?? here.groups }, by, into)
    return true
  }
  switch (compiled.scope.choose.kind) {
    case 'all':
      for (const child of compiled.children) enter(child)
      return
    case 'first':
      compiled.children.some(enter)
      return
    case 'host':
      for (const child of compiled.children) if (child.scope.host === undefined) enter(child)
      enterHost(state, here, by, into)
      return
    case 'location':
      if (by !== 'host') enterLocation(state, here, by, into)
      for (const child of compiled.children) if (child.scope.location === undefined) enter(child)
      return
    default:
      unreachable(compiled.scope.choose)
  }
}

function enterHost(state: State, here: ChosenScope, by: Needs, into: ChosenScope[]): void {
  const { listener } = state.request
  const fallback = state.hostUnknown ? here.compiled.hosts?.fallback(listener) : undefined
  const choice = fallback
    ? { child: fallback, groups: undefined }
    : here.compiled.hosts?.choose(listener, state.host.name, matcher(state))
  if (choice === undefined) return
  walk(state, { ...here, compiled: choice.child, hostGroups: choice.groups ?? here.hostGroups }, by, into)
}

function enterLocation(state: State, here: ChosenScope, by: Needs, into: ChosenScope[]): void {
  const table = here.compiled.locations
  if (table === undefined) {
    state.namedMissing = state.named !== undefined
    return
  }
  if (state.named !== undefined) {
    // A request whose line could not be read has no path to take there.
    const child = state.path === '' ? undefined : table.byName(state.named)
    if (child === undefined) state.namedMissing = true
    else walk(state, { ...here, compiled: child }, by, into)
    return
  }
  const choice = table.choose(state.path, matcher(state))
  state.slashLocation = choice.slash
  let current = here
  for (const [index, { child, groups }] of choice.chain.entries()) {
    current = { ...current, compiled: child, groups: groups ?? current.groups }
    if (index === choice.chain.length - 1) enterInnermost(state, current, by, into)
    else into.push(current)
  }
}

/** The innermost location: its locations were searched already, its other scopes are not yet. */
function enterInnermost(state: State, here: ChosenScope, by: Needs, into: ChosenScope[]): void {
  into.push(here)
  for (const child of here.compiled.children) {
    if (child.scope.location !== undefined || order.indexOf(child.needs) > order.indexOf(by)) continue
    const result = evaluate(child.scope.when, state)
    if (result.holds)
      walk(state, { ...here, compiled: child, groups: result.groups ?? here.groups }, by, into)
  }
}

/** What the scope captured that a setting in force was said in; no groups where that captured nothing. */
export function groupsAround(state: State, setting: Setting): Groups {
  const said = state.chosen.find(({ compiled }) => compiled.scope.settings.includes(setting))
  return said?.groups ?? { numbered: [], named: new Map() }
}

function matcher(state: State): Matcher {
  return (regex, text) => regexGroups(regex, text, state)
}

/** The settings in force for a list of scopes, each folded once for each list that occurs. */
export class SettingsCache {
  private readonly known = new Map<string, InForce>()

  get(chosen: readonly CompiledScope[]): InForce {
    let key = ''
    for (const scope of chosen) key += `${String(scope.id)},`
    const found = this.known.get(key)
    if (found !== undefined) return found
    const settings = foldScopes(chosen)
    // A site has few combinations; a hostile one with many must not fill the memory.
    if (this.known.size > 4096) this.known.clear()
    this.known.set(key, settings)
    return settings
  }
}

/** By rank, then in the order of the text; settings of reach `own` only where no scope inside theirs was chosen. */
function foldScopes(chosen: readonly CompiledScope[]): InForce {
  const withInner = new Set<CompiledScope>()
  for (const scope of chosen) {
    for (let outer = scope.parent; outer !== undefined; outer = outer.parent) withInner.add(outer)
  }
  const sorted = chosen
    .map((scope, index) => ({ scope, index }))
    .sort((left, right) => byRank(left.scope, right.scope) || left.index - right.index)
  let settings: InForce = {}
  for (const { scope } of sorted) {
    const holds = (setting: Setting): boolean => setting.reach === 'inherited' || !withInner.has(scope)
    for (const setting of scope.scope.settings) if (holds(setting)) settings = fold(settings, setting)
  }
  return settings
}

/** Of one rank, those in a scope of lower rank come first. */
function byRank(left: CompiledScope | undefined, right: CompiledScope | undefined): number {
  if (left === right || (left === undefined && right === undefined)) return 0
  const difference = (left?.scope.rank ?? 0) - (right?.scope.rank ?? 0)
  return difference === 0 ? byRank(left?.parent, right?.parent) : difference
}
