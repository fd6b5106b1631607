import type { Dialect } from '../dialect.js'
import { apacheReading } from './reading.js'
import { write } from './write/index.js'

export { detectApache } from './detect.js'
export { readApache } from './read.js'
export { apacheVocabulary } from './vocabulary.js'

/** httpd's configuration language, with any of its three FastCGI modules. */
export const apache: Dialect = { ...apacheReading, write }
