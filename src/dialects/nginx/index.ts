import type { Dialect } from '../dialect.js'
import { nginxReading } from './reading.js'
import { write } from './write/index.js'

export { detectNginx } from './detect.js'
export { readNginx } from './read/index.js'
export { nginxVocabulary } from './vocabulary/index.js'

/** nginx's configuration language. */
export const nginx: Dialect = { ...nginxReading, write }
