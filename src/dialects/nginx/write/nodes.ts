import type { Binding, Condition, ConditionRule, InForce, PlannedRule } from '../../../model/index.js'
import { always, eachTest, inside, isTextTest, never, partially } from '../../../model/index.js'
import { answering } from '../../answering.js'

/** A URL prefix (or one URL) at which something changes, with all that holds there. The root is the empty prefix. */
export interface UrlNode {
  readonly path: string
  readonly exact: boolean
  readonly settings: InForce
  /** Rules that hold for all of its URLs; they are in the settings already. */
  readonly applied: readonly ConditionRule[]
  /** Rules whose conditions ask for more than a prefix, with their settings as changes to the node's. */
  readonly open: readonly OpenRule[]
}

export interface OpenRule {
  readonly when: Condition
  readonly rule: ConditionRule
  readonly settings: InForce
}

interface Point {
  readonly path: string
  readonly exact: boolean
}

/**
 * nginx chooses one location, so every prefix at which something changes becomes a location of its own that says all of
 * what holds there: the rules that cover it, folded in order.
 */
export function nodesOf(host: InForce, rules: readonly PlannedRule[]): readonly UrlNode[] {
  const conditions = rules.filter((rule) => rule.kind === 'condition')
  const points = new Map<string, Point>()
  const add = (point: Point): void => {
    points.set(`${point.exact ? '=' : ''}${point.path}`, point)
  }
  add({ path: '', exact: false })
  const addSettings = (settings: InForce): void => {
    for (const binding of answering(settings)) bindingPoints(binding).forEach(add)
    for (const { match } of settings.aliases?.value ?? []) {
      if (match.kind === 'prefix') add({ path: match.value, exact: false })
    }
  }
  const addRule = (rule: PlannedRule): void => {
    if (rule.kind === 'location' || !asksPathOnly(rule.when)) return
    addSettings(rule.settings)
    conditionPoints(rule.when).forEach(add)
    rule.rules.forEach(addRule)
  }
  addSettings(host)
  conditions.forEach(addRule)
  return [...points.values()].map((point) => nodeAt(point, host, conditions))
}

function asksPathOnly(condition: Condition): boolean {
  let only = true
  eachTest(condition, ({ of }) => {
    if (of !== 'path' && of !== 'basename') only = false
  })
  return only
}

function bindingPoints({ match }: Binding): readonly Point[] {
  switch (match.kind) {
    case 'prefix':
      return match.segments && !match.value.endsWith('/')
        ? [
            { path: match.value, exact: true },
            { path: `${match.value}/`, exact: false }
          ]
        : [{ path: match.value, exact: false }]
    case 'exact':
      return [{ path: match.value, exact: true }]
    case 'any':
    case 'suffix':
    case 'file-prefix':
    case 'regex':
    case 'label':
      return []
  }
}

function conditionPoints(condition: Condition): readonly Point[] {
  const points: Point[] = []
  eachTest(condition, (subject, test) => {
    if (subject.of !== 'path') return
    if (test.kind === 'equals') points.push({ path: test.value, exact: true })
    if (test.kind !== 'prefix') return
    const ended = test.segments && !test.value.endsWith('/')
    points.push({ path: ended ? `${test.value}/` : test.value, exact: false })
    if (ended) points.push({ path: test.value, exact: true })
  })
  return points
}

function nodeAt(point: Point, host: InForce, rules: readonly ConditionRule[]): UrlNode {
  let settings = host
  const open: OpenRule[] = []
  const applied: ConditionRule[] = []
  const visit = (rule: PlannedRule): void => {
    if (rule.kind === 'location') return
    const when = at(point, rule.when)
    if (when.kind === 'never') return
    if (when.kind === 'always') {
      settings = inside(settings, rule.settings)
      applied.push(rule)
      rule.rules.forEach(visit)
      return
    }
    open.push({ when, rule, settings: rule.settings })
  }
  rules.forEach(visit)
  return { ...point, settings, applied, open }
}

/** The condition for URLs of the point that belong to no point further in. */
function at(point: Point, condition: Condition): Condition {
  return partially(condition, (subject, test) => {
    if (subject.of !== 'path' || !isTextTest(test)) return undefined
    switch (test.kind) {
      case 'equals':
        if (point.exact) return point.path === test.value ? always : never
        return never
      case 'prefix':
        return startsWith(point, test.value, test.segments) ? always : never
      case 'suffix':
        return point.exact ? (point.path.endsWith(test.value) ? always : never) : undefined
      case 'regex':
        return cannotFit(point, test.regex.source) ? never : undefined
      case 'glob':
      case 'true':
        return undefined
    }
  })
}

function startsWith({ path, exact }: Point, prefix: string, segments: boolean): boolean {
  if (!segments || prefix.endsWith('/')) return path.startsWith(prefix)
  return path.startsWith(`${prefix}/`) || (exact && path === prefix)
}

/** A pattern that begins with other plain characters than the prefix has nothing to do with it. */
function cannotFit({ path }: Point, source: string): boolean {
  const plain = /^\^((?:[\w/-]|\\\.)+)(?![?*{])/.exec(source)?.[1]?.replaceAll('\\.', '.')
  if (plain === undefined) return false
  const sure = /[?*{|]/.test(source.charAt(1 + plain.length)) ? plain.slice(0, -1) : plain
  const length = Math.min(sure.length, path.length)
  return sure.slice(0, length) !== path.slice(0, length)
}

/** Prefixes cover what begins with them. */
export function covers(binding: Binding, node: UrlNode): boolean {
  const { match } = binding
  switch (match.kind) {
    case 'any':
      return true
    case 'prefix':
      return startsWith(node, match.value, match.segments)
    case 'exact':
      return node.exact && node.path === match.value
    case 'suffix':
      return match.value === '' || (node.exact && node.path.endsWith(match.value))
    case 'regex':
    case 'file-prefix':
    case 'label':
      return false
  }
}
