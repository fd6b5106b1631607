export { apacheVocabulary } from './vocabulary/index.js'
