import type { Diagnostic, Span } from '../diagnostics/index.js'
import { languageOf } from '../dialects/names.js'
import { wordsAt } from '../dialects/words.js'
import type { SourceWord } from '../dialects/words.js'
import type { Finding, LintInput, OptionValue, Rule, RuleContext, RuleOption, Visits } from './rule.js'

export const noVisits: Visits = {}

/** One rule at work on one input. */
export class Run {
  readonly found: Diagnostic[] = []
  readonly context: RuleContext
  visits: Visits = noVisits
  /** What was reported, by the place it begins at. */
  private said: Map<number, readonly Diagnostic[]> | undefined
  private broken = false

  constructor(
    readonly rule: Rule,
    private readonly input: LintInput,
    common: CommonContext
  ) {
    // Written out, for a spread takes ten times as long, and there are many rules for each of many small files.
    this.context = {
      site: common.site,
      vocabulary: common.vocabulary,
      serverVersion: common.serverVersion,
      words: common.words,
      missing: common.missing,
      text: common.text,
      report: (finding) => this.report(finding),
      flag: (name) => this.option(name, isFlag),
      number: (name) => this.option(name, isNumber),
      list: (name) => this.option(name, isList)
    }
  }

  start(): void {
    this.try((rule, context) => {
      rule.site?.(context.site, context)
      if (rule.visits !== undefined) this.visits = rule.visits(context)
    })
  }

  try(visit: (rule: Rule, context: RuleContext) => void): void {
    this.show(() => visit(this.rule, this.context), undefined)
  }

  /** A rule that throws says so, once, and takes nothing else down. */
  show<Thing>(to: (thing: Thing) => void, thing: Thing): void {
    if (this.broken) return
    const { timing } = this.input
    const start = timing?.now() ?? 0
    try {
      to(thing)
    } catch (error) {
      this.broken = true
      this.found.push(this.failure(error))
    }
    timing?.add(this.rule.code, timing.now() - start)
  }

  private failure(error: unknown): Diagnostic {
    const [main] = this.input.site.sources
    const span: Span | undefined = main && { file: main.file, start: 0, end: 0 }
    const message = error instanceof Error ? error.message : String(error)
    return {
      code: 'internal/rule',
      severity: 'error',
      message: `the rule \`${this.rule.code}\` failed: ${message}`,
      ...(span !== undefined && { span }),
      hint: 'this is a mistake of fcgi-conf, not of the configuration; please report it with the file'
    }
  }

  private option<Value extends OptionValue>(name: string, is: (value: OptionValue) => value is Value): Value {
    const { code, options } = this.rule
    const declared: RuleOption | undefined = options?.[name]
    if (declared === undefined) throw new Error(`\`${code}\` has no option \`${name}\``)
    const value = this.input.settings?.get(code)?.options?.[name] ?? declared.default
    if (!is(value)) throw new Error(`the option \`${name}\` of \`${code}\` is no ${declared.kind}`)
    return value
  }

  private report({ severity, ...finding }: Finding): void {
    const { code } = this.rule
    const { span, message } = finding
    // A list is visited once for each scope that inherits it, and lists stand in settings and pools alike.
    const said = (this.said ??= new Map<number, readonly Diagnostic[]>())
    const before = said.get(span.start) ?? []
    if (before.some((one) => one.message === message && one.span?.file === span.file)) return
    const chosen = this.input.settings?.get(code)?.severity
    const settled = chosen === undefined || chosen === 'off' ? severity : chosen
    const found = { code, severity: settled ?? this.rule.severity, ...finding }
    said.set(span.start, [...before, found])
    this.found.push(found)
  }
}

/** What every rule is given alike: made once for an input, for there are many rules and most inputs are small. */
export type CommonContext = Omit<RuleContext, 'report' | 'flag' | 'number' | 'list'>

export function commonContext(input: LintInput, missing: readonly Span[]): CommonContext {
  const { site, vocabulary = new Map(), serverVersion } = input
  // Several rules ask for the words of the same thousands of directives.
  const split = new Map<Span, readonly SourceWord[]>()
  return {
    site,
    vocabulary,
    words: (span) => {
      const words = split.get(span) ?? wordsOf(input, span)
      split.set(span, words)
      return words
    },
    missing,
    serverVersion,
    text: ({ file, start, end }) => input.texts?.get(file)?.slice(start, end) ?? ''
  }
}

function wordsOf({ name, texts }: LintInput, span: Span): readonly SourceWord[] {
  const text = texts?.get(span.file)
  return name === undefined || text === undefined ? [] : wordsAt(languageOf(name), text, span)
}

function isFlag(value: OptionValue): value is boolean {
  return typeof value === 'boolean'
}

function isNumber(value: OptionValue): value is number {
  return typeof value === 'number'
}

function isList(value: OptionValue): value is readonly string[] {
  return Array.isArray(value)
}
