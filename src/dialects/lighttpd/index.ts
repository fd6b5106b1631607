import type { Dialect } from '../dialect.js'
import { detectLighttpd } from './detect.js'
import { outlineLighttpd } from './outline.js'
import { readLighttpd } from './read.js'
import { lighttpdVocabulary } from './vocabulary.js'
import { write } from './write/index.js'

export { detectLighttpd, lighttpdVocabulary, readLighttpd }

/** lighttpd's configuration language. */
export const lighttpd: Dialect = {
  language: 'lighttpd',
  names: ['lighttpd'],
  spawning: ['lighttpd'],
  vocabulary: lighttpdVocabulary,
  detect: detectLighttpd,
  read: readLighttpd,
  outline: outlineLighttpd,
  write
}
