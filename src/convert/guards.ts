import { unguarded } from '../dialects/guarded.js'
import type { AuthorizerRules, Binding, PlanNote, Scope, Setting, Site } from '../model/index.js'

/**
 * Writers know one kind of guard: it is asked ahead of everything, and its no is final. What another one guards is closed,
 * by a scope of its own behind all others.
 */
export function plainGuards(
  site: Site,
  allowOpen: boolean
): { readonly site: Site; readonly notes: readonly PlanNote[] } {
  const notes: PlanNote[] = []
  return { site: { ...site, root: plain(site.root, allowOpen, notes) }, notes }
}

function plain(scope: Scope, allowOpen: boolean, notes: PlanNote[]): Scope {
  const others: Binding[] = []
  const settings = scope.settings.map((setting): Setting => {
    if (setting.key !== 'bindings') return setting
    others.push(...setting.value.filter(isOther))
    return others.length === 0 ? setting : { ...setting, value: setting.value.filter((one) => !isOther(one)) }
  })
  const children = scope.children.map((child) => plain(child, allowOpen, notes))
  if (others.length === 0 && children.every((child, index) => child === scope.children[index])) return scope
  for (const { origin, target } of others) {
    const asked = target.kind === 'fastcgi' ? target.role : 'application'
    const message = `the ${asked} has no counterpart at its place among the other questions`
    const advice = 'let the application behind it ask, and open these URLs by hand'
    notes.push({ origin, verdict: 'lost', note: unguarded(message, allowOpen, advice) })
  }
  return { ...scope, settings, children: [...children, ...(allowOpen ? [] : others.map(closed))] }
}

function closed({ when, origin }: Binding): Scope {
  return {
    name: 'guarded',
    when,
    choose: { kind: 'all' },
    rank: Number.MAX_SAFE_INTEGER,
    settings: [{ key: 'access', value: { rules: [], otherwise: 'deny' }, reach: 'inherited', origin }],
    children: [],
    origin
  }
}

function isOther({ at, target }: Binding): boolean {
  if (target.kind !== 'fastcgi' || target.role === 'responder') return false
  return at.includes('login') || at.includes('authorize') || isLeft(target.verdict)
}

function isLeft(verdict: AuthorizerRules | undefined): boolean {
  return verdict?.refusal === 'left-to-others'
}
