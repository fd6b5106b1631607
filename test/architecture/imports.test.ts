import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** What each folder may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/diagnostics': [],
  grammars: ['src/diagnostics'],
  'src/model': ['src/diagnostics'],
  'src/dialects': ['grammars', 'src/model', 'src/diagnostics'],
  'src/lint': ['src/dialects', 'src/model', 'src/diagnostics'],
  'src/convert': ['src/dialects', 'src/model', 'src/diagnostics'],
  'src/decide': ['src/model', 'src/diagnostics'],
  'src/runtime': ['src/decide', 'src/model', 'src/diagnostics'],
  'src/verify': ['src/decide', 'src/model', 'src/diagnostics']
}

/** Everything but these is pure: values in, values out. */
const withEffects = ['src/runtime', 'src/cli']

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return filesBelow(path)
    return path.endsWith('.ts') ? [path] : []
  })
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

function importsOf(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8')
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((found) => found[1] ?? '')
}

function folderOf(file: string): string {
  const [top = '', second = ''] = relative(root, file).split('/')
  return top === 'src' ? `src/${second}` : top
}

const files = [...filesBelow(join(root, 'src')), ...filesBelow(join(root, 'grammars'))]
const pure = files.filter(
  (file) => !withEffects.includes(folderOf(file)) && file !== join(root, 'src/index.ts')
)

test('imports go one way', () => {
  const wrong = files.flatMap((file) => {
    const from = folderOf(file)
    const may = allowed[from]
    if (may === undefined) return []
    return importsOf(file)
      .filter((path) => path.startsWith('.'))
      .map((path) => folderOf(resolve(dirname(file), path)))
      .filter((to) => to !== from && !may.includes(to))
      .map((to) => `${relative(root, file)} imports ${to}`)
  })
  expect(wrong).toEqual([])
})

test('a dialect does not import another one', () => {
  const wrong = files.flatMap((file) => {
    const own = /src\/dialects\/([^/]+)\//.exec(file)?.[1]
    if (own === undefined) return []
    return importsOf(file)
      .map((path) => /src\/dialects\/([^/]+)\//.exec(resolve(dirname(file), path))?.[1])
      .filter((other) => other !== undefined && other !== own)
      .map((other) => `${relative(root, file)} imports ${String(other)}`)
  })
  expect(wrong).toEqual([])
})

describe('the core is pure', () => {
  const effects: readonly (readonly [name: string, sign: RegExp])[] = [
    ["Node's modules", /from 'node:|import\('node:/],
    ['the process', /\bprocess\.(env|argv|cwd|exit|stdout|stderr|stdin|platform)\b/],
    ['the console', /\bconsole\./],
    ['the clock', /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bsetTimeout\(|\bsetInterval\(/],
    ['randomness', /\bMath\.random\(|\brandomUUID\(/]
  ]
  test.each(effects)('it does not use %s', (_name, sign) => {
    const wrong = pure.filter((file) => sign.test(withoutComments(readFileSync(file, 'utf8'))))
    expect(wrong.map((file) => relative(root, file))).toEqual([])
  })
})

test('below the readers no server is named', () => {
  const names = /['"`](lighttpd|nginx|apache|apache-fcgid|apache-proxy-fcgi|mod_[a-z]+)['"`]/
  const below = ['src/diagnostics', 'src/model', 'src/decide', 'src/runtime', 'src/verify']
  const wrong = files.filter(
    (file) => below.includes(folderOf(file)) && names.test(withoutComments(readFileSync(file, 'utf8')))
  )
  expect(wrong.map((file) => relative(root, file))).toEqual([])
})

test('every folder says what its files may and may not do', () => {
  const folders = [...new Set(files.map(folderOf))].filter((folder) => folder !== 'src/index.ts')
  expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([])
})
