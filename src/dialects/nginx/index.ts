import type { Dialect } from '../dialect.js'
import { quote } from './quote.js'
import { nginxReading } from './reading.js'
import { write } from './write/index.js'

export { detectNginx } from './detect.js'
export { readNginx } from './read/index.js'
export { nginxVocabulary } from './vocabulary/index.js'

/** nginx's configuration language. */
export const nginx: Dialect = {
  ...nginxReading,
  write,
  including: (fragment) => ({ indent: fragment ? 0 : 4, line: (path) => `include ${quote(path)};` })
}
