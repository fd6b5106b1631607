import { setups } from './httpd/proxy.js'
import { httpd } from './httpd/server.js'
import { describeRandom } from './suite.js'

describeRandom(httpd('mod_proxy_fcgi'), setups, { pairs: 1000, withChance: false })
