import { setups } from './httpd/fcgid.js'
import { httpd } from './httpd/server.js'
import { describeRandom } from './suite.js'

describeRandom(httpd('mod_fcgid'), setups, { pairs: 1000, withChance: false })
