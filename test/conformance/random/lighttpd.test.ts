import { deep, plain, setups } from './lighttpd/config.js'
import { lighttpd } from './lighttpd/server.js'
import { describeRandom } from './suite.js'

const size = process.env['RANDOM_DEEP'] === undefined ? plain : deep

describeRandom(lighttpd, setups(size), { pairs: 2000, withChance: true })
