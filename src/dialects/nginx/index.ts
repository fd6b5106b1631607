import type { Dialect } from '../dialect.js'
import { detectNginx } from './detect.js'
import { outlineNginx } from './outline.js'
import { readNginx } from './read/index.js'
import { nginxVocabulary } from './vocabulary/index.js'
import { write } from './write/index.js'

export { detectNginx } from './detect.js'
export { readNginx } from './read/index.js'
export { nginxVocabulary } from './vocabulary/index.js'

/** nginx's configuration language. */
export const nginx: Dialect = {
  language: 'nginx',
  names: ['nginx'],
  spawning: [],
  vocabulary: nginxVocabulary,
  detect: detectNginx,
  read: readNginx,
  outline: outlineNginx,
  write
}
