#!/usr/bin/env node
'use strict'

const { load } = require('../dist/cli/loader.cjs')

load('main.js')
  .main(process)
  .then((exitCode) => {
    process.exitCode = exitCode
  })
