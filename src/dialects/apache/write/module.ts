import type { Span } from '../../../diagnostics/index.js'
import type {
  Binding,
  FastcgiTarget,
  InForce,
  Ledger,
  Listener,
  Note,
  Params,
  Pool,
  ResponseRules,
  SettingKey
} from '../../../model/index.js'
import type { OutputFile } from '../../dialect.js'
import type { Module } from '../read/behaviour.js'
import { directive } from './entries.js'
import type { Entry } from './entries.js'

/** One of httpd's three ways to speak FastCGI. The writer asks it for what differs between them. */
export interface FastcgiModule {
  readonly name: Module
  /** Needed whenever this way is taken. */
  readonly modules: readonly string[]
  /** What stands once in the main server. */
  readonly server: readonly Entry[]
  /** What whoever chooses this way must know. */
  readonly caution?: Note
  /** Can start the very file that was asked for. */
  readonly startsRequested: boolean
  /** What stands in each virtual host that uses it. */
  readonly host: readonly Entry[]
  respond(use: Use, context: Context): Answer
  /** Asks an application before the request goes on. */
  guard(use: Use, context: Context): Answer
}

/** A binding at a place, with what is in force there. */
export interface Use {
  readonly binding: Binding
  readonly target: FastcgiTarget
  readonly pool: Pool
  readonly settings: InForce
  readonly params: Params | undefined
  /** The document root of the place, where it is not the host's: httpd knows it by an alias alone. */
  readonly root?: string
  readonly listeners: readonly Listener[]
  /** Whether a missing file keeps the request from the application; the writer asks unless the module does. */
  readonly mustExist: boolean
  /** Nothing but the binding's own match is asked of its requests. */
  readonly unconditional: boolean
}

export interface Answer {
  /** In the section for the requests. */
  readonly here: readonly Entry[]
  /** In the virtual host, outside of sections. */
  readonly beside: readonly Entry[]
  /** The module itself does not take requests without a file. */
  readonly checksFile: boolean
  /** Nothing in a section is needed: the module finds its requests by the file name. */
  readonly byFile?: boolean
}

/** What one conversion gathers on its way. */
export interface Context {
  readonly ledger: Ledger
  /** A name for each pool by its id, fit for a URL's host and a file's name, unique. */
  readonly names: ReadonlyMap<string, string>
  /** Directives of the main server by what they are for, so that each stands once. */
  readonly definitions: Map<string, readonly Entry[]>
  /** Which pool a file name stands for (mod_fastcgi: a name can have one application only). */
  readonly definedFor: Map<string, string>
  /** Params that differ without any directive being to blame. */
  readonly differs: Set<string>
  /** Request headers that are told otherwise where they are repeated or odd. */
  readonly headers: Set<string>
  /** What becomes of answers here, where it is not as in the source. */
  answers?: Note
  readonly answersOf: ResponseRules
  /** Kinds of settings that the source has unasked and httpd does otherwise. */
  readonly unasked: Set<SettingKey>
  /** What cannot be guarded is left open. */
  readonly allowOpen: boolean
  /** A login could not be written, and what it guards is closed. */
  closedLogins: boolean
  /** Names that the source tells behind its environment, so that what that has of them does not count. */
  readonly toldBehind: ReadonlySet<string>
  /** Handler names that an action hands on to a URL. */
  readonly actions: ReadonlySet<string>
  readonly files: OutputFile[]
  /** Pools whose process rules were accounted for already. */
  readonly accounted: Set<string>
  /** Some place of the source answers 403 for what is reached through a symbolic link: then every folder does. */
  readonly linksRefused: boolean
  /** Whether mod_proxy, and so its directives, is there. */
  readonly proxies: boolean
  /** Addresses at which a program is started, and where it is set up. */
  readonly started: Map<string, Span>
  /** Pools that some binding names. */
  readonly used: Set<string>
}

/** Programs may be run, where the source does not ask each place whether they may. */
export function permission({ target }: Use): readonly Entry[] {
  const asks = (target.checks ?? []).some(({ must }) => must === 'be-allowed')
  return asks ? [] : [directive('Options', '+ExecCGI')]
}

/** Nothing may answer here: better closed than the program's source sent or a check left out. */
export function closed(): Answer {
  return { here: [directive('Require', 'all', 'denied')], beside: [], checksFile: true }
}

/** Where an application cannot be asked for permission. */
export function unguardedAnswer({ allowOpen }: Context): Answer {
  return allowOpen ? { here: [], beside: [], checksFile: true } : closed()
}

/** Names for pools that are short, readable and unique. */
export function poolNames(pools: readonly Pool[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const pool of pools) {
    const base = slug(pool.name ?? pool.id)
    let name = base
    for (let count = 2; taken.has(name); count++) name = `${base}-${count}`
    taken.add(name)
    names.set(pool.id, name)
  }
  return names
}

function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replaceAll(/^-+|-+$/g, '')
  if (plain === '') return 'app'
  // mod_proxy takes a host of digits alone for an address, and refuses it.
  return /^\d+$/.test(plain) ? `app-${plain}` : plain
}

export function nameOf(pool: Pool, context: Context): string {
  return context.names.get(pool.id) ?? slug(pool.id)
}
