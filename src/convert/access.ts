import type { Span } from '../diagnostics/index.js'
import type { Access, Condition, PlanNote, Scope, Setting, Site } from '../model/index.js'
import { allOf, always, anyOf, not, origins } from '../model/index.js'

/**
 * Writers know one set of access rules. Where a site has two that merge on their own, each scope that says something of
 * one gets a rule for both; whatever the other set refuses anywhere is refused there too, so that nothing is opened.
 */
export function oneAccess(site: Site): { readonly site: Site; readonly notes: readonly PlanNote[] } {
  const all = scopesOf(site.root)
  const further = conditions(all, 'furtherAccess')
  const notes: PlanNote[] = []
  if (further.length === 0) return { site, notes }
  const around: Around = {
    further: further.filter(({ kind }) => kind !== 'always'),
    access: conditions(all, 'access').filter(({ kind }) => kind !== 'always'),
    notes
  }
  return { site: { ...site, root: merged(site.root, around) }, notes }
}

interface Around {
  readonly further: readonly Condition[]
  readonly access: readonly Condition[]
  readonly notes: PlanNote[]
}

function merged(scope: Scope, around: Around): Scope {
  return {
    ...scope,
    settings: settingsWithOne(scope.settings, around),
    children: scope.children.map((child) => merged(child, around))
  }
}

function settingsWithOne(settings: readonly Setting[], around: Around): readonly Setting[] {
  const access = settings.findLast((setting) => setting.key === 'access')
  const further = settings.findLast((setting) => setting.key === 'furtherAccess')
  const others = settings.filter(({ key }) => key !== 'furtherAccess')
  if (around.further.length === 0) {
    for (const origin of further === undefined ? [] : spansOf(further)) {
      around.notes.push({ origin, verdict: 'exact', note: { message: 'it lets everybody in' } })
    }
    return others
  }
  if (access === undefined && further === undefined) return settings
  const spans = [access, further].flatMap((setting) => (setting === undefined ? [] : spansOf(setting)))
  const when = allOf([
    ...(access === undefined ? around.access : [allowed(access.value)]),
    ...(further === undefined ? around.further : [allowed(further.value)])
  ])
  if (access === undefined || further === undefined) noteClosed(spans, around.notes)
  const [origin = { file: '', start: 0, end: 0 }, ...parts] = spans
  const value: Access = { rules: [{ when, allow: true, origin }], otherwise: 'deny' }
  return [
    ...others.filter(({ key }) => key !== 'access'),
    { key: 'access', value, reach: 'inherited', origin, parts }
  ]
}

function noteClosed(spans: readonly Span[], notes: PlanNote[]): void {
  for (const origin of spans) {
    notes.push({
      origin,
      verdict: 'approx',
      note: {
        message:
          'two sets of access rules were made one: what the other set refuses elsewhere may be refused here',
        affects: ['status'],
        advice: 'Say in the source with one set of rules who may come.'
      }
    })
  }
}

function conditions(scopes: readonly Scope[], key: 'access' | 'furtherAccess'): readonly Condition[] {
  return scopes.flatMap(({ settings }) =>
    settings.flatMap((setting) =>
      (setting.key === 'access' || setting.key === 'furtherAccess') && setting.key === key
        ? [allowed(setting.value)]
        : []
    )
  )
}

/** The first rule that fits decides. */
function allowed({ rules, otherwise }: Access): Condition {
  return rules.reduceRight<Condition>(
    (rest, { when, allow }) => (allow ? anyOf([when, rest]) : allOf([not(when), rest])),
    otherwise === 'allow' ? always : not(always)
  )
}

function scopesOf(scope: Scope): readonly Scope[] {
  return [scope, ...scope.children.flatMap(scopesOf)]
}

function spansOf(setting: Setting): readonly Span[] {
  const entries =
    setting.key === 'access' || setting.key === 'furtherAccess'
      ? setting.value.rules.map(({ origin }) => origin)
      : []
  return [...origins(setting), ...entries]
}
