import type { Reading } from '../dialect.js'
import { detectApache } from './detect.js'
import { fileContexts, readApache } from './read.js'
import { currentVersion } from './read/preprocess.js'
import { apacheVocabulary } from './vocabulary.js'

/** httpd's configuration language, with any of its three FastCGI modules, as it is read: writing it takes another half of code, which most commands do not need. */
export const apacheReading: Reading = {
  language: 'apache',
  follows: currentVersion,
  contexts: fileContexts,
  names: ['apache', 'apache-fcgid', 'apache-proxy-fcgi'],
  spawning: ['apache', 'apache-fcgid'],
  vocabulary: apacheVocabulary,
  detect: detectApache,
  read: readApache
}
