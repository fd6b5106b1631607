import { isAbsolute, join, relative, resolve } from 'node:path'
import { nearest } from '../diagnostics/index.js'
import type { Diagnostic, Span } from '../diagnostics/index.js'
import { detectLanguage, dialectNames, loadReading, variantOf } from '../dialects/index.js'
import type {
  Detection,
  Reading,
  DialectName,
  ReadFileResult,
  ReadIo,
  ReadResult
} from '../dialects/index.js'
import { onDisk, readIo, textOf } from './files.js'
import type { FilesOptions } from './files.js'
import type { Io } from './io.js'

/** How a command was told to read its file. */
export interface InputOptions {
  readonly from?: DialectName
  readonly prefix?: string
  readonly root?: string
  readonly pathMap?: NonNullable<FilesOptions['pathMap']>
  readonly modules?: readonly string[]
  /** What the file is included in, in place of what a comment in it says. */
  readonly context?: string
  readonly stdinFilename?: string
  readonly define?: readonly string[]
  readonly allowIncludeShell?: boolean
  /** Texts that count in place of what stands on the disk, by absolute path. */
  readonly overlay?: ReadonlyMap<string, string>
  /** What the reader sees of the world, by way of whoever wants to know what it asks. */
  readonly through?: (io: ReadIo) => ReadIo
  /** The releases of the servers, where they are known. */
  readonly versions?: Readonly<Partial<Record<Reading['language'], string>>>
}

/** A configuration as a command gets it. */
export type Input =
  | {
      readonly kind: 'read'
      /** As a person would write it. */
      readonly path: string
      /** What it was read as; absent for a Site in JSON. */
      readonly name?: DialectName
      readonly dialect?: Reading
      readonly result: ReadResult
      /** What a comment says the file is included in: each of the language's contexts that it names. */
      readonly contexts?: readonly string[]
      /** Names of files as people see them: below `--root` the server sees others. */
      readonly shown: (file: string) => string
    }
  | {
      readonly kind: 'failed'
      readonly path: string
      readonly text?: string
      readonly diagnostic: Diagnostic
      /** Nobody named the file, so that it is no mistake that it could not be read. */
      readonly isPassedOver?: true
    }

