import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { decodeBytes } from '../../src/diagnostics/index.js'
import { loadDialect, type DialectName, type ReadIo, type ReadResult } from '../../src/dialects/index.js'
import type { ServerName } from './cases.js'
import { serverEnvironment, type Place } from './place.js'

const names: Readonly<Record<ServerName, DialectName>> = {
  lighttpd: 'lighttpd',
  nginx: 'nginx',
  mod_fastcgi: 'apache',
  mod_fcgid: 'apache-fcgid',
  mod_proxy_fcgi: 'apache-proxy-fcgi'
}

/** Reads a case's configuration as the dialect's own reader does. */
export async function readConfig(server: ServerName, place: Place): Promise<ReadResult> {
  const name = names[server]
  const dialect = await loadDialect(name)
  // nginx was started with `-p @ROOT@`.
  return dialect.read(place.main, files, { name, ...(server === 'nginx' ? { prefix: place.root } : {}) })
}

const files: ReadIo = {
  readFile(path) {
    const kind = kindOf(path)
    if (kind === 'directory') return { kind: 'failed', why: 'directory', message: 'it is a directory' }
    if (kind === 'missing') return { kind: 'failed', why: 'missing', message: 'there is no such file' }
    return { kind: 'text', text: decodeBytes(readFileSync(path)) }
  },
  glob: (pattern, { braces }) =>
    globSync(pattern, {
      absolute: true,
      dot: false,
      onlyFiles: false,
      expandDirectories: false,
      braceExpansion: braces
    })
      .map((path) => path.replace(/\/$/, ''))
      .sort(),
  filesBelow: (path) =>
    kindOf(path) === 'directory'
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
      : undefined,
  kind: kindOf,
  environment: (variable) => serverEnvironment[variable]
}

function kindOf(path: string): 'file' | 'directory' | 'missing' {
  if (!existsSync(path)) return 'missing'
  return statSync(path).isDirectory() ? 'directory' : 'file'
}
