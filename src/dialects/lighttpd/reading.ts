import type { Reading } from '../dialect.js'
import { followedVersion } from './behaviour.js'
import { detectLighttpd } from './detect.js'
import { readLighttpd } from './read.js'
import { lighttpdVocabulary } from './vocabulary.js'

/** lighttpd's configuration language, as it is read: writing it takes another half of code, which most commands do not need. */
export const lighttpdReading: Reading = {
  language: 'lighttpd',
  follows: followedVersion,
  contexts: [],
  names: ['lighttpd'],
  spawning: ['lighttpd'],
  vocabulary: lighttpdVocabulary,
  detect: detectLighttpd,
  read: readLighttpd
}
