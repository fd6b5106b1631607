import { resolve } from 'node:path'
import type { Dialect, DialectName } from '../../dialects/index.js'
import type { RuleSettings } from '../../lint/index.js'
import { within } from './configs.js'
import type { Layer } from './configs.js'
import type { Level, RuleEntry, Settled } from './config.js'

/** What holds for one file, all layers and overrides taken together. */
export interface Effective {
  readonly dialect?: DialectName
  readonly target: Readonly<Partial<Record<Dialect['language'], string>>>
  readonly defines: readonly string[]
  readonly modules: readonly string[]
  /** Folders on this disk, by what the server calls them; longer ones first. */
  readonly pathMap: readonly (readonly [server: string, disk: string])[]
  /** By code, of rules and of other findings. */
  readonly settings: ReadonlyMap<string, RuleSettings>
  readonly knownDirectives: readonly string[]
  readonly requireSuppressionReason: boolean
  readonly reportUnusedSuppressions: boolean
}

export const nothingSettled: Effective = {
  target: {},
  defines: [],
  modules: [],
  pathMap: [],
  settings: new Map(),
  knownDirectives: [],
  requireSuppressionReason: false,
  reportUnusedSuppressions: true
}

export async function settle(layers: readonly Layer[], path: string, cwd: string): Promise<Effective> {
  if (layers.length === 0) return nothingSettled
  const parts: Settled[] = []
  const maps = new Map<string, string>()
  const add = (part: Settled, { folder }: Layer): void => {
    parts.push(part)
    for (const [server, disk] of Object.entries(part.include?.pathMap ?? {}))
      maps.set(server.replace(/\/+$/, ''), resolve(folder, disk))
  }
  for (const layer of layers) {
    add(layer.config, layer)
    for (const override of layer.config.overrides ?? []) {
      const { default: picomatch } = await import('picomatch')
      if (picomatch(override.files, { dot: true })(within(layer, path, cwd))) add(override, layer)
    }
  }
  const configs = layers.map(({ config }) => config)
  const dialect = parts.findLast((part) => part.dialect !== undefined)?.dialect
  return {
    ...(dialect !== undefined && { dialect }),
    target: Object.assign({}, ...parts.map(({ target }) => target)) as Effective['target'],
    defines: parts.flatMap(({ defines }) => defines ?? []),
    modules: parts.flatMap(({ modules }) => modules ?? []),
    pathMap: [...maps].sort(([a], [b]) => b.length - a.length),
    settings: settingsOf(parts),
    knownDirectives: parts.flatMap(({ knownDirectives }) => knownDirectives ?? []),
    requireSuppressionReason:
      configs.findLast((one) => one.requireSuppressionReason !== undefined)?.requireSuppressionReason ??
      false,
    reportUnusedSuppressions:
      configs.findLast((one) => one.reportUnusedSuppressions !== undefined)?.reportUnusedSuppressions ?? true
  }
}

/** A level alone leaves the options that an outer layer has set. */
function settingsOf(parts: readonly Settled[]): ReadonlyMap<string, RuleSettings> {
  const settings = new Map<string, RuleSettings>()
  for (const { rules } of parts) {
    for (const [code, entry] of Object.entries(rules ?? {})) {
      settings.set(code, { ...settings.get(code), ...settingOf(entry) })
    }
  }
  return settings
}

function settingOf(entry: RuleEntry): RuleSettings {
  if (typeof entry === 'string') return { severity: severityOf(entry) }
  const [level, options] = entry
  return { severity: severityOf(level), options }
}

function severityOf(level: Level): Exclude<Level, 'warn'> {
  return level === 'warn' ? 'warning' : level
}
