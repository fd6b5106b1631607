import { setups } from './nginx/config.js'
import { nginx } from './nginx/server.js'
import { describeRandom } from './suite.js'

describeRandom(nginx, setups, { pairs: 2000, withChance: false })
