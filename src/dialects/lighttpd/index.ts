import type { Dialect } from '../dialect.js'
import { quote } from './quote.js'
import { lighttpdReading } from './reading.js'
import { write } from './write/index.js'

export { detectLighttpd } from './detect.js'
export { readLighttpd } from './read.js'
export { lighttpdVocabulary } from './vocabulary.js'

/** lighttpd's configuration language. */
export const lighttpd: Dialect = {
  ...lighttpdReading,
  write,
  including: () => ({ indent: 0, line: (path) => `include ${quote(path)}` })
}
