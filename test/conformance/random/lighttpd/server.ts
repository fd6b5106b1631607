import { startReal, versionOf, type RealServer } from '../server.js'

/** lighttpd in the foreground, on the configuration as it stands. */
export const lighttpd: RealServer = {
  name: 'lighttpd',
  version: () => versionOf('lighttpd', '-v'),
  start: (place) => startReal('lighttpd', ['-D', '-f', place.main], place),
  isOwnPage: ({ body }) => body.subarray(0, 5).toString('latin1') === '<?xml'
}
