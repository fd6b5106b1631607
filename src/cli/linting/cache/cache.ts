import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settle } from '../../config/settle.js'
import { textOfFile, worldOf } from '../../input.js'
import { CommandError } from '../../io.js'
import type { Io } from '../../io.js'
import { tool } from '../../version.js'
import type { Collected } from '../collect.js'
import { kindOf } from '../kind.js'
import { look, nameOf, optionsWith, seenBefore } from '../looked.js'
import type { Around, Looked, LookOptions, SourceText } from '../looked.js'
import { Asking, digest, stillHolds } from './asking.js'
import type { Kept } from './kept.js'

export interface CacheOptions {
  /** Keep what was found, and look anew only at what changed. */
  readonly cache?: boolean
  /** The folder where it is kept. */
  readonly cacheLocation?: string
}

/**
 * Results of earlier runs, one file each. One counts as long as everything that was asked of the world while it was made
 * would be answered the same: the texts of all included files, what patterns lead to, what is not there.
 */
export class Cache {
  private readonly folder: string
  private readonly build = buildOf()

  constructor(
    { cacheLocation }: CacheOptions,
    private readonly io: Io
  ) {
    this.folder = cacheLocation === undefined ? usualFolder(io) : resolve(io.cwd, cacheLocation)
  }

  /** As `look`, without looking where nothing changed. */
  async look(file: Collected, options: LookOptions, around: Around): Promise<Looked> {
    const { io } = this
    // What comes in on standard input comes once.
    if (file.path === '-') return look(file, options, around)
    const path = nameOf(file, options)
    const main = await textOfFile(file.path, path, options, io)
    if (main.kind !== 'text') return look(file, options, around)
    const settled = await settle(await around.configs.for(path), path, io.cwd)
    const whole = seenBefore(optionsWith(options, settled), around.seen)
    const { overlay: _overlay, through: _through, ...asGiven } = options
    const state = digest(
      JSON.stringify([
        this.build,
        asGiven,
        { ...settled, settings: [...settled.settings] },
        file.isFound,
        digest(main.text)
      ])
    )
    const entry = join(this.folder, `${digest(`${io.cwd}\n${path}`).slice(0, 32)}.json`)
    const { requireSuppressionReason, reportUnusedSuppressions } = settled
    const kept = await this.valid(entry, state, worldOf(path, main.text, whole, io))
    if (kept !== undefined)
      return { path, key: file.key, ...kept, requireSuppressionReason, reportUnusedSuppressions }
    const asking = new Asking()
    const looked = await look(file, { ...options, through: asking.through }, around)
    if (!asking.ranCommand) this.keep(entry, state, asking, looked)
    return looked
  }

  /** What is kept, if it still holds. An entry that cannot be read is as good as none: it is written anew. */
  private async valid(
    entry: string,
    state: string,
    world: ReturnType<typeof worldOf>
  ): Promise<Pick<Looked, 'outcome' | 'dialect' | 'diagnostics' | 'texts'> | undefined> {
    if (kindOf(entry) !== 'file') return undefined
    const { validate } = await import('./kept-validator.js')
    const value = jsonOf(readFileSync(entry, 'utf8'))
    if (!validate(value) || value.state !== state) return undefined
    const texts = new Map<string, string>()
    const holds = value.asked.every((asked) =>
      stillHolds(asked, world, (hash, text) => texts.set(hash, text))
    )
    if (!holds || !value.texts.every(({ hash }) => texts.has(hash))) return undefined
    return {
      outcome: value.outcome,
      ...(value.dialect !== undefined && { dialect: value.dialect }),
      diagnostics: value.diagnostics,
      texts: value.texts.map(({ hash, ...source }): SourceText => ({
        ...source,
        text: texts.get(hash) ?? ''
      }))
    }
  }

  private keep(entry: string, state: string, asking: Asking, looked: Looked): void {
    const { outcome, dialect, diagnostics } = looked
    if (outcome !== 'read' && outcome !== 'none') return
    const texts = looked.texts.map(({ text, ...source }) => ({ ...source, hash: digest(text) }))
    const kept: Kept = {
      version: 1,
      state,
      asked: asking.all(),
      outcome,
      ...(dialect !== undefined && { dialect }),
      diagnostics,
      texts
    }
    const temporary = `${entry}.${this.io.pid}`
    try {
      mkdirSync(this.folder, { recursive: true })
      writeFileSync(temporary, JSON.stringify(kept))
      renameSync(temporary, entry)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      throw new CommandError(
        `cannot write the cache: ${error.message}`,
        'say with --cache-location where it may be'
      )
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Where tools of a JavaScript project keep such things, else where programs do (XDG). */
function usualFolder({ cwd, env }: Io): string {
  if (kindOf(join(cwd, 'node_modules')) === 'directory') return join(cwd, 'node_modules/.cache/fcgi-conf')
  const { XDG_CACHE_HOME: caches = '', HOME: home = '' } = env
  if (caches !== '') return join(caches, 'fcgi-conf')
  if (home === '') throw new CommandError('there is no place for a cache', 'say one with --cache-location')
  return join(home, '.cache/fcgi-conf')
}

/** The version, and the names of the built files, which change with what is in them. */
function buildOf(): string {
  return [tool.version, ...readdirSync(dirname(fileURLToPath(import.meta.url))).sort()].join('\n')
}