/** Reads a file, standard input (`-`) or a Site in JSON. Says what is wrong rather than throwing. */
export async function readInput(file: string, options: InputOptions, io: Io): Promise<Input> {
  const path = file === '-' ? (options.stdinFilename ?? '<stdin>') : file
  const names = namesOf(path, options, io)
  const found = await textOfFile(file, path, options, io)
  if (found.kind === 'failed') return { kind: 'failed', path, diagnostic: unusable(path, found, io) }
  const { text } = found
  const failed = (diagnostic: Diagnostic): Input => ({ kind: 'failed', path, text, diagnostic })
  if (text.replace(/^\ufeff/, '').trim() === '') return failed(empty(path))
  if (/^\ufeff?\s*\{/.test(text)) return readSiteJson(path, text)
  const chosen = await chooseDialect(path, text, options)
  if ('code' in chosen) return failed(chosen)
  const contexts = statedContexts(path, text, chosen.dialect)
  if ('code' in contexts) return failed(contexts)
  const context = options.context ?? contexts.names[0]
  const result = chosen.dialect.read(names.server, worldOf(path, text, options, io), {
    name: chosen.name,
    ...(options.prefix === undefined ? {} : { prefix: prefixOf(options.prefix, options, io) }),
    ...(options.define === undefined ? {} : { defines: options.define }),
    ...(context === undefined ? {} : { context }),
    ...(options.modules === undefined ? {} : { modules: options.modules }),
    ...versionOf(chosen.dialect, options)
  })
  const nothing = nothingUnderstood(names.server, result, chosen)
  const whole = nothing === undefined ? result : { ...result, diagnostics: [nothing, ...result.diagnostics] }
  return {
    kind: 'read',
    path,
    ...chosen,
    ...(contexts.names.length > 0 && { contexts: contexts.names }),
    result: renamed(whole, names.shown),
    shown: names.shown
  }
}

/** What the reader of a file with this text sees of the world. */
export function worldOf(path: string, text: string, options: InputOptions, io: Io): ReadIo {
  const world = readIo({ ...options, ...io, given: new Map([[namesOf(path, options, io).server, text]]) })
  return options.through?.(world) ?? world
}

/** The text of a file, or of standard input (`-`), which counts under the name it was given. */
export async function textOfFile(
  file: string,
  path: string,
  { overlay }: InputOptions,
  io: Io
): Promise<ReadFileResult> {
  if (file !== '-') return readIo({ cwd: io.cwd, env: io.env, ...(overlay && { overlay }) }).readFile(path)
  const changed = overlay?.get(resolve(io.cwd, path))
  return changed === undefined ? textOf(await io.stdin()) : { kind: 'text', text: changed }
}

function versionOf({ language }: Reading, { versions }: InputOptions): { readonly version?: string } {
  const version = versions?.[language]
  return version === undefined ? {} : { version }
}

/** Below `--root` it is a folder of the tree there. */
function prefixOf(prefix: string, { root }: InputOptions, io: Io): string {
  return root === undefined ? resolve(io.cwd, prefix) : prefix
}

/** The server's names are those that people see. */
export const asItIs = (file: string): string => file

interface Names {
  /** What the server would call the main file. */
  readonly server: string
  readonly shown: (file: string) => string
}

/** Below `--root` a file has two names: the server's, and the one on this disk. */
function namesOf(path: string, options: InputOptions, io: Io): Names {
  const { pathMap } = options
  if (options.root === undefined) {
    if (pathMap === undefined || pathMap.length === 0) return { server: path, shown: asItIs }
    const isMapped = (file: string): boolean =>
      file !== path && pathMap.some(([from]) => file.startsWith(`${from}/`))
    return {
      server: path,
      shown: (file) => (isMapped(file) ? relative(io.cwd, onDisk(file, { cwd: io.cwd, pathMap })) : file)
    }
  }
  const { root } = options
  const inside = relative(resolve(io.cwd, root), resolve(io.cwd, path))
  const isInside = !inside.startsWith('..') && !isAbsolute(inside)
  return {
    server: isInside ? `/${inside}` : path,
    shown: (file) => (isAbsolute(file) && file !== path ? join(root, file) : file)
  }
}

type Chosen = { readonly dialect: Reading; readonly name: DialectName }

async function chooseDialect(
  path: string,
  text: string,
  options: InputOptions
): Promise<Chosen | Diagnostic> {
  if (options.from !== undefined) return { dialect: await loadReading(options.from), name: options.from }
  const stated = /^[ \t]*#[ \t]*fcgi-conf-dialect[ \t]+([\w-]+)/m.exec(text)?.[1]
  if (stated !== undefined) {
    const name = dialectNames.find((known) => known === stated)
    return name === undefined
      ? unknownDialect(path, text, stated)
      : { dialect: await loadReading(name), name }
  }
  const detection = await detectLanguage(path, text)
  if (detection.kind !== 'found') return undetected(path, detection)
  return { dialect: detection.dialect, name: variantOf(detection.dialect, text) }
}

/** `# fcgi-conf-context http, server`: what a file is included in, each looked at in its turn. */
function statedContexts(
  path: string,
  text: string,
  { contexts, language }: Reading
): Diagnostic | { readonly names: readonly string[] } {
  const found = /^[ \t]*#[ \t]*fcgi-conf-context[ \t]+([^\r\n]*)/m.exec(text)
  if (found === null) return { names: [] }
  const names = (found[1] ?? '').split(/[\s,]+/).filter((name) => name !== '')
  const odd = names.find((name) => !contexts.includes(name))
  if (odd === undefined) return { names }
  const meant = nearest(odd, contexts)
  const start = text.indexOf(
    odd,
    found.index + found[0].indexOf('fcgi-conf-context') + 'fcgi-conf-context'.length
  )
  return {
    code: 'input/unknown-context',
    severity: 'error',
    message: `this comment names the context \`${odd}\`, which ${language} does not have`,
    span: { file: path, start, end: start + odd.length },
    hint:
      contexts.length === 0
        ? 'remove the comment: in this language anything may stand anywhere'
        : `${meant === undefined ? '' : `did you mean \`${meant}\`? `}There are: ${contexts.join(', ')}`
  }
}

function unknownDialect(path: string, text: string, stated: string): Diagnostic {
  const meant = nearest(stated, dialectNames)
  const start = text.indexOf(stated, text.indexOf('fcgi-conf-dialect') + 'fcgi-conf-dialect'.length)
  return {
    code: 'input/unknown-dialect',
    severity: 'error',
    message: `this comment names the dialect \`${stated}\`, which is not known`,
    span: { file: path, start, end: start + stated.length },
    hint: `${meant === undefined ? '' : `did you mean \`${meant}\`? `}There are: ${dialectNames.join(', ')}`
  }
}

function undetected(path: string, detection: Exclude<Detection, { readonly kind: 'found' }>): Diagnostic {
  const hint = `say which with --from (${dialectNames.join(', ')})`
  if (detection.kind === 'unknown') {
    return {
      code: 'input/unknown-language',
      severity: 'error',
      message: 'nothing in this file looks like a configuration of lighttpd, Apache httpd or nginx',
      span: { file: path, start: 0, end: 0 },
      hint: `if it is one, ${hint}`
    }
  }
  const reasons = detection.candidates.map(
    ({ dialect, because }) => `${dialect.language} (${because.slice(0, 3).join(', ')})`
  )
  return {
    code: 'input/ambiguous-language',
    severity: 'error',
    message: `this file could be written for ${reasons.join(' or ')}`,
    span: { file: path, start: 0, end: 0 },
    hint
  }
}

/** A file of which not one directive is known must not look like a clean one. */
function nothingUnderstood(file: string, result: ReadResult, { name }: Chosen): Diagnostic | undefined {
  const { directives } = result.site
  if (directives.some(({ state }) => state.kind !== 'unknown')) return undefined
  if (directives.length === 0 && result.diagnostics.some(({ severity }) => severity === 'error'))
    return undefined
  return {
    code: 'input/nothing-understood',
    severity: 'error',
    message:
      directives.length === 0
        ? `there is no directive of ${name} in this file`
        : `none of the ${directives.length} directives in this file is known to ${name}`,
    span: { file, start: 0, end: 0 },
    hint: `check that it is the right file, or say what it is written for with --from (${dialectNames.join(', ')})`
  }
}

function empty(path: string): Diagnostic {
  return {
    code: 'input/empty',
    severity: 'error',
    message: 'this file is empty',
    span: { file: path, start: 0, end: 0 },
    hint: 'give the configuration that the server is started with'
  }
}

type Unreadable = Extract<ReadFileResult, { readonly kind: 'failed' }>

function unusable(path: string, { why, message }: Unreadable, io: Io): Diagnostic {
  const hints: Readonly<Record<Unreadable['why'], string>> = {
    missing: `check the name; relative names are looked for in ${io.cwd}`,
    directory: 'name the main configuration file in it',
    unreadable: 'run as a user who may read it, or copy it to where you may',
    binary: 'give the text of the configuration',
    'too-large': 'no server reads a configuration of this size; check that it is the right file'
  }
  return {
    code: `input/${why}`,
    severity: 'error',
    message: `cannot read \`${path}\`: ${message}`,
    span: { file: path, start: 0, end: 0 },
    hint: hints[why]
  }
}

