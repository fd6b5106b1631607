import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ignore from 'ignore'
import type { Ignore } from 'ignore'

/** What holds patterns of files that are not to be looked at, beside those of the configuration file. */
const names = ['.gitignore', '.fcgi-confignore']

/** Folders that nobody wants to have searched. */
const never = new Set(['.git', '.hg', '.svn', 'node_modules'])

/** The ignore files of a folder and of those around it up to the repository's root; each asked of what lies below it. */
export class Ignoring {
  private readonly known = new Map<string, Ignore | undefined>()
  private readonly repositories = new Map<string, boolean>()

  constructor(private readonly isOn: boolean) {}

  /** Whether a path that was found by searching is to be left out. A folder that is takes all below it along. */
  isLeftOut(path: string, kind: 'file' | 'directory'): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (kind === 'directory' && never.has(name)) return true
    if (!this.isOn) return false
    for (let folder = dirname(path), isLast = false; !isLast; folder = dirname(folder)) {
      const verdict = this.of(folder)?.test(relative(folder, path) + (kind === 'directory' ? '/' : ''))
      // The innermost file that says anything counts.
      if (verdict?.ignored === true) return true
      if (verdict?.unignored === true) return false
      isLast = folder === dirname(folder) || this.isRepository(folder)
    }
    return false
  }

  private of(folder: string): Ignore | undefined {
    if (this.known.has(folder)) return this.known.get(folder)
    const texts = names.flatMap((name) => textOf(join(folder, name)) ?? [])
    const made = texts.length === 0 ? undefined : ignore().add(texts.join('\n'))
    this.known.set(folder, made)
    return made
  }

  private isRepository(folder: string): boolean {
    const known = this.repositories.get(folder)
    if (known !== undefined) return known
    const found = textOf(join(folder, '.git', 'HEAD')) !== undefined
    this.repositories.set(folder, found)
    return found
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // No such file, or one that cannot be read, is as good as none, as git takes it.
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}
