/**
 * Makes `dist/`: the bundled command line, the library with its types, the model's JSON Schema, the pages of
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
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { generateSchema } from './schema.mjs'

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
  await writeSchema()
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
 * Split into chunks as ES modules, so that a command loads only what it needs; then each chunk becomes the expression
 * of a CommonJS function, because only scripts can be run with code that was compiled before.
 */
async function bundleCommandLine() {
  const { metafile, outputFiles } = await build({
    ...shared,
    entryPoints: { main: 'src/cli/main.ts' },
    outdir: 'dist/cli',
    chunkNames: '[name]-[hash]',
    write: false
  })
  mkdirSync(join(dist, 'cli'))
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
    writeFileSync(path, `(function(exports,require,module,importMetaUrl){${code}})`)
  }
  copyFileSync(join(root, 'src/cli/loader.cjs'), join(dist, 'cli/loader.cjs'))
  execFileSync(process.execPath, ['scripts/warm-up.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit']
  })
  return metafile
}

async function writeSchema() {
  const { schema } = await import('../src/model/schema/site-validator.js')
  writeFileSync(join(dist, 'site.schema.json'), `${JSON.stringify(schema, null, 2)}\n`)
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
