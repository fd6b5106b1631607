import type { Span } from '../diagnostics/index.js'
import type { Access, Condition, PlanNote, Scope, Setting, Site } from '../model/index.js'
import { allOf, always, anyOf, not, origins } from '../model/index.js'

/**
 * Writers know one set of access rules. Where a site has two that merge on their own, each scope that says something of
 * one gets a rule for both; whatever the other set refuses anywhere is refused there too, so that nothing is opened.
 */
export function oneAccess(site: Site): { readonly site: Site; readonly notes: readonly PlanNote[] } {
  const all = scopesOf(site.root)
  const further = rulesOf(all, 'furtherAccess')
  const notes: PlanNote[] = []
  if (further.length === 0) return { site, notes }
  const around: Around = {
    further: further.filter(refuses),
    access: rulesOf(all, 'access').filter(refuses),
    notes
  }
  return { site: { ...site, root: merged(site.root, around) }, notes }
}

interface Around {
  readonly further: readonly Access[]
  readonly access: readonly Access[]
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
  const elsewhere = access === undefined ? around.access : further === undefined ? around.further : []
  const both = [access, further].flatMap((setting) => (setting === undefined ? [] : [setting.value]))
  if (elsewhere.length > 0) noteClosed(spans, around.notes)
  const [origin = { file: '', start: 0, end: 0 }, ...parts] = spans
  const value = together([...both, ...elsewhere], origin)
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

/** Rules that only refuse stand one behind the other; others become one question. */
function together(all: readonly Access[], origin: Span): Access {
  const onlyRefuse = all.every(
    ({ rules, otherwise }) => otherwise === 'allow' && rules.every(({ allow }) => !allow)
  )
  if (onlyRefuse) return { rules: all.flatMap(({ rules }) => rules), otherwise: 'allow' }
  return { rules: [{ when: allOf(all.map(allowed)), allow: true, origin }], otherwise: 'deny' }
}

function rulesOf(scopes: readonly Scope[], key: 'access' | 'furtherAccess'): readonly Access[] {
  return scopes.flatMap(({ settings }) =>
    settings.flatMap((setting) =>
      (setting.key === 'access' || setting.key === 'furtherAccess') && setting.key === key
        ? [setting.value]
        : []
    )
  )
}

function refuses(access: Access): boolean {
  return allowed(access).kind !== 'always'
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
