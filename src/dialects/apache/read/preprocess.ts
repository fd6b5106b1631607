import { parse, type Section, type Statement } from '../../../../grammars/apache/index.js'
import { maximumDepth } from '../../../../grammars/tree.js'
import { lineStarts, type Span } from '../../../diagnostics/index.js'
import type { SourceFile } from '../../../model/index.js'
import type { ReadIo, ReadOptions } from '../../dialect.js'
import type { Expanded } from './expand.js'
import { lineOf, type Line } from './line.js'
import { Modules } from './modules.js'
import { folderOf } from '../../paths.js'
import { absolute, hasWildcards } from './paths.js'
import type { Report } from './report.js'
import { sectionHolds } from './questions.js'
import { replaceNames } from './names.js'

/** Files that may be open at once (core: AP_MAX_INCLUDE_DEPTH), and files read in all. */
/** What Debian's start script sets (/etc/apache2/envvars). */
const ofStartScript =
  /^APACHE_(?:CONFDIR|ENVVARS|LOCK_DIR|LOG_DIR|PID_FILE|RUN_(?:DIR|USER|GROUP)|ARGUMENTS|ULIMIT_MAX_FILES)$/

const maximumIncludes = 128
const maximumFiles = 20_000

/** Lines that macros and includes may grow to. */
const maximumLines = 200_000

export const currentVersion = '2.4.62'

/** What is done while the configuration is read, and never in a `.htaccess` file. */
const notInFolders: ReadonlySet<string> = new Set([
  ...['Define', 'UnDefine', 'LoadModule', 'ServerRoot', 'Include', 'IncludeOptional']
])

interface Macro {
  readonly parameters: readonly string[]
  readonly file: string
  readonly body: readonly Statement[]
  readonly span: Span
}

/** Where a line stands while it is read. */
interface Place {
  readonly file: string
  readonly text: string
  readonly depth: number
  readonly arguments: ReadonlyMap<string, string>
  readonly including: readonly string[]
}

/** What httpd does while it reads: the lines that are left once everything is included, defined and decided. */
export class Preprocessor {
  readonly sources: SourceFile[] = []
  readonly texts = new Map<string, string>()
  readonly modules: Modules
  private readonly seen = { loadModule: false, server: false }
  serverRoot: string
  private readonly defines: Map<string, string>
  private readonly undefinedNames = new Set<string>()
  private readonly macros = new Map<string, Macro>()
  private readonly version: string
  private lines = 0
  private inFolder = false

  constructor(
    private readonly io: ReadIo,
    private readonly options: ReadOptions,
    private readonly report: Report,
    whole: boolean,
    main: string,
    private readonly knownModules: ReadonlySet<string>
  ) {
    this.serverRoot = options.prefix ?? folderOf(main)
    this.version = options.version ?? currentVersion
    this.defines = new Map((options.defines ?? []).map((name) => [name, '']))
    this.modules = new Modules(whole, (module) => knownModules.has(module))
    for (const name of options.modules ?? []) {
      const plain = name.replace(/^mod_|_module$|\.(?:c|so)$/g, '')
      this.modules.load(`${plain}_module`, `mod_${plain}.so`)
    }
  }

  /** What was read so far has the signs of a whole configuration rather than a fragment of one. */
  get isWhole(): boolean {
    return this.seen.loadModule && this.seen.server
  }

  /** The lines of a `.htaccess` file: all that the configuration defined is known there, and it cannot change it. */
  folderFile(file: string, text: string, report: Report): readonly Line[] {
    const given: ReadIo = { ...this.io, readFile: () => ({ kind: 'text', text }) }
    const { options, modules, serverRoot, knownModules } = this
    const made = new Preprocessor(given, options, report, modules.whole, file, knownModules)
    for (const [name, value] of this.defines) made.defines.set(name, value)
    for (const [name, macro] of this.macros) made.macros.set(name, macro)
    for (const [name, source] of this.texts) if (name !== file) made.texts.set(name, source)
    made.modules.loadLike(modules)
    made.serverRoot = serverRoot
    made.inFolder = true
    return made.file(file)
  }

