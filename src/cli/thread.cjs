'use strict'

/** What a thread of `lint` is started with. */
require('./loader.cjs').load('main.js').serveThread()
