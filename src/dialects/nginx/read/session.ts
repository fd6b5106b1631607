import type { Diagnostic, Related, Span } from '../../../diagnostics/index.js'
import { lineStarts } from '../../../diagnostics/index.js'
import type { CaptureSource, DirectiveRecord, ParamEntry, SourceFile } from '../../../model/index.js'
import { parse, type Directive, type NginxTree, type Word } from '../../../../grammars/nginx/index.js'
import type { ReadIo, ReadOptions } from '../../dialect.js'
import type { NginxContext, NginxRow } from '../vocabulary/index.js'
import type { IncludeFolders } from './files.js'
import { captures } from './values.js'
import type { ZoneUse } from './zones.js'

/** A directive with the file it stands in. */
export interface Item {
  readonly directive: Directive
  readonly file: string
  /** Of all of it: what is made of the directive shares it. */
  readonly span: Span
}

export function itemOf(directive: Directive, file: string): Item {
  return { directive, file, span: { file, start: directive.start, end: directive.end } }
}

interface Checked {
  readonly context: NginxContext
  /** Absent where nginx refuses the directive. */
  readonly row: NginxRow | undefined
}

/**
 * What one reading collects: files, diagnostics, and what became of each directive. A file that is included several
 * times is parsed once, and its directives are recorded once.
 */
export class Session {
  readonly diagnostics: Diagnostic[] = []
  readonly texts = new Map<string, string>()
  readonly sources: SourceFile[] = []
  /** Variables that maps, sets and captures define. */
  readonly defined = new Set<string>()
  /** Headers, arguments and cookies that a `set` gives another value: in the requests that come by it. */
  readonly assigned = new Set<string>()
  /** Those that were asked for, with the first place. */
  readonly used = new Map<string, Span>()
  /** Named groups of regular expressions, and whose they are. They are variables of the whole configuration. */
  readonly captures = new Map<string, CaptureSource>()
  /** What checking a directive gave, in the kind of block it was met in last. */
  readonly checked = new Map<Directive, Checked>()
  /** Params already read. */
  readonly params = new Map<Directive, ParamEntry>()
  /** Zones that are defined, each behind the directive that does so, and those that are used. */
  readonly zones = new Set<string>()
  readonly zonesUsed: ZoneUse[] = []
  /** Headers with `_` in their names may reach `$http_*`, which finds them like those with `-`. */
  keepsUnderscores = false
  /** A text outside of maps has `$1` or one of its kin. */
  usesCaptures = false
  refused = false
  /** The file is a part of a configuration: what it needs may stand elsewhere. */
  fragment = false
  /** Where a part of a configuration has its includes, once that was looked for. */
  foldersOfPart: IncludeFolders | undefined
  /** What an `include` gives whose file is not there, and the directives of it: they are nowhere in the source. */
  private readonly shipped = new Map<Directive, readonly Directive[]>()
  private readonly unwritten = new Set<Directive>()
  private readonly included = new Map<readonly Directive[], readonly Item[]>()
  private readonly trees = new Map<string, NginxTree>()
  private readonly records = new Map<Directive, DirectiveRecord>()

  constructor(
    readonly io: ReadIo,
    /** The folder of the main file: what `include` is relative to. */
    readonly folder: string,
    /** What other paths are relative to. */
    readonly prefix: string,
    readonly version: string,
    /** What the user said; the prefix only where one was given. */
    readonly given: Pick<ReadOptions, 'prefix' | 'modules'> = {}
  ) {}

  /** The tree of a text, parsed and its syntax errors reported the first time. */
  open(file: string, text: string, includedFrom?: Span): NginxTree {
    const known = this.trees.get(file)
    if (known !== undefined) return known
    const tree = parse(file, text)
    this.trees.set(file, tree)
    this.texts.set(file, text)
    this.sources.push({
      file,
      lines: lineStarts(text),
      ...(includedFrom === undefined ? {} : { includedFrom })
    })
    if (text.includes('(?')) this.collectCaptures(tree.body)
    if (/\bset\s/.test(text)) this.collectAssigned(tree.body)
    if (/\b(?:underscores_in_headers|ignore_invalid_headers)\s/.test(text)) this.keepsUnderscores = true
    this.diagnostics.push(...tree.diagnostics)
    if (tree.diagnostics.length > 0) this.refused = true
    return tree
  }

  private collectCaptures(statements: readonly Directive[]): void {
    for (const { name, args, body } of statements) {
      for (const { value } of [name, ...args]) {
        if (!value.includes('(?')) continue
        const from = name.value === 'server_name' ? 'host' : name.value === 'location' ? 'scope' : 'last'
        for (const group of captures(value).names) this.captures.set(group, from)
      }
      if (body.kind === 'block') this.collectCaptures(body.statements)
    }
  }

