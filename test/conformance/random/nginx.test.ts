import { setups } from './nginx/config.js'
import { nginx } from './nginx/server.js'
import { describeRandom } from './suite.js'

describeRandom(nginx, setups, 2000)