async function readSiteJson(path: string, text: string): Promise<Input> {
  const { parseSite } = await import('../model/schema/parse-site.js')
  const parsed = parseSite(path, text)
  if (parsed.kind === 'failed') return { kind: 'failed', path, text, diagnostic: parsed.diagnostic }
  const result: ReadResult = {
    site: parsed.site,
    diagnostics: [],
    texts: new Map([[path, text]]),
    refused: false
  }
  return { kind: 'read', path, result, shown: (file) => file }
}

function renamed(result: ReadResult, shown: (file: string) => string): ReadResult {
  if (shown === asItIs) return result
  const span = (old: Span): Span => ({ ...old, file: shown(old.file) })
  return {
    ...result,
    diagnostics: result.diagnostics.map((diagnostic) => renameDiagnostic(diagnostic, span)),
    texts: new Map([...result.texts].map(([file, text]) => [shown(file), text]))
  }
}

export function renameDiagnostic(diagnostic: Diagnostic, span: (old: Span) => Span): Diagnostic {
  const { span: at, related, fix, ...rest } = diagnostic
  return {
    ...rest,
    ...(at === undefined ? {} : { span: span(at) }),
    ...(related === undefined ? {} : { related: related.map((one) => ({ ...one, span: span(one.span) })) }),
    ...(fix === undefined
      ? {}
      : { fix: { ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: span(edit.span) })) } })
  }
}
