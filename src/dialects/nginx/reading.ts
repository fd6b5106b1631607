import type { Reading } from '../dialect.js'
import { detectNginx } from './detect.js'
import { fileContexts } from './read/context.js'
import { readNginx, usualVersion } from './read/index.js'
import { nginxVocabulary } from './vocabulary/index.js'

/** nginx's configuration language, as it is read: writing it takes another half of code, which most commands do not need. */
export const nginxReading: Reading = {
  language: 'nginx',
  follows: usualVersion,
  contexts: fileContexts,
  names: ['nginx'],
  spawning: [],
  vocabulary: nginxVocabulary,
  detect: detectNginx,
  read: readNginx
}
