import { parse } from '../../../grammars/lighttpd/index.js'
import type { LighttpdTree } from '../../../grammars/lighttpd/index.js'
import { lineStarts } from '../../diagnostics/index.js'
import type { Span } from '../../diagnostics/index.js'
import type { SourceFile } from '../../model/index.js'
import type { ReadFileResult, ReadIo } from '../dialect.js'
import { folderOf } from '../paths.js'
import { reportDropped } from './dropped.js'
import type { Problems } from './problems.js'

/** Files that a configuration may have read in all, so that includes which multiply come to an end. */
const maximumIncludes = 20_000
const maximumDepth = 100

/** The files of a configuration, each read and parsed once. */
export class Sources {
  readonly texts = new Map<string, string>()
  readonly files: SourceFile[] = []
  private readonly trees = new Map<string, LighttpdTree>()
  /** The files that stand open, innermost last. */
  private readonly open: string[] = []
  private included = 0

  constructor(
    private readonly io: ReadIo,
    /** What relative names of includes are relative to: the main file's folder, in included files too. */
    private readonly prefix: string,
    private readonly problems: Problems
  ) {}

  /** The tree of the main file; undefined where it cannot be read. */
  main(path: string): LighttpdTree | undefined {
    const found = this.io.readFile(path)
    if (found.kind === 'text') return this.parsed(path, found.text, undefined)
    this.problems.add({ code: `input/${found.why}`, severity: 'error', message: found.message })
    this.problems.refused = true
    return undefined
  }

  private parsed(path: string, text: string, includedFrom: Span | undefined): LighttpdTree {
    const known = this.trees.get(path)
    if (known !== undefined) return known
    const tree = parse(path, text)
    this.trees.set(path, tree)
    this.texts.set(path, text)
    this.files.push({ file: path, lines: lineStarts(text), ...(includedFrom && { includedFrom }) })
    for (const diagnostic of tree.diagnostics) this.problems.add(diagnostic)
    if (tree.diagnostics.length > 0) this.problems.refused = true
    reportDropped(tree, this.problems)
    return tree
  }

  /** Calls `visit` with each file of an include, in order (config_parse_file). */
  include(argument: string, at: Span, visit: (tree: LighttpdTree) => void): void {
    const pattern = /^(?:\/|\.\.?\/)/.test(argument) ? argument : joined(this.prefix, argument)
    const matches = this.io.glob(pattern, { braces: true })
    const paths = matches.length > 0 || /[*?[\]{}]/.test(pattern) ? matches : [pattern]
    for (const path of paths) {
      if (++this.included > maximumIncludes || this.open.length > maximumDepth) {
        this.problems.refuse(
          'too-many-includes',
          at,
          `Unexpected include: more than ${maximumIncludes} files, or ${maximumDepth} inside each other`
        )
        return
      }
      this.visit(path, at, visit)
    }
  }

  /** Calls `visit` with what a command prints, run in the main file's folder; false where commands are not run. */
  includeShell(command: string, at: Span, visit: (tree: LighttpdTree) => void): boolean {
    if (this.io.run === undefined) return false
    const found = this.io.run(command, this.prefix)
    if (found.kind === 'text') visit(this.parsed(this.nameOfOutput(command, found.text), found.text, at))
    else {
      this.problems.refuse('include-shell-failed', at, `Unexpected end of \`${command}\`: ${found.message}`, {
        hint: 'the server starts only where the command ends well; run it by hand to see what it prints'
      })
    }
    return true
  }

  /** A command that prints something else each time is a file of its own each time. */
  private nameOfOutput(command: string, text: string): string {
    const name = `include_shell ${command}`
    let found = name
    for (let time = 2; (this.texts.get(found) ?? text) !== text; time++) found = `${name} (${time})`
    return found
  }

  private visit(path: string, at: Span, visit: (tree: LighttpdTree) => void): void {
    if (this.open.includes(path)) {
      this.problems.refuse(
        'include/circular',
        at,
        `Unexpected include of \`${path}\`, which is being read already`,
        {
          hint: 'remove one of the includes: they go round in a circle'
        }
      )
      return
    }
    const known = this.trees.get(path)
    const found: ReadFileResult =
      known === undefined ? this.io.readFile(path) : { kind: 'text', text: known.text }
    if (found.kind !== 'text') {
      this.missing(path, found, at)
      return
    }
    const tree = this.parsed(path, found.text, at)
    this.open.push(path)
    visit(tree)
    this.open.pop()
  }

  private missing(path: string, found: Extract<ReadFileResult, { kind: 'failed' }>, at: Span): void {
    this.problems.incomplete = true
    const name = path.startsWith(`${this.prefix}/`) ? path.slice(this.prefix.length + 1) : path
    const beside = joined(folderOf(at.file), name)
    const isBeside = beside !== path && this.io.kind(beside) === 'file'
    this.problems.refuse('include/missing', at, `Unexpected include of \`${path}\`: ${found.message}`, {
      hint: isBeside
        ? `\`${beside}\` stands beside the file that includes it, but names are relative to the folder of the main file: write the path from there`
        : 'names are relative to the folder of the main file, in included files too; `--prefix` says another folder'
    })
  }

  /** The main file counts as open, too. */
  reading(path: string): void {
    this.open.push(path)
  }
}

function joined(folder: string, name: string): string {
  if (folder === '.' || folder === '') return name
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`
}
