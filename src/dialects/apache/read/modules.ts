import { baseName } from '../../paths.js'

/** Modules that every common build has compiled in; Debian's has exactly these. */
const compiledIn = ['core', 'so', 'http', 'log_config', 'logio', 'version', 'unixd', 'watchdog']

/**
 * Modules that are never compiled in: what belongs to them is refused by a whole configuration that does not load
 * them. Others may be part of the httpd in question, which its configuration cannot tell.
 */
const alwaysLoaded = [
  'mod_fastcgi',
  'mod_fcgid',
  'mod_proxy',
  'mod_proxy_fcgi',
  'mod_authnz_fcgi',
  'mod_xsendfile',
  'mod_macro'
]

/** Which modules are there at a point of the configuration. */
export class Modules {
  private readonly names: Set<string>

  /**
   * `whole`: LoadModule lines decide. A fragment (a file of conf.d, one virtual host) says nothing of them, so there
   * every module that is `known` counts as loaded.
   */
  constructor(
    readonly whole: boolean,
    private readonly known: (module: string) => boolean
  ) {
    this.names = new Set(compiledIn.flatMap((name) => [`mod_${name}.c`, `${name}_module`, `${name}.c`]))
  }

  /** All that another one has. */
  loadLike({ names }: Modules): void {
    for (const name of names) this.names.add(name)
  }

  /** `LoadModule fcgid_module modules/mod_fcgid.so` */
  load(identifier: string, file: string): void {
    this.names.add(identifier)
    this.names.add(`${baseName(file).replace(/\.[^.]*$/, '')}.c`)
    this.names.add(`mod_${identifier.replace(/_module$/, '')}.c`)
  }

  /** Whether `<IfModule NAME>` holds: by source file or identifier, in exact case. */
  isThere(name: string): boolean {
    if (this.names.has(name)) return true
    return !this.whole && this.known(fileOf(name))
  }

  /** Whether a directive of the vocabulary's module can be used. */
  provides(module: string): boolean {
    return !this.whole || !alwaysLoaded.includes(module) || this.isThere(`${module}.c`)
  }
}

function fileOf(name: string): string {
  if (name.endsWith('.c')) return name.slice(0, -2)
  return name.endsWith('_module') ? `mod_${name.slice(0, -'_module'.length)}` : name
}
