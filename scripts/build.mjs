/**
 * Makes `dist/`: the bundled command line, the library with its types, the JSON Schemas, the pages of
 * `fcgi-conf explain`, and the licences of what is bundled. Does nothing while no source has changed (`--force`).
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { generateSchema, schemaOfFindings, schemaOfReport, schemaOfSourceMap } from './schema.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const withTypes = !process.argv.includes('--without-types')

async function main() {
  generateSchema()
  const stamp = fingerprint()
  if (!process.argv.includes('--force') && isCurrent(stamp)) return
  rmSync(dist, { recursive: true, force: true })
  mkdirSync(dist)
  const bundled = [await bundleCommandLine(), await bundleLibrary()]
  await writeSchemas()
  writePages()
  writeLicences(new Set(bundled.flatMap(packagesOf)))
  if (withTypes) execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
  writeFileSync(join(dist, '.stamp'), stamp)
}

/** Built from just these sources, and with types if they are asked for. */
function isCurrent(stamp) {
  const file = join(dist, '.stamp')
  if (!existsSync(file) || readFileSync(file, 'utf8') !== stamp) return false
  return !withTypes || existsSync(join(dist, 'types'))
}

function fingerprint() {
  const hash = createHash('sha256')
  const inputs = [
    'src',
    'grammars',
    'scripts',
    'docs/codes.md',
    'package.json',
    'package-lock.json',
    'tsconfig.json'
  ]
  for (const file of inputs.flatMap((name) => filesBelow(join(root, name)))) {
    hash.update(`${relative(root, file)}\n`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function filesBelow(path) {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)))
}

const shared = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  // What Node would load of these are forms that cannot be bundled and split; they bring ES modules as well.
  alias: {
    'jsonc-parser': join(root, 'node_modules/jsonc-parser/lib/esm/main.js'),
    yaml: join(root, 'node_modules/yaml/browser/dist/index.js')
  },
  legalComments: 'none',
  logLevel: 'warning'
}

async function bundleLibrary() {
  const { metafile } = await build({
    ...shared,
    entryPoints: { index: 'src/index.ts' },
    outdir: 'dist',
    chunkNames: 'lib/[name]-[hash]',
    // Bundled CommonJS packages ask for Node's own modules with require.
    banner: {
      js: "import{createRequire as createRequireForBundle}from'node:module';const require=createRequireForBundle(import.meta.url);"
    }
  })
  return metafile
}

/**
 * What dependencies do when they are loaded and is not needed here, though it takes time at every start: replaced by
 * what comes to the same. A dependency that no longer reads as expected fails the build.
 */
const replacements = [
  {
    file: 'commander/lib/command.js',
    // None of the commands is a program of its own.
    text: "const childProcess = require('node:child_process');",
    by: 'const childProcess = undefined;'
  },
  {
    file: 'chevrotain/lib/src/scan/lexer.js',
    // A table of 65,536 entries, looked up in one place.
    text: ': charCodeToOptimizedIdxMap[charCode];',
    by: ': 255 + ~~(charCode / 255);'
  },
  {
    file: 'chevrotain/lib/src/scan/lexer.js',
    text: 'if (isEmpty(charCodeToOptimizedIdxMap)) {',
    by: 'if (false) {'
  }
]

const leanDependencies = {
  name: 'lean-dependencies',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](commander|chevrotain)[\\/]lib[\\/].*\.js$/ }, ({ path }) => {
      const own = replacements.filter(({ file }) => path.replaceAll('\\', '/').endsWith(`/${file}`))
      if (own.length === 0) return undefined
      const contents = own.reduce(
        (code, { text, by }) => {
          if (!code.includes(text)) throw new Error(`${path} does not read as expected: ${text}`)
          return code.replace(text, () => by)
        },
        readFileSync(path, 'utf8')
      )
      return { contents, loader: 'js' }
    })
  }
}

/**
 * Split into chunks as ES modules, so that a command loads only what it needs; then each chunk becomes the expression
 * of a CommonJS function, because only scripts can be run with code that was compiled before. A file is an object of
 * such functions, by the names of their chunks.
 */
