import type { DialectName } from '../../dialects/dialect.js'

/** `error` and so on: how serious what a rule finds is; `off`: nobody asks. */
export type Level = 'off' | 'info' | 'warn' | 'warning' | 'error'

/** A level, or a level with the options of the rule. */
export type RuleEntry = Level | [Level, Record<string, boolean | number | string[]>]

/** What can be settled for all files, and for some of them. */
export interface Settled {
  /** What files are written for, where they do not show it. */
  dialect?: DialectName
  /** The releases of the servers in use, such as `1.18.0`: what is read and found is as they are. */
  target?: { nginx?: string; apache?: string; lighttpd?: string }
  /** Names that are defined, as by `httpd -D`. */
  defines?: string[]
  /** Modules that are there though the files at hand do not load them: `mod_fcgid`, `headers-more`. */
  modules?: string[]
  include?: {
    /** Where files lie that a server knows under another path: `/etc/nginx/` by a folder, relative to the configuration file. */
    pathMap?: Record<string, string>
  }
  /** By the code of a rule or of any other finding. */
  rules?: Record<string, RuleEntry>
  /** Directives of modules that this tool does not know; a `*` at the end stands for anything. */
  knownDirectives?: string[]
}

/** For files whose paths fit one of the patterns, relative to the configuration file. */
export interface Override extends Settled {
  files: string[]
}

/** A configuration file of fcgi-conf. */
export interface Config extends Settled {
  $schema?: string
  /** No configuration file is looked for in the folders above. */
  root?: boolean
  /** Presets (`recommended`, `strict`, `security`) or other configuration files, which this one adds to. */
  extends?: string | string[]
  /** Of several that fit a file the last one counts. */
  overrides?: Override[]
  /** Patterns in the syntax of .gitignore, relative to the configuration file, of what is not looked at when folders are searched. */
  ignore?: string[]
  /** The list of known findings that are not told, relative to the configuration file; see `lint --update-baseline`. */
  baseline?: string
  /** A comment that suppresses a finding must say why. */
  requireSuppressionReason?: boolean
  /** A comment that suppresses nothing is a finding; it is where this is absent. */
  reportUnusedSuppressions?: boolean
}
