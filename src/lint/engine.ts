import type { Diagnostic, Span } from '../diagnostics/index.js'
import type { LintInput, Rule } from './rule.js'
import { unknownKey } from './rules/unknown-key.js'
import { commonContext, noVisits, Run } from './run.js'
import { isOf, placesOf, settingKeysOf, settingsOf } from './support/places.js'
import type { Place, Placed, PlacedBinding } from './support/places.js'

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

/** One of the things that a rule wants to be shown. */
interface Visit<Thing> {
  readonly run: Run
  readonly to: (thing: Thing) => void
}

function add<Thing>(visits: Visit<Thing>[], run: Run, to: ((thing: Thing) => void) | undefined): void {
  if (to !== undefined) visits.push({ run, to })
}

function show<Thing>(thing: Thing, visits: readonly Visit<Thing>[]): void {
  for (const { run, to } of visits) run.show(to, thing)
}

function visitPlaces({ site }: LintInput, runs: readonly Run[]): void {
  const ofPlaces: Visit<Place>[] = []
  const ofHosts: Visit<Place>[] = []
  const ofLocations: Visit<Place>[] = []
  const ofBindings: Visit<PlacedBinding>[] = []
  const ofParams: Visit<Placed<'params'>>[] = []
  const ofEnd: Visit<undefined>[] = []
  for (const run of runs) {
    const { visits } = run
    if (visits === noVisits) continue
    add(ofPlaces, run, visits.place)
    add(ofHosts, run, visits.host)
    add(ofLocations, run, visits.location)
    add(ofBindings, run, visits.binding)
    add(ofParams, run, visits.params)
    add(ofEnd, run, visits.end)
  }
  for (const place of placesOf(site)) {
    const { host, location, settings } = place.scope
    show(place, ofPlaces)
    if (host !== undefined) show(place, ofHosts)
    if (location !== undefined) show(place, ofLocations)
    for (const placed of place.applications()) show(placed, ofBindings)
    for (const setting of settings) if (isOf(setting, 'params')) show({ setting, place }, ofParams)
  }
  show(undefined, ofEnd)
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
