export { fileContexts, readApache } from './read/index.js'