async function bundleCommandLine() {
  const { metafile, outputFiles } = await build({
    ...shared,
    entryPoints: { main: 'src/cli/main.ts' },
    plugins: [leanDependencies],
    outdir: 'dist/cli',
    chunkNames: '[name]-[hash]',
    write: false
  })
  mkdirSync(join(dist, 'cli'))
  const files = filesOfChunks(metafile)
  const contents = new Map()
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20.19',
      minify: true,
      // The loader reads chunks as bytes that are characters.
      charset: 'ascii',
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': 'importMetaUrl' }
    })
    const chunk = `${JSON.stringify(basename(path))}:function(exports,require,module,importMetaUrl){${code}}`
    const file = files.get(relative(root, path)) ?? relative(root, path)
    contents.set(file, [...(contents.get(file) ?? []), chunk])
  }
  for (const [file, chunks] of contents) writeFileSync(join(root, file), `({${chunks.join(',\n')}})`)
  for (const name of ['loader.cjs', 'thread.cjs'])
    copyFileSync(join(root, 'src/cli', name), join(dist, 'cli', name))
  execFileSync(process.execPath, ['scripts/warm-up.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit']
  })
  return metafile
}

/**
 * The file of each chunk that does not have one of its own. What every command loads stands in one file, and so does
 * what linting a file in any language loads: each further file costs time.
 */
function filesOfChunks({ outputs }) {
  const chunkOf = (source) => Object.keys(outputs).find((name) => outputs[name].entryPoint === source)
  const closure = (name) => [
    name,
    ...outputs[name].imports
      .filter(({ kind, external }) => kind === 'import-statement' && external !== true)
      .flatMap(({ path }) => closure(path))
  ]
  const main = chunkOf('src/cli/main.ts')
  const program = chunkOf('src/cli/program.ts')
  const [first, ...others] = ['lighttpd', 'nginx', 'apache'].map((language) =>
    closure(chunkOf(`src/dialects/${language}/reading.ts`))
  )
  return new Map([
    ...first.filter((name) => others.every((other) => other.includes(name))).map((name) => [name, program]),
    ...closure(program).map((name) => [name, program]),
    ...['src/cli/lint.ts', 'src/diagnostics/formats/text.ts']
      .flatMap((source) => closure(chunkOf(source)))
      .map((name) => [name, program]),
    ...closure(main).map((name) => [name, main])
  ])
}

async function writeSchemas() {
  const site = await import('../src/model/schema/site-validator.js')
  const config = await import('../src/cli/config/config-validator.js')
  writeFileSync(join(dist, 'site.schema.json'), `${JSON.stringify(site.schema, null, 2)}\n`)
  writeFileSync(join(dist, 'config.schema.json'), `${JSON.stringify(config.schema, null, 2)}\n`)
  writeFileSync(join(dist, 'findings.schema.json'), `${JSON.stringify(schemaOfFindings(), null, 2)}\n`)
  writeFileSync(join(dist, 'conversion-report.schema.json'), `${JSON.stringify(schemaOfReport(), null, 2)}\n`)
  writeFileSync(join(dist, 'source-map.schema.json'), `${JSON.stringify(schemaOfSourceMap(), null, 2)}\n`)
}

/** One page a code, as `pages/<code>.md`: the rules' own, and the sections of `docs/codes.md`. */
function writePages() {
  const rules = filesBelow(join(root, 'src/lint/rules')).filter((name) => name.endsWith('.md'))
  const others = readFileSync(join(root, 'docs/codes.md'), 'utf8')
  const sections = others.split(/^(?=##+ )/m).filter((section) => section.startsWith('### `'))
  const pages = [...rules.map((file) => readFileSync(file, 'utf8')), ...sections.map((text) => text.slice(2))]
  for (const page of pages) {
    const code = /^# `([a-z0-9/-]+)`/.exec(page)?.[1]
    if (code === undefined) throw new Error(`a page has no code in its title: ${page.slice(0, 60)}`)
    const file = join(dist, 'pages', `${code}.md`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${page.trimEnd()}\n`)
  }
}

/** Names of the packages of which something stands in a bundle. */
function packagesOf(metafile) {
  return Object.keys(metafile.inputs).flatMap(
    (path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []
  )
}

function writeLicences(packages) {
  const texts = [...packages].sort().map((name) => {
    const folder = join(root, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
    return `## ${name} ${version} (${license})\n${text}`
  })
  writeFileSync(join(dist, 'LICENCES.md'), `# Software bundled with fcgi-conf\n\n${texts.join('\n')}`)
}

await main()