  private collectAssigned(statements: readonly Directive[]): void {
    for (const { name, args, body } of statements) {
      const [variable] = args
      const family = /^\$((?:http|arg|cookie|sent_http|upstream_http|upstream_cookie)_\w+)$/
      const found = name.value === 'set' ? family.exec(variable?.value ?? '')?.[1] : undefined
      if (found !== undefined) this.assigned.add(found)
      if (body.kind === 'block') this.collectAssigned(body.statements)
    }
  }

  opened(file: string): NginxTree | undefined {
    return this.trees.get(file)
  }

  shippedFor(include: Directive): readonly Directive[] | undefined {
    return this.shipped.get(include)
  }

  addShipped(include: Directive, body: readonly Directive[]): readonly Directive[] {
    this.shipped.set(include, body)
    for (const directive of body) this.unwritten.add(directive)
    return body
  }

  /**
   * What an included file gives where it includes nothing itself, made once: thousands of servers may include one list of
   * params.
   */
  itemsOf(body: readonly Directive[], file: string): readonly Item[] | undefined {
    const known = this.included.get(body)
    if (known !== undefined) return known.length === body.length ? known : undefined
    const made = body.some((directive) => nameOf(directive) === 'include')
      ? []
      : body.map((directive) => itemOf(directive, file))
    this.included.set(body, made)
    return made.length === body.length ? made : undefined
  }

  /** A refusal: nginx does not start on this. */
  refuse(code: string, span: Span, message: string, hint?: string, related?: readonly Related[]): void {
    this.refused = true
    this.say('error', code, span, message, hint, related)
  }

  warn(code: string, span: Span, message: string, hint?: string): void {
    this.say('warning', code, span, message, hint)
  }

  report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic)
  }

  private say(
    severity: 'error' | 'warning',
    code: string,
    span: Span,
    message: string,
    hint?: string,
    related?: readonly Related[]
  ): void {
    this.diagnostics.push({
      code,
      severity,
      message,
      span,
      ...(hint === undefined ? {} : { hint }),
      ...(related === undefined ? {} : { related })
    })
  }

  /** Says what became of a directive; where it is met again, the better news counts. */
  record(item: Item, state: DirectiveRecord['state'], within?: string): void {
    const { directive } = item
    if (this.unwritten.has(directive)) return
    const known = this.records.get(directive)
    if (known !== undefined && rank[known.state.kind] >= rank[state.kind]) return
    const { before, behind } = directive.comments
    const comments = behind === undefined ? before : [...before, behind]
    const name = nameOf(directive)
    const texts = comments.length === 0 ? none : comments.map(({ text }) => text)
    const { span } = item
    this.records.set(
      directive,
      within === undefined
        ? { name, span, comments: texts, state }
        : { name, within, span, comments: texts, state }
    )
  }

  /** Takes back that a directive was read: a part of it has no place in the model yet. */
  notReadYet(item: Item): void {
    const known = this.records.get(item.directive)
    if (known !== undefined) this.records.set(item.directive, { ...known, state: { kind: 'not-read-yet' } })
  }

  recorded(): readonly DirectiveRecord[] {
    return [...this.records.values()]
  }

  span({ span }: Item): Span {
    return span
  }

  /** Of the head, without the body. */
  head({ directive, file }: Item): Span {
    return { file, start: directive.start, end: directive.headEnd }
  }

  spans(items: readonly Item[]): readonly Span[] {
    return items.map(({ span }) => span)
  }

  word({ file }: Item, word: Word): Span {
    return { file, start: word.start, end: word.end }
  }

  use(name: string, span: Span): void {
    if (!this.used.has(name)) this.used.set(name, span)
  }
}

const none: readonly string[] = []

const rank: Readonly<Record<DirectiveRecord['state']['kind'], number>> = {
  unknown: 0,
  'not-read-yet': 1,
  'not-run': 1,
  ignored: 2,
  outside: 3,
  structure: 4,
  read: 5
}

/** A byte order mark at the start of a file belongs to the first word. */
export function nameOf(directive: Directive): string {
  const { value } = directive.name
  return value.charCodeAt(0) === 0xfeff ? value.slice(1) : value
}

/** The head as a person would write it. */
export function headText({ directive }: Item): string {
  return [nameOf(directive), ...directive.args.map(({ raw }) => raw)].join(' ')
}
