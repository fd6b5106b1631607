import { readdirSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join, resolve } from 'node:path'
import picomatch from 'picomatch'
import { CommandError } from '../io.js'
import { Ignoring } from './ignoring.js'
import { kindOf, realPath } from './kind.js'

/** A file as a person would write it, and as the same file always is. */
export interface Found {
  readonly path: string
  readonly key: string
}

/** Looks for configurations in folders and by patterns. */
export class Search {
  private readonly ignoring: Ignoring

  constructor(
    private readonly cwd: string,
    respectsIgnoreFiles: boolean
  ) {
    this.ignoring = new Ignoring(respectsIgnoreFiles)
  }

  /** The files below a folder, or those that fit a pattern, sorted. */
  meaning(name: string): readonly Found[] {
    if (kindOf(resolve(this.cwd, name)) === 'directory') return this.below(name, isLikely)
    const { base } = picomatch.scan(name)
    const fits = picomatch(name.replace(/^\.\//, ''))
    return this.below(base === '' ? '.' : base, (path) => fits(path.replace(/^\.\//, '')))
  }

  private below(folder: string, isWanted: (path: string) => boolean): readonly Found[] {
    const found: Found[] = []
    const open: { readonly path: string; readonly trail: readonly string[] }[] = [{ path: folder, trail: [] }]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { path, trail } = next
      const real = realPath(resolve(this.cwd, path))
      if (trail.includes(real)) continue
      for (const entry of entriesOf(resolve(this.cwd, path))) {
        const { name } = entry
        const inner = path === '.' && folder === '.' ? name : join(path, name)
        const whole = resolve(this.cwd, inner)
        // What is no link needs no further look at the disk.
        const isPlain = entry.isFile()
        const kind = isPlain ? 'file' : kindOf(whole)
        if (kind === undefined || this.ignoring.isLeftOut(whole, kind)) continue
        if (kind === 'directory') open.push({ path: inner, trail: [...trail, real] })
        else if (isWanted(inner))
          found.push({ path: inner, key: isPlain ? join(real, name) : realPath(whole) })
      }
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1))
  }
}

const likelyNames =
  /\.(conf|cfg|vhost|nginx|ngx)$|^\.htaccess$|^(fastcgi|scgi|uwsgi|proxy)[._]params$|\.(conf|htaccess)[._-](default|dist|example|sample|tpl)$|^(nginx|lighttpd|httpd|apache2?)\b/i
const likelyFolders =
  /(^|\/)((sites|conf|mods)[-_.]?(available|enabled)|conf\.d|conf|vhosts?(\.d)?|nginx|lighttpd|apache2?|httpd|snippets)\/[^/]+$/i
const otherKinds =
  /\.(html?|php\d?|js|mjs|cjs|ts|css|png|jpe?g|gif|svg|ico|md|rst|txt|sh|py|rb|pl|c|h|json|ya?ml|toml|lock|pem|crt|key|gz|zip|log|orig|bak|load)$/i

/** Names under which configurations are kept. Whether it is one is seen in its text. */
function isLikely(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return likelyNames.test(name) || (likelyFolders.test(path) && !otherKinds.test(name))
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot look into \`${folder}\`: ${error.message}`)
  }
}
