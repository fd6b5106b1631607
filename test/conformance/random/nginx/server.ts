import { join } from 'node:path'
import { startReal, versionOf, type RealServer } from '../server.js'

/** nginx in the foreground, one process, its own files in the place. */
export const nginx: RealServer = {
  name: 'nginx',
  version: () => versionOf('nginx', '-v'),
  start: (place) => {
    const globals = `daemon off; master_process off; pid ${join(place.root, 'run/nginx.pid')};`
    return startReal('nginx', ['-p', place.root, '-c', place.main, '-e', 'stderr', '-g', globals], place)
  },
  isOwnPage: ({ body }) =>
    body.subarray(0, 14).toString('latin1') === '<html>\r\n<head>' && !body.includes('<h1>Index of')
}
