import { setups } from './lighttpd/config.js'
import { lighttpd } from './lighttpd/server.js'
import { describeRandom } from './suite.js'

describeRandom(lighttpd, setups, 2000)
