import { nearest } from '../../diagnostics/index.js'
import type { Assigned, Block } from './blocks.js'
import { flagOf } from './options.js'
import type { Problems } from './problems.js'
import type { Value } from './values.js'
import { knownModules, lighttpdVocabulary } from './vocabulary.js'

/** A piece of a configuration, such as a conf.d file, names few modules or none: the file around it loads them. */
const usual = [
  'mod_indexfile',
  'mod_access',
  'mod_alias',
  'mod_redirect',
  'mod_rewrite',
  'mod_auth',
  'mod_setenv',
  'mod_evhost',
  'mod_fastcgi',
  'mod_staticfile'
]

/** Which modules are loaded, in the order in which they see a request. */
export class Modules {
  readonly names: readonly string[]
  /** Not loaded because all that is said of them is that they are off. */
  private readonly needless: readonly string[]
  private readonly missing = new Set<string>()

  constructor(
    global: Block,
    private readonly isFragment: boolean,
    /** Loaded by what is not at hand. */
    given: readonly string[]
  ) {
    const value = global.held.get('server.modules')?.value
    const asked =
      value?.kind === 'list'
        ? value.entries.flatMap((entry) => (entry.value.kind === 'string' ? [entry.value.text] : []))
        : []
    const compat = global.held.get('server.compat-module-load')?.value
    const named = unique(isFragment ? forFragment([...asked, ...given], global) : [...asked, ...given])
    const isLoadedUnasked = compat === undefined || flagOf(compat) !== false
    const wanted = wantedBy(global)
    this.names = isLoadedUnasked ? withUnasked(named, wanted, global) : named
    this.needless = isLoadedUnasked ? [...wanted].flatMap(([name, isWanted]) => (isWanted ? [] : name)) : []
  }

  /** The configuration says itself which modules are loaded. */
  get isWhole(): boolean {
    return !this.isFragment
  }

  isLoaded(module: string): boolean {
    return this.isFragment || this.names.includes(module)
  }

  /** Once a module: the server only warns, and sends scripts as text where mod_fastcgi is missing. */
  reportMissing(module: string, { name, span }: Assigned, problems: Problems): void {
    if (this.missing.has(module) || this.needless.includes(module)) return
    this.missing.add(module)
    const fastcgi = module === 'mod_fastcgi'
    problems.add({
      code: 'lighttpd/module-missing',
      severity: fastcgi ? 'error' : 'warning',
      message: `\`${name}\` is not taken notice of: \`${module}\` is not loaded${fastcgi ? ', so scripts are sent as text' : ''}`,
      span,
      hint: `add it: \`server.modules += ( "${module}" )\``
    })
  }
}

/** Those that are named, those that are usual, and those whose directives stand in the piece. */
function forFragment(asked: readonly string[], global: Block): readonly string[] {
  const used = modulesUsed(global).filter((name) => !usual.includes(name) && !asked.includes(name))
  const others = asked.filter((name) => !usual.includes(name))
  const last = usual.indexOf('mod_staticfile')
  return [...others, ...usual.slice(0, last), ...used, ...usual.slice(last)]
}

function modulesUsed({ held, children }: Block): readonly string[] {
  const own = [...held.keys()].flatMap((name) => lighttpdVocabulary.get(name)?.module ?? [])
  return unique([...own, ...children.flatMap(modulesUsed)])
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}

/**
 * What the server loads for old configurations that use a module without naming it, and leaves out where nothing switches it on
 * (config_compat_module_load).
 */
function withUnasked(
  names: readonly string[],
  wanted: ReadonlyMap<string, boolean>,
  global: Block
): readonly string[] {
  const kept = names.filter((name) => wanted.get(name) !== false)
  const missing = (module: string, isWanted = wanted.get(module) === true): readonly string[] =>
    isWanted && !names.includes(module) ? [module] : []
  return unique([
    ...aheadOfAll('mod_vhostdb', names),
    ...aheadOfAll('mod_auth', names),
    ...missing('mod_indexfile'),
    ...kept,
    ...missing('mod_dirlisting'),
    ...missing('mod_staticfile', true),
    ...missing('mod_openssl', inAnyBlock(global, 'ssl.engine', isOn)),
    ...missing('mod_authn_file', names.includes('mod_auth') && inAnyBlock(global, 'auth.backend', () => true))
  ])
}

/** A module that those who work for it (`mod_authn_file`) stand ahead of, or without it, is put in front of everybody. */
function aheadOfAll(module: string, names: readonly string[]): readonly string[] {
  const first = names.find((name) => name.startsWith(module))
  return first === undefined || first === module ? [] : [module]
}

/** The modules that are loaded where something switches them on, and only there. */
function wantedBy(global: Block): ReadonlyMap<string, boolean> {
  const isOnAnywhere = (...names: readonly string[]): boolean =>
    names.some((name) => inAnyBlock(global, name, isEnabled))
  return new Map([
    ['mod_indexfile', isOnAnywhere('index-file.names', 'server.indexfiles')],
    ['mod_dirlisting', isOnAnywhere('dir-listing.activate', 'server.dir-listing')]
  ])
}

/** A list with something in it, or a yes. */
function isEnabled(value: Value): boolean {
  return value.kind === 'list' ? value.entries.length > 0 : isOn(value)
}

function isOn(value: Value): boolean {
  return flagOf(value) === true
}

function inAnyBlock(block: Block, name: string, test: (value: Value) => boolean): boolean {
  const value = block.held.get(name)?.value
  if (value !== undefined && test(value)) return true
  return block.children.some((child) => inAnyBlock(child, name, test))
}

/** A module that does not exist keeps the server from starting. */
export function checkModules(global: Block, problems: Problems): void {
  const value = global.held.get('server.modules')?.value
  if (value?.kind !== 'list') return
  for (const { value: module } of value.entries) {
    if (module.kind !== 'string' || knownModules.has(module.text)) continue
    const meant = nearest(module.text, knownModules)
    problems.refuse(
      'unknown-module',
      module.span,
      `Unexpected module \`${module.text}\`: the server comes with none of this name`,
      {
        ...(meant !== undefined && { hint: `did you mean \`${meant}\`?` })
      }
    )
  }
}
