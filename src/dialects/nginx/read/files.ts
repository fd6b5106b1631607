import type { Span } from '../../../diagnostics/index.js'
import { parse, type Directive, type Word } from '../../../../grammars/nginx/index.js'
import type { ReadFileResult } from '../../dialect.js'
import { shippedText } from '../shipped.js'
import { itemOf, nameOf, type Item, type Session } from './session.js'

/** nginx gives up on a file that includes itself when it can open no more; so many levels are more than enough. */
const maximumIncludes = 50

/** Statements with the included files in the places of their `include`s, in nginx's order. */
export function expand(session: Session, statements: readonly Directive[], file: string): readonly Item[] {
  const items: Item[] = []
  add(session, statements, { file, trail: [file] }, items)
  return items
}

interface Including {
  readonly file: string
  /** The file, and those that lead to it. */
  readonly trail: readonly string[]
}

function add(
  session: Session,
  statements: readonly Directive[],
  { file, trail }: Including,
  items: Item[]
): void {
  for (const directive of statements) {
    const item = itemOf(directive, file)
    items.push(item)
    const argument = directive.args[0]
    if (nameOf(directive) !== 'include' || argument === undefined || directive.args.length > 1) continue
    for (const path of included(session, argument.value)) {
      const found = openIncluded(session, item, path, trail)
      if (found === undefined) continue
      const plain = session.itemsOf(found.body, found.file)
      if (plain !== undefined) for (const inner of plain) items.push(inner)
      else add(session, found.body, { file: found.file, trail: [...trail, path] }, items)
    }
  }
}

/** A path with `*`, `?` or `[` is a glob, which may match nothing; any other must exist. */
function included(session: Session, text: string): readonly string[] {
  const { likely, others } = includeFolders(session)
  const isGlob = /[*?[]/.test(text)
  const usual = resolvePath(likely, text)
  // Thousands of places may include one file: what was opened is there.
  if (!isGlob && session.opened(usual) !== undefined) return [usual]
  const found = [likely, ...others].map((folder) => {
    const path = resolvePath(folder, text)
    if (isGlob) return session.io.glob(path, { braces: false })
    return session.io.kind(path) === 'missing' ? [] : [path]
  })
  return found.find((paths) => paths.length > 0) ?? (isGlob ? [] : [usual])
}

/** Folders up to here are looked at for the main file of a part. */
const maximumFoldersAbove = 4

export interface IncludeFolders {
  readonly likely: string
  readonly others: readonly string[]
}

/**
 * The folder of the main file. Where only a part is read (`sites-available/default`), that is most likely the nearest one above with an
 * `nginx.conf`, or the folder above; `--prefix` says so for sure.
 */
function includeFolders(session: Session): IncludeFolders {
  if (!session.fragment) return { likely: session.folder, others: [] }
  // Looked for once, and not at each `include`.
  return (session.foldersOfPart ??= foldersOfPart(session))
}

function foldersOfPart({ given: { prefix: givenPrefix }, folder, io }: Session): IncludeFolders {
  const above = foldersAbove(folder)
  if (givenPrefix !== undefined) return { likely: givenPrefix, others: [folder, ...above.slice(0, 1)] }
  const main = [folder, ...above].find((each) => io.kind(resolvePath(each, 'nginx.conf')) === 'file')
  if (main !== undefined) return { likely: main, others: [folder] }
  return { likely: folder, others: above.slice(0, 1) }
}

/** The folders that a folder stands in, the nearest first. */
function foldersAbove(folder: string): readonly string[] {
  const found: string[] = []
  for (let each = folder; found.length < maximumFoldersAbove && each !== '/';) {
    each = each === '' ? '..' : isOutside(each) ? `../${each}` : folderOf(each)
    found.push(each)
  }
  return found
}

/** `..`, `../..`, which hold no name to leave out. */
function isOutside(folder: string): boolean {
  return /^\.\.(?:\/\.\.)*$/.test(folder)
}

interface Included {
  readonly body: readonly Directive[]
  /** The file that spans point to: the one with the `include`, where the file itself is not there. */
  readonly file: string
}

function openIncluded(
  session: Session,
  item: Item,
  path: string,
  trail: readonly string[]
): Included | undefined {
  const span = session.head(item)
  if (trail.includes(path) || trail.length > maximumIncludes) {
    session.refuse(
      'include/circular',
      span,
      `The file \`${path}\` includes itself`,
      'remove this `include`, or the one that leads here'
    )
    return undefined
  }
  const known = session.opened(path)
  if (known !== undefined) return { body: known.body, file: path }
  const result = session.io.readFile(path)
  if (result.kind === 'text') return { body: session.open(path, result.text, span).body, file: path }
  const shipped = result.why === 'missing' ? openShipped(session, item, path) : undefined
  if (shipped !== undefined) return { body: shipped, file: item.file }
  reportUnreadable(session, path, result, span)
  return undefined
}

/** What nginx ships under this name, where the file is not at hand. All of it stands where the `include` does. */
function openShipped(session: Session, item: Item, path: string): readonly Directive[] | undefined {
  const known = session.shippedFor(item.directive)
  if (known !== undefined) return known
  const text = shippedText(path)
  if (text === undefined) return undefined
  const span = session.head(item)
  session.report({
    code: 'include/shipped-file',
    severity: 'info',
    message: `The included file \`${path}\` is not there; it is read as it is shipped with nginx`,
    span,
    hint: 'put the file of your server there, or say with `--root` or `--prefix` where it is, if it was changed'
  })
  const { body } = parse(path, text)
  return session.addShipped(
    item.directive,
    body.map((each) => movedTo(item.directive, each))
  )
}

/** The directive with the place of the `include` that brought it. */
function movedTo(place: Pick<Directive, 'start' | 'end' | 'headEnd'>, directive: Directive): Directive {
  const { start, end, headEnd } = place
  const word = (each: Word): Word => ({ ...each, start, end: headEnd })
  const { name, args, body } = directive
  return {
    ...directive,
    start,
    end,
    headEnd,
    name: word(name),
    args: args.map(word),
    body:
      body.kind === 'block'
        ? { ...body, start, end, statements: body.statements.map((each) => movedTo(place, each)) }
        : body
  }
}

function reportUnreadable(
  session: Session,
  path: string,
  result: Extract<ReadFileResult, { kind: 'failed' }>,
  span: Span
): void {
  if (result.why === 'missing') {
    const message = `The included file \`${path}\` does not exist`
    const hint = `relative paths hang on the folder of the main file, here \`${session.folder || '.'}\`; give the file, or use \`--root\` or \`--prefix\` to say where the tree stands`
    session.refuse('include/missing', span, message, hint)
  } else {
    session.refuse(
      'include/unreadable-file',
      span,
      `The included file \`${path}\` cannot be read: ${result.message}`
    )
  }
}

/** An absolute path as it is, any other below the folder. */
export function resolvePath(folder: string, path: string): string {
  if (path.startsWith('/')) return path
  return folder === '' ? path : `${folder.replace(/\/$/, '')}/${path}`
}

/** The folder of a path, as it would be written; empty for the current one. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '' : slash === 0 ? '/' : path.slice(0, slash)
}
