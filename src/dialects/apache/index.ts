import type { Dialect } from '../dialect.js'
import { quoteAlways } from './quote.js'
import { apacheReading } from './reading.js'
import { write } from './write/index.js'

export { detectApache } from './detect.js'
export { readApache } from './read.js'
export { apacheVocabulary } from './vocabulary.js'

/** httpd's configuration language, with any of its three FastCGI modules. */
export const apache: Dialect = {
  ...apacheReading,
  write,
  including: () => ({
    indent: 0,
    line: (path) => `Include ${quoteAlways(path)}`,
    advice:
      'Include looks below ServerRoot: write into that folder, or let ServerRoot name the one written to.'
  })
}
