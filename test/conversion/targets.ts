import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { OutputFile } from '../../src/dialects/index.js'
import { encodeBytes } from '../../src/diagnostics/index.js'
import type { Place } from '../conformance/place.js'
import { refusal, startReal, type RealStart } from '../conformance/random/server.js'

/** The targets whose servers Debian ships. */
export const targetNames = ['lighttpd', 'nginx', 'apache-fcgid', 'apache-proxy-fcgi'] as const
export type TargetName = (typeof targetNames)[number]

/** Starts the real server on what was written. Its own files lie in the place; otherwise the text is as it was written. */
export async function startTarget(
  name: TargetName,
  files: readonly OutputFile[],
  place: Place
): Promise<RealStart> {
  const folder = join(place.root, 'translated')
  const [main] = files
  if (main === undefined) return { kind: 'refused', said: 'nothing was written' }
  for (const { path, text } of files) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, encodeBytes(text))
  }
  const file = join(folder, main.path)
  const own = join(folder, 'own')
  mkdirSync(own)
  switch (name) {
    case 'lighttpd':
      writeFileSync(file, encodeBytes(main.text.replaceAll('/etc/lighttpd/', `${folder}/`)))
      // It listens before its modules are set up, and may yet end then: so what it refuses is asked first.
      return (
        (await refusal('lighttpd', ['-tt', '-f', file], place)) ??
        startReal('lighttpd', ['-D', '-f', file], place)
      )
    case 'nginx': {
      writeFileSync(file, encodeBytes(withTemporaryFolders(main.text, own)))
      const globals = `daemon off; master_process off; pid ${join(own, 'nginx.pid')};`
      return startReal('nginx', ['-p', place.root, '-c', file, '-e', 'stderr', '-g', globals], place)
    }
    case 'apache-fcgid':
    case 'apache-proxy-fcgi': {
      const log = join(own, 'error.log')
      writeFileSync(file, encodeBytes(withOwnFolder(main.text, own)))
      const started = await startReal('apache2', ['-d', folder, '-f', file, '-D', 'FOREGROUND'], place)
      return started.kind === 'runs' ? started : { ...started, said: started.said + logged(log) }
    }
  }
}

function withTemporaryFolders(text: string, own: string): string {
  const kinds = ['client_body', 'fastcgi', 'proxy', 'scgi', 'uwsgi']
  const lines = kinds.map((kind) => `    ${kind}_temp_path ${join(own, kind)};\n`).join('')
  return text.replace(/^http \{\n/m, `http {\n    access_log off;\n${lines}`)
}

/** Only root may change the account, and the folders of the system are root's. */
function withOwnFolder(text: string, own: string): string {
  const rest = text
    .replace(
      /^(?:User|Group|PidFile|ErrorLog|DefaultRuntimeDir|FcgidIPCDir|FcgidProcessTableFile) .*\n/gm,
      ''
    )
    .replace(/^ServerRoot .*$/m, `ServerRoot "${own}"`)
  const lines = [
    `DefaultRuntimeDir "${own}"`,
    `PidFile "${join(own, 'httpd.pid')}"`,
    `ErrorLog "${join(own, 'error.log')}"`,
    ...(rest.includes('LoadModule fcgid_module')
      ? [`FcgidIPCDir "${own}"`, `FcgidProcessTableFile "${join(own, 'fcgid_shm')}"`]
      : [])
  ]
  return `${rest}\n${lines.join('\n')}\n`
}

function logged(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Where it could not begin to log there is no file.
    return ''
  }
}
