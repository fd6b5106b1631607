export { readApache } from './read/index.js'
