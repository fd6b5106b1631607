import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse as parseApache } from '../../grammars/apache/index.js'
import { parse as parseLighttpd } from '../../grammars/lighttpd/index.js'
import { parse as parseNginx } from '../../grammars/nginx/index.js'
import type { Node, Tree } from '../../grammars/tree.js'
import { print } from '../../grammars/tree.js'
import { decodeBytes, encodeBytes, lineStarts, positionAt } from '../../src/diagnostics/index.js'

/** A folder of real configurations with a manifest; without one `scripts/test.mjs` says that this did not run. */
const corpus = process.env['FCGI_CONF_CORPUS'] ?? ''

/** What the manifest says of each file, as far as it matters here. */
interface Entry {
  readonly path: string
  readonly dialect: 'lighttpd' | 'nginx' | 'mod_fastcgi' | 'mod_fcgid' | 'mod_proxy_fcgi'
  /** What the server's own check said: `ok`, `semantic error: …`, `syntax error: …`. */
  readonly real_server: string
}

const parsers: Readonly<Record<Entry['dialect'], (file: string, text: string) => Tree<Node>>> = {
  lighttpd: parseLighttpd,
  nginx: parseNginx,
  mod_fastcgi: parseApache,
  mod_fcgid: parseApache,
  mod_proxy_fcgi: parseApache
}

const entries = JSON.parse(readFileSync(join(corpus, 'MANIFEST.json'), 'utf8')) as readonly Entry[]
const files = entries.filter(({ path }) => statSync(join(corpus, path), { throwIfNoEntry: false })?.isFile())

function parse({ path, dialect }: Entry): { readonly bytes: Uint8Array; readonly tree: Tree<Node> } {
  const bytes = readFileSync(join(corpus, path))
  return { bytes, tree: parsers[dialect](path, decodeBytes(bytes)) }
}

function said(tree: Tree<Node>): readonly string[] {
  const starts = lineStarts(tree.text)
  return tree.diagnostics.map(
    ({ code, message, span }) => `${positionAt(starts, span?.start ?? 0).line}: ${code}: ${message}`
  )
}

describe('every file', () => {
  test('is printed back byte for byte', () => {
    const changed = files.filter((entry) => {
      const { bytes, tree } = parse(entry)
      return Buffer.compare(encodeBytes(print(tree)), bytes) !== 0
    })
    expect(changed.map(({ path }) => path)).toEqual([])
  })

  test('has spans that lie inside it', () => {
    const outside = files.filter((entry) => {
      const { tree } = parse(entry)
      return tree.diagnostics.some(({ span }) => span === undefined || span.end > tree.text.length)
    })
    expect(outside.map(({ path }) => path)).toEqual([])
  })
})

test('what the real server accepts, or refuses only for its meaning, has no syntax error', () => {
  const accepted = files.filter(({ real_server: verdict }) => /^(ok|semantic error)/.test(verdict))
  expect(accepted.length).toBeGreaterThan(100)
  const wrong = accepted.flatMap((entry) => said(parse(entry).tree).map((line) => `${entry.path}:${line}`))
  expect(wrong).toEqual([])
})

test('what the real server refuses for its syntax has an error at that line, and the rest is read', () => {
  const refused = files.filter(({ real_server: verdict }) => verdict.startsWith('syntax error'))
  expect(refused.length).toBeGreaterThan(0)
  for (const entry of refused) {
    const { tree } = parse(entry)
    expect(linesOf(tree), entry.path).toContain(lineOf(entry))
    expect(tree.body.length, entry.path).toBeGreaterThan(0)
  }
})

function linesOf(tree: Tree<Node>): readonly number[] {
  const starts = lineStarts(tree.text)
  return tree.diagnostics.flatMap(({ span, related }) =>
    [span, ...(related ?? []).map((one) => one.span)].flatMap((one) =>
      one === undefined ? [] : [positionAt(starts, one.start).line, positionAt(starts, one.end).line]
    )
  )
}

/** The last line number that the server's message names: that of the file itself, not of what wraps it. */
function lineOf({ real_server: verdict }: Entry): number {
  const numbers = [...verdict.matchAll(/(?::|line )(\d+)/g)].map((found) => Number(found[1]))
  return numbers.at(-1) ?? 0
}
