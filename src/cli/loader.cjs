'use strict'

/**
 * Runs the bundled chunks beside it, each with the compiled code that the build put beside it in turn: that is most
 * of what starting costs. Code compiled by another version of V8 is refused by V8 itself, and the chunk is compiled
 * anew; nothing is ever written here.
 */
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { Script } = require('node:vm')

/** Chunks that have been run, by name. */
const chunks = new Map()

function load(name) {
  const known = chunks.get(name)
  if (known !== undefined) return known.module.exports
  const filename = join(__dirname, name)
  const script = new Script(readFileSync(filename, 'latin1'), {
    filename,
    cachedData: compiledCode(filename)
  })
  const chunk = { script, module: { exports: {} } }
  chunks.set(name, chunk)
  const run = script.runInThisContext()
  run.call(chunk.module.exports, chunk.module.exports, requireFor, chunk.module, pathToFileURL(filename).href)
  return chunk.module.exports
}

function requireFor(name) {
  return name.startsWith('./') ? load(name.slice(2)) : require(name)
}

function compiledCode(filename) {
  try {
    return readFileSync(`${filename}.code`)
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** For the build: the compiled code of all that was run so far, functions that were called included. */
function codeOfChunks() {
  return [...chunks].map(([name, { script }]) => ({ name, code: script.createCachedData() }))
}

module.exports = { load, codeOfChunks }
