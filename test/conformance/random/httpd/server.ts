import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerName } from '../../cases.js'
import type { Place } from '../../place.js'
import { startReal, versionOf, type RealServer, type RealStart } from '../server.js'

/** Debian's httpd in the foreground. What it reads and writes of its own lies below the place's root. */
export function httpd(name: ServerName): RealServer {
  return {
    name,
    version: () => versionOf('apache2', '-v'),
    start,
    brokeDown: (said) => said.includes('exit signal'),
    ofRelease: /^(?:REDIRECT_)*SERVER_(?:SOFTWARE|SIGNATURE)$/,
    isOwnPage: ({ body }) => body.subarray(0, 14).toString('latin1') === '<!DOCTYPE HTML'
  }
}

async function start(place: Place): Promise<RealStart> {
  const own = (file: string): string => join(place.root, 'run', file)
  writeFileSync(own('mime.types'), mediaTypes)
  const before = [`DefaultRuntimeDir "${join(place.root, 'run')}"`, `PidFile "${own('httpd.pid')}"`]
  const behind = [`ErrorLog "${own('error.log')}"`, `TypesConfig "${own('mime.types')}"`]
  const lines = [...before.flatMap((line) => ['-C', line]), ...behind.flatMap((line) => ['-c', line])]
  const args = ['-d', place.root, '-f', place.main, '-D', 'FOREGROUND', ...lines]
  const started = await startReal('apache2', args, place)
  if (started.kind === 'refused') return { ...started, said: started.said + logged(own('error.log')) }
  return { ...started, said: () => started.said() + logged(own('error.log')) }
}

/** Where it could not begin to log there is no file. */
function logged(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** As far as files of random sites need them. */
const mediaTypes = ['text/html html htm', 'text/plain txt', 'text/css css', 'image/png png', ''].join('\n')