  file(path: string, from?: Span, including: readonly string[] = [], depth = 0): readonly Line[] {
    const result = this.io.readFile(path)
    if (result.kind === 'failed') {
      const span = from ?? { file: path, start: 0, end: 0 }
      this.report.refuse(
        'unreadable-file',
        span,
        `Could not read \`${path}\`: ${result.message}`,
        'check the path'
      )
      return []
    }
    if (!this.texts.has(path)) {
      this.texts.set(path, result.text)
      this.sources.push({
        file: path,
        lines: lineStarts(result.text),
        ...(from === undefined ? {} : { includedFrom: from })
      })
    }
    const tree = parse(path, result.text)
    for (const diagnostic of tree.diagnostics) {
      this.report.refused = true
      if (
        !this.report.diagnostics.some(
          (one) => same(one.span, diagnostic.span) && one.code === diagnostic.code
        )
      ) {
        this.report.diagnostics.push(diagnostic)
      }
    }
    const place: Place = {
      file: path,
      text: result.text,
      depth,
      arguments: new Map(),
      including: [...including, path]
    }
    return this.body(tree.body, place)
  }

  private body(statements: readonly Statement[], place: Place): readonly Line[] {
    const lines: Line[] = []
    for (const statement of statements) {
      // Read as a fragment, it turns out to be whole: what this pass makes of it is of no use.
      if (this.isWhole && !this.modules.whole) break
      for (const line of this.statement(statement, place)) lines.push(line)
    }
    return lines
  }

  private statement(statement: Statement, place: Place): readonly Line[] {
    this.lines += 1
    if (this.lines > maximumLines) {
      if (this.lines === maximumLines + 1) this.tooMany(statement, place)
      return []
    }
    const line = lineOf(place.file, place.text, statement, (text) => this.replaced(text, statement, place))
    if (statement.kind === 'section') return this.section(statement, line, place)
    if (this.inFolder && notInFolders.has(line.name)) return [line]
    const [first = '', second] = line.words.map(({ value }) => value)
    switch (line.name) {
      case 'Define':
        this.defines.set(first, second ?? '')
        return this.structure(line)
      case 'UnDefine':
        this.defines.delete(first)
        return this.structure(line)
      case 'LoadModule':
        this.seen.loadModule = true
        this.modules.load(first, second ?? '')
        return this.structure(line)
      case 'ServerRoot':
        this.seen.server = true
        this.serverRoot = absolute(this.serverRoot, first)
        return this.structure(line)
      case 'Include':
      case 'IncludeOptional':
        this.structure(line)
        return this.include(line, first, place)
      case 'Use':
        this.structure(line)
        return this.use(line, place)
      case 'UndefMacro':
        this.macros.delete(first.toLowerCase())
        return this.structure(line)
      case 'Listen':
        this.seen.server = true
        return [line]
      default:
        return [line]
    }
  }

  private tooMany({ start, end }: Statement, { file }: Place): void {
    const message = `The configuration has more than ${maximumLines} lines once includes and macros are filled in`
    this.report.refuse('too-many-lines', { file, start, end }, message, 'the rest is not read')
  }

  private section(section: Section, line: Line, place: Place): readonly Line[] {
    const inner: Place = { ...place, depth: place.depth + 1 }
    if (inner.depth > maximumDepth) {
      this.report.refuse('too-deep', line.span, `Sections are nested more than ${maximumDepth} deep`)
      return []
    }
    if (line.name === 'Macro') return this.define(section, line, place)
    const holds = this.holds(line)
    if (holds === undefined) return [{ ...line, body: this.body(section.body, inner) }]
    this.structure(line)
    if (holds) return this.body(section.body, inner)
    this.passOver(section.body, inner, `\`<${line.name} ${line.text}>\` does not hold`)
    return []
  }

  private holds(line: Line): boolean | undefined {
    return sectionHolds(line, {
      isLoaded: (name) => this.modules.isThere(name),
      isDefined: (name) => this.defines.has(name),
      isThere: (path) => this.io.kind(absolute(this.serverRoot, path)) !== 'missing',
      version: this.version,
      report: this.report
    })
  }

  /** Every directive is accounted for, also where it is not read. */
  private passOver(statements: readonly Statement[], place: Place, why: string): void {
    for (const statement of statements) {
      const line = lineOf(place.file, place.text, statement, () => undefined)
      this.report.record({
        name: line.name,
        span: line.span,
        comments: line.comments,
        state: { kind: 'ignored', why }
      })
      if (statement.kind === 'section') this.passOver(statement.body, place, why)
    }
  }

  private structure(line: Line): readonly Line[] {
    const { name, span, comments } = line
    this.report.record({ name, span, comments, state: { kind: 'structure' } })
    return []
  }

