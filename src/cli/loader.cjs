'use strict'

/**
 * Runs the bundled chunks beside it. Each file is an object of chunks by name, and is run with the compiled code that
 * the build put beside it: compiling is most of what starting costs. Code compiled by another version of V8 is refused
 * by V8 itself, and the file is compiled anew; nothing is ever written here.
 */
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { Script } = require('node:vm')

/** Of the folder they stand in; their names need no escapes. */
const base = pathToFileURL(join(__dirname, '/')).href

/** Files that have been run, and the chunks they brought, by name. */
const scripts = new Map()
const chunks = new Map()
/** Modules of chunks that have been run, by name. */
const modules = new Map()

function load(name) {
  const known = modules.get(name)
  if (known !== undefined) return known.exports
  if (!chunks.has(name)) read(name)
  const module = { exports: {} }
  modules.set(name, module)
  chunks.get(name).call(module.exports, module.exports, requireFor, module, base + name)
  return module.exports
}

function read(name) {
  const filename = join(__dirname, name)
  const script = new Script(readFileSync(filename, 'latin1'), {
    filename,
    cachedData: compiledCode(filename)
  })
  scripts.set(name, script)
  for (const [chunk, run] of Object.entries(script.runInThisContext())) chunks.set(chunk, run)
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
function codeOfFiles() {
  return [...scripts].map(([name, script]) => ({ name, code: script.createCachedData() }))
}

module.exports = { load, codeOfFiles }
