import type { Diagnostic, Span } from '../diagnostics/index.js'
import { languageOf } from '../dialects/names.js'
import type { Vocabulary } from '../dialects/vocabulary.js'
import { wordsAt } from '../dialects/words.js'
import type { Scope, Setting } from '../model/index.js'
import { unknownKey } from './rules/unknown-key.js'
import type { Finding, LintInput, Rule, RuleContext } from './rule.js'

/** The reader's findings and those of every rule that concerns the dialect, in no particular order. */
export function lint(
  input: LintInput,
  vocabulary: Vocabulary,
  rules: readonly Rule[]
): readonly Diagnostic[] {
  const { name, site } = input
  const concerned = rules.filter(
    ({ dialects }) => dialects === 'all' || (name !== undefined && dialects.includes(name))
  )
  const missing = [...(input.missing ?? []), ...missingIn(input.diagnostics)]
  const runs = concerned.map((rule) => new Run(rule, input, vocabulary, missing))
  const each = (visit: (run: Run) => void): void => runs.forEach(visit)
  each((run) => run.try(({ rule, context }) => rule.site?.(site, context)))
  walk(site.root, (scope, parents) => {
    each((run) => run.try(({ rule, context }) => rule.scope?.(scope, parents, context)))
    for (const setting of scope.settings) visitSetting(setting, scope, each)
  })
  for (const pool of site.pools) {
    each((run) => run.try(({ rule, context }) => rule.pool?.(pool, context)))
    for (const member of pool.members) {
      each((run) => run.try(({ rule, context }) => rule.member?.(member, pool, context)))
    }
  }
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

function visitSetting(setting: Setting, scope: Scope, each: (visit: (run: Run) => void) => void): void {
  each((run) => run.try(({ rule, context }) => rule.setting?.(setting, scope, context)))
}

/** Every scope, outer ones first, with those around it; without recursion, for a Site may come from anywhere. */
function walk(root: Scope, visit: (scope: Scope, parents: readonly Scope[]) => void): void {
  const open: { readonly scope: Scope; readonly parents: readonly Scope[] }[] = [{ scope: root, parents: [] }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { scope, parents } = next
    visit(scope, parents)
    const inside = [...parents, scope]
    for (const child of [...scope.children].reverse()) open.push({ scope: child, parents: inside })
  }
}

/** One rule at work on one Site. */
class Run {
  readonly found: Diagnostic[] = []
  readonly rule: Rule
  readonly context: RuleContext
  private readonly said = new Set<string>()
  private broken = false
  private readonly first: Span | undefined

  constructor(
    rule: Rule,
    { site, name, texts = new Map() }: LintInput,
    vocabulary: Vocabulary,
    missing: readonly Span[]
  ) {
    this.rule = rule
    const [main] = site.sources
    this.first = main === undefined ? undefined : { file: main.file, start: 0, end: 0 }
    this.context = {
      site,
      vocabulary,
      words: (span) => {
        const text = texts.get(span.file)
        return name === undefined || text === undefined ? [] : wordsAt(languageOf(name), text, span)
      },
      text: ({ file, start, end }) => texts.get(file)?.slice(start, end) ?? '',
      missing,
      report: (finding) => this.report(finding)
    }
  }

  /** A rule that throws says so, once, and takes nothing else down. */
  try(visit: (run: Run) => void): void {
    if (this.broken) return
    try {
      visit(this)
    } catch (error) {
      this.broken = true
      const message = error instanceof Error ? error.message : String(error)
      this.found.push({
        code: 'internal/rule',
        severity: 'error',
        message: `the rule \`${this.rule.code}\` failed: ${message}`,
        ...(this.first === undefined ? {} : { span: this.first }),
        hint: 'this is a mistake of fcgi-conf, not of the configuration; please report it with the file'
      })
    }
  }

  private report({ severity, ...finding }: Finding): void {
    const { code } = this.rule
    // A list is visited once for each scope that inherits it, and lists stand in settings and pools alike.
    const key = `${placeOf(finding)} ${finding.message}`
    if (this.said.has(key)) return
    this.said.add(key)
    this.found.push({ code, severity: severity ?? this.rule.severity, ...finding })
  }
}
