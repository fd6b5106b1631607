import { keptEntries } from '../model/index.js'
import type { EnvironmentEntry, Template, TemplatePart } from '../model/index.js'
import { folderOf, isSameFolder } from './condition.js'
import type { Groups } from './regex.js'
import type { Environment, State } from './state.js'
import { renderText } from './template.js'

/** What was brought along, what authorizers answered, and what the scopes in force set. */
export function environmentOf(state: State): Environment {
  // Collected as it becomes known.
  if (isCollected(state)) return state.environment
  const set = state.settings.environment?.value ?? []
  const answered = state.history.authorized.flatMap((each) => each.variables)
  const { carried, ofFolder = [], ruled, told } = state
  const parts = [set, answered, carried, ofFolder, ruled, told]
  if (parts.every(({ length }) => length === 0)) return []
  const known = set.filter((entry) => !isSettled(entry, state))
  const early = known.filter((entry) => entry.early === true)
  const mapped = known.filter((entry) => entry.early === 'mapped')
  const late = isLateKnown(state) ? set.filter((entry) => entry.early === undefined) : []
  const valuesOfAll = (entries: typeof set): Environment => valuesOf(keptEntries(entries), state)
  const asked = afterRules(
    [...carried, ...ofFolder, ...answered, ...valuesOfAll(early)],
    ruled.slice(0, state.ruledOnUrl)
  )
  const before = afterRules([...asked, ...valuesOfAll(mapped)], ruled.slice(state.ruledOnUrl))
  return [...before, ...told, ...valuesOfAll(late)]
}

/** What it is found for was there before: the request that an index takes the place of, or the folder. */
function isSettled({ ofRequest, ofFolder }: EnvironmentEntry, state: State): boolean {
  if (ofRequest === true) return state.ofFolder !== undefined
  const { mapped, left } = state
  return ofFolder === true && mapped?.pathInfo === '' && isSameFolder(folderOf(mapped), left?.folder)
}

function isLateKnown({ lateKnown, site }: State): boolean {
  return lateKnown || !site.site.pipeline.some(({ step }) => step === 'late-environment')
}

function afterRules(before: Environment, ruled: State['ruled']): Environment {
  return ruled.reduce<Environment>(
    (list, [name, value]) =>
      value === undefined ? list.filter(([other]) => other !== name) : [...list, [name, value]],
    before
  )
}

/** From now on what is not known early is known as well. */
export function completeLate(state: State): void {
  state.lateKnown = true
  state.environment = environmentOf(state)
}

/** Behind an internal redirect that keeps the environment, what rules gave is brought along. */
export function keepRuled(state: State): void {
  state.carried = afterRules(state.carried, state.ruled)
  state.ruled = []
  state.ruledOnUrl = 0
}

/** What is known beside what an internal redirect left. A name that was known for the folder keeps that value when its index is told of it. */
export function ownEnvironment({ environment, carried, ofFolder }: State): Environment {
  const own = environment.slice(carried.length)
  if (ofFolder === undefined) return own
  const known = new Set(ofFolder.map(([name]) => name.toLowerCase()))
  return own.filter(([name], index) => index < ofFolder.length || !known.has(name.toLowerCase()))
}

/** A request that takes this one's place goes on with all that was known, beside what an internal redirect left. */
export function handedOn(state: State): Pick<State, 'ofFolder' | 'ruled'> {
  return { ofFolder: environmentOf(state).slice(state.carried.length), ruled: [] }
}

/** Tells a variable that became known on the way; one that is known gets the new value where it is. */
export function tell(state: State, name: string, value: string): void {
  state.environment = isCollected(state)
    ? collect(state.environment, name, () => value)
    : [...state.environment, [name, value]]
}

/** The same, but a variable that is known keeps its value before the new one. */
export function tellAlso(state: State, name: string, value: string): void {
  state.environment = isCollected(state)
    ? collect(state.environment, name, (before) => (before === '' ? value : `${before}, ${value}`))
    : [...state.environment, [name, value]]
}

/** Where the environment is collected, the configuration's part joins it when an application is told of it first. */
export function completeEnvironment(state: State): void {
  if (!isCollected(state) || state.environmentTold || state.unreached) return
  state.environmentTold = true
  const { settled } = state
  const set = settled?.environment?.value ?? []
  for (const [index, [name, value]] of valuesOf(set, state).entries()) {
    if (set[index]?.joined === true) tellAlso(state, name, value)
    else tell(state, name, value)
  }
}

/** Under the names that it has behind an internal redirect; undefined where it does not outlive one so. */
export function carriedOn(state: State): Environment | undefined {
  const { site, environment, carried, before } = state
  if (site.site.request.environmentAfterRedirect !== 'prefixed') return undefined
  const isTold = environment.some(([name]) => name === 'REDIRECT_STATUS')
  state.ruled = []
  const earlier = before === undefined || isTold ? [] : toldOfRedirect(before)
  const all = [...environment.slice(0, carried.length), ...earlier, ...ownEnvironment(state)]
  return all.map(([name, value]) => [`REDIRECT_${name}`, value] as const)
}

/** What is told of the redirect that led here. */
function toldOfRedirect({ label, status }: NonNullable<State['before']>): Environment {
  const handler = label === undefined ? [] : [['REDIRECT_HANDLER', label] as const]
  return [...handler, ['REDIRECT_STATUS', String(status)]]
}

export function isCollected(state: State): boolean {
  return state.site.site.request.environmentAfterRedirect === 'collected'
}

function collect(list: Environment, name: string, make: (before: string) => string): Environment {
  const key = name.toLowerCase()
  const index = list.findIndex(([other]) => other.toLowerCase() === key)
  const before = list[index]
  if (before === undefined) return [...list, [name, make('')]]
  return list.map((each, at) => (at === index ? [before[0], make(before[1])] : each))
}

function valuesOf(entries: readonly EnvironmentEntry[], state: State): Environment {
  return entries.map(({ name, value }) => {
    const scope = value.some(isCapture) ? groupsOf(state, value) : undefined
    return [name, renderText(value, { state, scope })]
  })
}

function isCapture(part: TemplatePart): boolean {
  return part.kind === 'capture' && part.from === 'scope'
}

/** What the scope that holds the variable captured. */
function groupsOf(state: State, value: Template): Groups | undefined {
  return state.chosen.find(({ compiled }) =>
    compiled.scope.settings.some(
      (setting) => setting.key === 'environment' && setting.value.some((entry) => entry.value === value)
    )
  )?.groups
}
