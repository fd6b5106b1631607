import type { Span } from '../../../diagnostics/index.js'
import { quote } from '../quote.js'
import type { ConditionRule, InForce, PlannedHost, Setting } from '../../../model/index.js'
import { origins } from '../../../model/index.js'
import { block, commented, directive, type Item } from './document.js'
import { markSetting } from './marks.js'
import type { UrlNode } from './nodes.js'
import type { Output } from './output.js'
import { escaped, patternOf } from './patterns.js'
import { redirectItems, redirectedLate, rewriteItems } from './rewrites.js'
import type { Surroundings } from './templates.js'

/** Rules for some URLs that stand in the server, and the places that need not say them again. */
export interface Ahead {
  readonly items: readonly Item[]
  readonly said: ReadonlySet<UrlNode | ConditionRule>
}

/**
 * Rules that rewrite some URLs take the place of the server's own there, and are tried once, on the URL that was asked for.
 * In a location they would be tried behind those of the server, and again for what they lead to; so they stand in the server,
 * ahead of its own, as `if ($uri ~ …) { rewrite …; break; }`.
 */
export function rewritesAhead(
  nodes: readonly UrlNode[],
  { settings: host, rules }: PlannedHost,
  out: Output
): Ahead {
  const places = nodes.flatMap((node): readonly Place[] => {
    if (node.path !== '') {
      const asked = node.exact ? ['=', quote(node.path)] : ['~', quote(`^${escaped(node.path)}`)]
      const rank = Math.max(-1, ...node.applied.filter(isAbout).map((rule) => rules.indexOf(rule)))
      const origins = node.applied.filter(isAbout).map(({ origin }) => origin)
      return [{ of: node, asked, settings: node.settings, rank, length: node.path.length, origins }]
    }
    return node.open.flatMap(({ rule, when, settings }): readonly Place[] => {
      const pattern = rule.rules.length > 0 ? undefined : patternOf(when, false)
      if (pattern === undefined) return []
      const asked = [pattern.operator, quote(pattern.source)]
      const all = { ...node.settings, ...settings }
      return [
        { of: rule, asked, settings: all, rank: rules.indexOf(rule), length: 0, origins: [rule.origin] }
      ]
    })
  })
  const said = new Set<UrlNode | ConditionRule>()
  // What is said last wins, and of what is said at once the longest beginning.
  const items = places
    .filter(({ settings }) => isOwn(settings, host))
    .sort((one, other) => other.rank - one.rank || other.length - one.length)
    .flatMap(({ of, asked, settings, origins }) => {
      const item = aheadItem(asked, settings, out)
      if (item === undefined) return []
      said.add(of)
      const comments = origins.flatMap((origin) => out.ledger.takeComments(origin))
      return [commented(item, comments)]
    })
  return { items, said }
}

/** A place with rules of its own, and how the server asks whether a URL is of it. */
interface Place {
  readonly of: UrlNode | ConditionRule
  readonly asked: readonly string[]
  readonly settings: InForce
  readonly rank: number
  readonly length: number
  /** The directives that hold its rules. */
  readonly origins: readonly (Span | undefined)[]
}

function isAbout({ settings }: ConditionRule): boolean {
  return settings.rewrites !== undefined || settings.redirects !== undefined
}

/** What the place says of itself is not what holds around it, and there is something to rewrite at one of both. */
function isOwn({ rewrites, redirects }: InForce, host: InForce): boolean {
  const rewrite = [rewrites, host.rewrites].some((setting) => (setting?.value ?? []).length > 0)
  return rewrite && (rewrites !== host.rewrites || redirects !== host.redirects)
}

function aheadItem(asked: readonly string[], settings: InForce, out: Output): Item | undefined {
  const { rewrites, redirects } = settings
  const at: Surroundings = { settings, scriptName: '$fastcgi_script_name', pathInfo: '$fastcgi_path_info' }
  const redirected = redirectItems(redirects?.value ?? [], at, out)
  const rewritten = rewriteItems(rewrites?.value ?? [], at, out)
  if (redirected === undefined || rewritten === undefined) return undefined
  // nginx has no `if` in an `if`.
  const body = [...redirected, ...rewritten]
  if (body.some((item) => item.body !== undefined)) return undefined
  const late = redirectedLate(rewrites?.value ?? [])
  if (redirects !== undefined && redirected.length > 0 && late !== undefined)
    markSetting(redirects, 'approx', out, late)
  const comments = [rewrites, redirects].flatMap((setting) => commentsOf(setting, out))
  const [subject, ...value] = ['($uri', ...asked]
  const head = [subject, ...value.slice(0, -1), `${value.at(-1) ?? ''})`]
  return commented(block(['if', ...head], [...body, directive('break')]), comments)
}

function commentsOf(setting: Setting | undefined, out: Output): readonly string[] {
  return setting === undefined ? [] : origins(setting).flatMap((origin) => out.ledger.takeComments(origin))
}

/** The settings around a place whose rewrites are said already. */
export function withSaid(outer: InForce, place: InForce): InForce {
  return {
    ...outer,
    ...(place.rewrites !== undefined && { rewrites: place.rewrites }),
    ...(place.redirects !== undefined && { redirects: place.redirects })
  }
}

/** Whether the rules of a place are all that is said of it, so that no location is needed where the server says them. */
export function onlyRewrites(rules: readonly ConditionRule[]): boolean {
  return (
    rules.length > 0 &&
    rules.every(
      ({ settings, rules: inner }) =>
        inner.length === 0 && Object.keys(settings).every((key) => key === 'rewrites' || key === 'redirects')
    )
  )
}

/** Marks rules that the server says. */
export function markSaid(rules: readonly ConditionRule[], out: Output): void {
  for (const { origin, settings } of rules) {
    out.ledger.mark(origin, 'exact')
    for (const setting of [settings.rewrites, settings.redirects])
      if (setting !== undefined) markSetting(setting, 'exact', out)
  }
}
