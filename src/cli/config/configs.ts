import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { CommandError } from '../io.js'
import type { Io } from '../io.js'
import type { Collected } from '../linting/collect.js'
import { kindOf } from '../linting/kind.js'
import type { Config } from './config.js'

/** A configuration file with the place it stands in: what its patterns are relative to. */
export interface Layer {
  readonly file: string
  readonly folder: string
  readonly config: Config
}

export interface ConfigOptions {
  /** A file, or false for none at all; absent: those found in the folders of the file and above. */
  readonly config?: string | false
}

const names = [
  'fcgi-conf.config.mjs',
  'fcgi-conf.config.js',
  '.fcgi-conf.json',
  '.fcgi-conf.jsonc',
  '.fcgi-conf.yaml',
  '.fcgi-conf.yml',
  'package.json'
]

/** The configuration files that hold for a file, each read once. */
export class Configs {
  private readonly byFolder = new Map<string, Promise<readonly Layer[]>>()
  private readonly byFile = new Map<string, Promise<readonly Layer[]>>()

  constructor(
    private readonly options: ConfigOptions,
    private readonly io: Io
  ) {}

  /** Outer ones first: what a later one says counts more. */
  for(path: string): Promise<readonly Layer[]> {
    const { config } = this.options
    if (config === false) return Promise.resolve([])
    if (config !== undefined) return this.read(resolve(this.io.cwd, config), [])
    return this.of(path === '-' ? this.io.cwd : dirname(resolve(this.io.cwd, path)))
  }

  /** Files without those that were only found, and that a configuration file wants nobody to look at. */
  async withoutIgnored(files: readonly Collected[]): Promise<readonly Collected[]> {
    const kept: Collected[] = []
    for (const file of files) {
      const layers = file.isFound ? await this.for(file.path) : []
      if (!(await this.isIgnored(file, layers))) kept.push(file)
    }
    return kept
  }

  private async isIgnored({ path }: Collected, layers: readonly Layer[]): Promise<boolean> {
    for (const layer of layers) {
      const patterns = layer.config.ignore ?? []
      if (patterns.length === 0) continue
      const { default: ignore } = await import('ignore')
      const inside = within(layer, path, this.io.cwd)
      if (!inside.startsWith('..') && ignore().add(patterns).ignores(inside)) return true
    }
    return false
  }

  private of(folder: string): Promise<readonly Layer[]> {
    const known = this.byFolder.get(folder)
    if (known !== undefined) return known
    const made = this.find(folder)
    this.byFolder.set(folder, made)
    return made
  }

  private async find(folder: string): Promise<readonly Layer[]> {
    const own = await this.in(folder)
    const isLast =
      folder === dirname(folder) ||
      kindOf(join(folder, '.git')) !== undefined ||
      own.some(({ folder: where, config }) => where === folder && config.root === true)
    return isLast ? own : [...(await this.of(dirname(folder))), ...own]
  }

  private async in(folder: string): Promise<readonly Layer[]> {
    for (const name of names) {
      const file = join(folder, name)
      if (kindOf(file) !== 'file') continue
      if (name === 'package.json' && !readFileSync(file, 'utf8').includes('"fcgi-conf"')) continue
      const layers = await this.read(file, [])
      if (layers.length > 0) return layers
    }
    return []
  }

  private read(file: string, through: readonly string[]): Promise<readonly Layer[]> {
    if (through.includes(file)) {
      throw new CommandError(`${file}: it extends itself, by way of ${through.join(', ')}`)
    }
    const known = this.byFile.get(file)
    if (known !== undefined) return known
    const made = this.layers(file, [...through, file])
    this.byFile.set(file, made)
    return made
  }

  private async layers(file: string, through: readonly string[]): Promise<readonly Layer[]> {
    const { readConfig } = await import('./read.js')
    const config = await readConfig(file, this.io)
    if (config === undefined) return []
    const { presets } = await import('./presets.js')
    const layers: Layer[] = []
    for (const name of [config.extends ?? []].flat()) {
      const preset = presets[name]
      if (preset !== undefined) layers.push({ file: name, folder: dirname(file), config: preset })
      else layers.push(...(await this.read(resolve(dirname(file), name), through)))
    }
    return [...layers, { file, folder: dirname(file), config }]
  }
}

/** A path as the patterns of a layer see it. */
export function within({ folder }: Layer, path: string, cwd: string): string {
  return relative(folder, resolve(cwd, path))
}
