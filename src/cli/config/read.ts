import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { ParseError } from 'jsonc-parser'
import { lineStarts, positionAt } from '../../diagnostics/index.js'
import { CommandError } from '../io.js'
import type { Io } from '../io.js'
import type { Problem } from './check.js'
import type { Config } from './config.js'

/** Reads and checks one configuration file; undefined for a package.json that has none. What is wrong ends the command. */
export async function readConfig(file: string, io: Io): Promise<Config | undefined> {
  const { value, place } = await valueIn(file)
  if (value === undefined) return undefined
  const { check } = await import('./check.js')
  const checked = check(value, (code) => io.page(code) !== undefined)
  if (checked.kind === 'config') return checked.config
  const { problem } = checked
  const where = problem.path.length === 0 ? '' : `\`${problem.path.join('.')}\`: `
  throw new CommandError(`${file}${place(problem)}: ${where}${problem.message}`, problem.hint)
}

interface Found {
  readonly value: unknown
  /** `:line:column` of what is wrong, where the file shows it. */
  readonly place: (problem: Problem) => string
}

function valueIn(file: string): Promise<Found> {
  if (/\.ya?ml$/.test(file)) return fromYaml(file)
  if (/\.m?js$/.test(file)) return fromModule(file)
  return fromJson(file)
}

async function fromJson(file: string): Promise<Found> {
  const text = textOf(file)
  const isPackage = basename(file) === 'package.json'
  if (isPackage && !mayHaveOwn(text)) return { value: undefined, place: () => '' }
  const { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } = await import('jsonc-parser')
  const at = (offset: number): string => placeIn(text, offset)
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { allowTrailingComma: true })
  const [error] = errors
  if (tree === undefined || error !== undefined) {
    const what = error === undefined ? 'it is empty' : printParseErrorCode(error.error)
    throw new CommandError(`${file}${at(error?.offset ?? 0)}: it is no JSON: ${what}`)
  }
  const root = isPackage ? findNodeAtLocation(tree, ['fcgi-conf']) : tree
  return {
    value: root === undefined ? undefined : (getNodeValue(root) as unknown),
    place: ({ path }) => {
      const node = root === undefined ? undefined : findNodeAtLocation(root, [...path].map(indexed))
      return at(node?.parent?.type === 'property' ? node.parent.offset : ((node ?? root)?.offset ?? 0))
    }
  }
}

/** Most package.json have nothing for us: that is seen without loading a parser that knows places. What is no JSON is for it to tell. */
function mayHaveOwn(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'fcgi-conf' in value
  } catch (error) {
    if (error instanceof SyntaxError) return true
    throw error
  }
}

/** ajv names the entries of lists by texts. */
function indexed(part: string | number): string | number {
  return typeof part === 'string' && /^\d+$/.test(part) ? Number(part) : part
}

async function fromYaml(file: string): Promise<Found> {
  const { isNode, parseDocument } = await import('yaml')
  const text = textOf(file)
  const document = parseDocument(text)
  const [error] = document.errors
  if (error !== undefined) {
    throw new CommandError(
      `${file}${placeIn(text, error.pos[0])}: it is no YAML: ${error.message.split('\n')[0] ?? ''}`
    )
  }
  return {
    value: (document.toJS() as unknown) ?? {},
    place: ({ path }) => {
      const node = document.getIn(path.map(indexed), true)
      return isNode(node) && node.range ? placeIn(text, node.range[0]) : ''
    }
  }
}

async function fromModule(file: string): Promise<Found> {
  try {
    const loaded: unknown = await import(file)
    const value = isRecord(loaded) && 'default' in loaded ? loaded['default'] : loaded
    return { value, place: () => '' }
  } catch (error) {
    throw new CommandError(
      `${file}: it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`
    )
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot read the configuration file \`${file}\`: ${error.message}`)
  }
}

function placeIn(text: string, offset: number): string {
  const { line, column } = positionAt(lineStarts(text), offset)
  return `:${line}:${column}`
}
