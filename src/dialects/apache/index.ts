import type { Dialect } from '../dialect.js'
import { detectApache } from './detect.js'
import { outlineApache } from './outline.js'
import { readApache } from './read.js'
import { apacheVocabulary } from './vocabulary.js'
import { write } from './write/index.js'

export { detectApache } from './detect.js'
export { readApache } from './read.js'
export { apacheVocabulary } from './vocabulary.js'

/** httpd's configuration language, with any of its three FastCGI modules. */
export const apache: Dialect = {
  language: 'apache',
  names: ['apache', 'apache-fcgid', 'apache-proxy-fcgi'],
  spawning: ['apache', 'apache-fcgid'],
  vocabulary: apacheVocabulary,
  detect: detectApache,
  read: readApache,
  outline: outlineApache,
  write
}
