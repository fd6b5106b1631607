import type { Access, Binding, Condition, PlanNote, Scope, Setting, Site } from '../model/index.js'
import { urlsOf } from '../dialects/answering.js'
import { always } from '../model/index.js'

type Rules = Access['rules']

/**
 * Requests that something else than a FastCGI application answers (`Binding.group`) are refused in a translation: what
 * is a program in the source would be sent as a text. A scope that says something of one handler refuses what any scope
 * has for the others, so that nothing is opened.
 */
export function closedElsewhere(site: Site): { readonly site: Site; readonly notes: readonly PlanNote[] } {
  const all = scopesOf(site.root).flatMap((scope) => scope.settings.filter(isElsewhere))
  if (all.length === 0) return { site, notes: [] }
  const notes = all.flatMap(({ value }) => value.map(noteOf))
  return { site: { ...site, root: closed(site.root, all) }, notes }
}

type Bindings = Extract<Setting, { key: 'bindings' }>

function isElsewhere(setting: Setting): setting is Bindings {
  return setting.key === 'bindings' && (setting.groups ?? ['']).every((group) => group !== '')
}

function closed(scope: Scope, all: readonly Bindings[]): Scope {
  const own = scope.settings.filter(isElsewhere)
  const children = scope.children.map((child) => closed(child, all))
  if (own.length === 0) return { ...scope, children }
  const said = new Set(own.flatMap(({ groups = [] }) => groups))
  const others = all.filter(({ groups = [] }) => !groups.every((group) => said.has(group)))
  const rules = [...own, ...others].flatMap(({ value }) => value.flatMap(refusal))
  const origins = own.flatMap(({ origin, parts = [] }) => [...(origin ? [origin] : []), ...parts])
  const [origin, ...parts] = origins
  const setting: Setting = {
    key: 'furtherAccess',
    value: { rules, otherwise: 'allow' },
    reach: 'inherited',
    ...(origin && { origin }),
    parts
  }
  const settings = scope.settings.filter((each) => !isElsewhere(each))
  return { ...scope, children, settings: [...settings, setting] }
}

/** None where nothing of the request would be sent otherwise: listings of directories, methods that files do not answer. */
function refusal({ match, origin }: Binding): Rules {
  const when = asked(match)
  return when === undefined ? [] : [{ when, allow: false, origin }]
}

function asked(match: Binding['match']): Condition | undefined {
  switch (match.kind) {
    case 'suffix':
    case 'prefix':
      return match.value === '' ? always : { kind: 'test', subject: { of: 'path' }, test: match }
    case 'regex':
      return { kind: 'test', subject: { of: 'path' }, test: match }
    case 'exact':
      return { kind: 'test', subject: { of: 'path' }, test: { kind: 'equals', value: match.value } }
    case 'any':
    case 'file-prefix':
    case 'label':
      return undefined
  }
}

function noteOf({ match, target, origin }: Binding): PlanNote {
  const what = target.kind === 'unsupported' ? target.what : 'it'
  const isRefused = asked(match) !== undefined
  return {
    origin,
    verdict: 'lost',
    note: {
      message: isRefused
        ? `${what} is no FastCGI application, so these requests are refused`
        : `${what} is no FastCGI application, and these requests are answered without it`,
      affects: ['routing', 'status', 'body'],
      ...urlsOf({ match }),
      advice: 'Write by hand what answers there.'
    }
  }
}

function scopesOf(scope: Scope): readonly Scope[] {
  return [scope, ...scope.children.flatMap(scopesOf)]
}
