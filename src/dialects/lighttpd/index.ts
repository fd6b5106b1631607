export { detectLighttpd } from './detect.js'
export { readLighttpd } from './read.js'
export { lighttpdVocabulary } from './vocabulary.js'
