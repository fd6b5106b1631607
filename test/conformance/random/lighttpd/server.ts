import { refusal, startReal, versionOf, type RealServer } from '../server.js'

/** lighttpd in the foreground, on the configuration as it stands. */
export const lighttpd: RealServer = {
  name: 'lighttpd',
  version: () => versionOf('lighttpd', '-v'),
  // It listens before its modules are set up, and may yet end then: so what it refuses is asked first.
  start: async (place) => {
    const refused = await refusal('lighttpd', ['-tt', '-f', place.main], place)
    return refused ?? startReal('lighttpd', ['-D', '-f', place.main], place)
  },
  isOwnPage: ({ body }) => body.subarray(0, 5).toString('latin1') === '<?xml'
}
