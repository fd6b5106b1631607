import type { DialectName, ReadIo, ReadResult } from '../../../src/dialects/dialect.js'
import { readApache } from '../../../src/dialects/apache/read.js'

/** A file tree that exists only here: path to text. Directories are those that files lie in. */
export type Files = Readonly<Record<string, string>>

export function memory(files: Files, environment: Readonly<Record<string, string>> = {}): ReadIo {
  const paths = Object.keys(files).sort()
  const below = (directory: string): readonly string[] =>
    paths.filter((path) => path.startsWith(`${directory}/`))
  return {
    readFile: (path) => {
      const text = files[path]
      if (text !== undefined) return { kind: 'text', text }
      const why = below(path).length > 0 ? 'directory' : 'missing'
      return { kind: 'failed', why, message: `it is ${why}` }
    },
    glob: (pattern) => paths.filter((path) => fits(pattern, path)),
    filesBelow: (path) => (below(path).length > 0 ? below(path) : undefined),
    kind: (path) => (files[path] !== undefined ? 'file' : below(path).length > 0 ? 'directory' : 'missing'),
    environment: (name) => environment[name]
  }
}

function fits(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, String.raw`\$&`)
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${source}$`).test(path)
}

/** Reads a text as `/etc/httpd/httpd.conf`. */
export function read(text: string, files: Files = {}, name: DialectName = 'apache'): ReadResult {
  return readApache('/etc/httpd/httpd.conf', memory({ '/etc/httpd/httpd.conf': text, ...files }), { name })
}

export const codes = (result: ReadResult): readonly string[] => result.diagnostics.map(({ code }) => code)
