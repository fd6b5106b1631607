import type { Diagnostic, Span } from '../diagnostics/index.js'
import type { LintInput, Rule, Visits } from './rule.js'
import { unknownKey } from './rules/unknown-key.js'
import { commonContext, Run } from './run.js'
import { isOf, placesOf, settingKeysOf, settingsOf } from './support/places.js'

/** The reader's findings and those of every rule that is on and concerns the dialect, in no particular order. */
export function lint(input: LintInput, rules: readonly Rule[]): readonly Diagnostic[] {
  const missing = [...(input.missing ?? []), ...missingIn(input.diagnostics)]
  const common = commonContext(input, missing)
  const runs = rules.filter((rule) => isOn(rule, input)).map((rule) => new Run(rule, input, common))
  for (const run of runs) run.start()
  visitPlaces(input, runs)
  visitSettings(input, runs)
  visitPools(input, runs)
  return merge(
    input.diagnostics,
    runs.flatMap((run) => run.found)
  )
}

/** Where something is included that could not be had. */
export function missingIn(diagnostics: readonly Diagnostic[]): readonly Span[] {
  return diagnostics.flatMap(({ code, span }) =>
    span !== undefined && /^(include|input)\/(?!shipped-file)/.test(code) ? [span] : []
  )
}

function isOn({ code, dialects, optional }: Rule, { name, settings }: LintInput): boolean {
  const chosen = settings?.get(code)?.severity
  if (chosen === 'off' || (chosen === undefined && optional === true)) return false
  return dialects === 'all' || (name !== undefined && dialects.includes(name))
}

function visitPlaces({ site }: LintInput, runs: readonly Run[]): void {
  const asking = runs.filter(({ visits }) => Object.keys(visits).length > 0)
  if (asking.length === 0) return
  const wanting = (key: keyof Visits): readonly Run[] => asking.filter(({ visits }) => key in visits)
  const [ofPlaces, ofHosts, ofLocations] = [wanting('place'), wanting('host'), wanting('location')]
  const [ofBindings, ofParams] = [wanting('binding'), wanting('params')]
  for (const place of placesOf(site)) {
    const { host, location } = place.scope
    for (const run of ofPlaces) run.try(() => run.visits.place?.(place))
    if (host !== undefined) for (const run of ofHosts) run.try(() => run.visits.host?.(place))
    if (location !== undefined) for (const run of ofLocations) run.try(() => run.visits.location?.(place))
    for (const placed of place.applications()) {
      for (const run of ofBindings) run.try(() => run.visits.binding?.(placed))
    }
    for (const setting of place.scope.settings) {
      if (!isOf(setting, 'params')) continue
      for (const run of ofParams) run.try(() => run.visits.params?.({ setting, place }))
    }
  }
  for (const run of asking) run.try(() => run.visits.end?.())
}

function visitSettings({ site }: LintInput, runs: readonly Run[]): void {
  for (const run of runs) {
    if (run.rule.setting === undefined) continue
    for (const key of run.rule.keys ?? settingKeysOf(site)) {
      for (const { setting, place } of settingsOf(site, key))
        run.try((rule, context) => rule.setting?.(setting, place.scope, context))
    }
  }
}

function visitPools({ site }: LintInput, runs: readonly Run[]): void {
  const ofPools = runs.filter(({ rule }) => rule.pool !== undefined)
  const ofMembers = runs.filter(({ rule }) => rule.member !== undefined)
  for (const pool of site.pools) {
    for (const run of ofPools) run.try((rule, context) => rule.pool?.(pool, context))
    for (const member of pool.members) {
      for (const run of ofMembers) run.try((rule, context) => rule.member?.(member, pool, context))
    }
  }
}

/**
 * What readers and rules say, each place once: where a reader refuses a name that a rule finds unknown, the rule speaks,
 * as severely as the reader, who knows what the server does about it.
 */
export function merge(read: readonly Diagnostic[], found: readonly Diagnostic[]): readonly Diagnostic[] {
  const isName = ({ code }: Diagnostic): boolean => /\/unknown-(directive|option)$/.test(code)
  const named = byPlace(read.filter(isName))
  const unknown = byPlace(found.filter(isUnknownKey))
  return [
    ...read.filter((diagnostic) => !isName(diagnostic) || !unknown.has(placeOf(diagnostic))),
    ...found.map((finding) => {
      const severity = isUnknownKey(finding) ? named.get(placeOf(finding))?.severity : undefined
      return severity === undefined ? finding : { ...finding, severity }
    })
  ]
}

function isUnknownKey({ code }: Diagnostic): boolean {
  return code === unknownKey.code
}

/** The first finding of each place, of those that have one. */
function byPlace(found: readonly Diagnostic[]): ReadonlyMap<string, Diagnostic> {
  const places = new Map<string, Diagnostic>()
  for (const one of found) {
    if (one.span !== undefined && !places.has(placeOf(one))) places.set(placeOf(one), one)
  }
  return places
}

function placeOf({ span }: Pick<Diagnostic, 'span'>): string {
  return span === undefined ? '' : `${String(span.start)} ${span.file}`
}