  private include(line: Line, pattern: string, place: Place): readonly Line[] {
    const path = absolute(this.serverRoot, pattern)
    const files = hasWildcards(path)
      ? this.io.glob(path, { braces: false })
      : (this.io.filesBelow(path) ?? [path])
    const optional = line.name === 'IncludeOptional'
    const only = files[0]
    if (
      files.length === 0 ||
      (files.length === 1 && only !== undefined && this.io.kind(only) === 'missing')
    ) {
      if (optional) return []
      const message = `No file is there for \`Include ${pattern}\` (looked for \`${path}\`)`
      if (!this.modules.whole && !this.seen.server && !pattern.startsWith('/')) {
        const hint =
          'in a part of a configuration such a path hangs on the `ServerRoot` of the whole: give it with `--prefix`'
        this.report.refuseHere('include/missing', line.span, message, hint)
        return []
      }
      this.report.refuse(
        'include/missing',
        line.span,
        message,
        'correct the path, or write `IncludeOptional`'
      )
      return []
    }
    return files.flatMap((file) => this.includeFile(line, file, place))
  }

  private includeFile(line: Line, file: string, place: Place): readonly Line[] {
    if (this.io.kind(file) === 'directory') {
      return (this.io.filesBelow(file) ?? []).flatMap((below) => this.includeFile(line, below, place))
    }
    if (place.including.includes(file)) {
      this.report.refuse(
        'include/circular',
        line.span,
        `\`${file}\` includes itself`,
        'remove one of the Include lines'
      )
      return []
    }
    if (place.including.length >= maximumIncludes || this.sources.length >= maximumFiles) {
      const message = `Files include each other more than ${maximumIncludes} deep, or are more than ${maximumFiles}`
      this.report.refuse('too-many-includes', line.span, message)
      return []
    }
    return this.file(file, line.span, place.including, place.depth)
  }

  private define(section: Section, line: Line, place: Place): readonly Line[] {
    this.structure(line)
    const [name, ...parameters] = line.words.map(({ value }) => value)
    if (name === undefined) return []
    const body = section.body
    this.macros.set(name.toLowerCase(), { parameters, file: place.file, body, span: line.span })
    this.passOver(body, place, `the macro \`${name}\` is not used`)
    return []
  }

  private use(line: Line, place: Place): readonly Line[] {
    const [name = '', ...values] = line.words.map(({ value }) => value)
    const macro = this.macros.get(name.toLowerCase())
    if (macro === undefined) {
      this.report.refuse(
        'unknown-macro',
        line.span,
        `No macro \`${name}\` is defined`,
        'define it above with `<Macro>`'
      )
      return []
    }
    if (values.length !== macro.parameters.length) {
      const message = `The macro \`${name}\` takes ${macro.parameters.length} arguments, not ${values.length}`
      this.report.refuse('macro-arguments', line.span, message, undefined, [
        { span: macro.span, message: 'defined here' }
      ])
      return []
    }
    if (place.depth > maximumDepth) {
      this.report.refuse('too-deep', line.span, `The macro \`${name}\` uses itself without end`)
      return []
    }
    const pairs = macro.parameters.map((parameter, index) => [parameter, values[index] ?? ''] as const)
    return this.body(macro.body, {
      file: macro.file,
      text: this.texts.get(macro.file) ?? '',
      depth: place.depth + 1,
      arguments: new Map(pairs),
      including: place.including
    })
  }

  private replaced(text: string, statement: Statement, place: Place): Expanded | undefined {
    return replaceNames(text, place.arguments, (name) => {
      const value = this.defines.get(name) ?? this.io.environment(name)
      if (value === undefined && !name.includes(':')) this.undefinedVariable(name, statement, place)
      return value
    })
  }

  /** Said once for each name; what the server's start script sets is not at hand where a configuration is only read. */
  private undefinedVariable(name: string, statement: Statement, place: Place): void {
    if (this.undefinedNames.has(name) || ofStartScript.test(name)) return
    this.undefinedNames.add(name)
    const span = {
      file: place.file,
      start: statement.start,
      end: statement.kind === 'section' ? statement.head.end : statement.end
    }
    const hint = 'define it above with `Define`; until then the text stays as it is'
    this.report.warn('undefined-variable', span, `The variable \`\${${name}}\` is not defined`, hint)
  }
}

function same(one: Span | undefined, other: Span | undefined): boolean {
  return one?.file === other?.file && one?.start === other?.start
}
