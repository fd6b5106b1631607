import { readIo } from '../../src/cli/files.js'
import { loadDialect, type DialectName, type ReadResult } from '../../src/dialects/index.js'
import type { ServerName } from './cases.js'
import type { Place } from './place.js'

const names: Readonly<Record<ServerName, DialectName>> = {
  lighttpd: 'lighttpd',
  nginx: 'nginx',
  mod_fastcgi: 'apache',
  mod_fcgid: 'apache-fcgid',
  mod_proxy_fcgi: 'apache-proxy-fcgi'
}

/** The dialect that a server's configuration is read as. */
export function dialectOf(server: ServerName): DialectName {
  return names[server]
}

/** Reads a case's configuration as the dialect's own reader does, in the folder the servers were started in. */
export async function readConfig(server: ServerName, place: Place): Promise<ReadResult> {
  const name = names[server]
  const dialect = await loadDialect(name)
  const io = readIo({ cwd: place.root, env: place.environment, allowIncludeShell: true })
  // nginx was started with `-p @ROOT@`.
  return dialect.read(place.main, io, { name, ...(server === 'nginx' ? { prefix: place.root } : {}) })
}
