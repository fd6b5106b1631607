import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodePath, simplify, unescapePercent } from '../../src/decide/path.js'
import { readTarget } from '../../src/decide/target.js'
import { nginxTarget, lighttpdTarget } from './sites.js'

describe('a target that is decoded', () => {
  it.each([
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/a/b/..', '/a/'],
    ['/a/.', '/a/'],
    ['/.', '/'],
    ['//a///b', '/a/b'],
    ['/a%2Fb', '/a/b'],
    ['/a%2e%2e/b', '/a../b'],
    ['/a/%2e%2e/b', '/b'],
    ['/a%20b+c', '/a b+c'],
    ['/a...b/...', '/a...b/...'],
    ['/%E4%BD%A0', '/你'],
    ['/a%25zz', '/a%zz'],
    ['/a%3Fb?c', '/a?b']
  ])('%s is the path %s', (target, path) => {
    expect(readTarget(target, nginxTarget)).toMatchObject({ kind: 'read', path })
  })

  it.each([
    '/..',
    '/../etc/passwd',
    '/a/../../b',
    '/%2e%2e/x',
    '/a/..%2f..%2f..%2fx',
    '/a%00b',
    '/a%',
    '/a%2',
    '/a%zz',
    '*',
    'a',
    '?x'
  ])('%s is refused', (target) => {
    expect(readTarget(target, nginxTarget)).toMatchObject({ kind: 'refused', status: 400 })
  })

  it('ends the path at a fragment', () => {
    expect(readTarget('/a?b#c?d', nginxTarget)).toMatchObject({ path: '/a', query: 'b' })
    expect(readTarget('/a#b?c', nginxTarget)).toMatchObject({ path: '/a', query: undefined })
  })
})

describe('a target that is normalised', () => {
  it.each([
    ['/info%2ephp', '/info.php'],
    ['/%69nfo.php?%61=%62', '/info.php?a=b'],
    ['/info.php%2fzz', '/info.php/zz'],
    ['/info.php%2Fa%2fb?x=%2f', '/info.php/a/b?x=%2F'],
    ['/a b', '/a%20b'],
    ['/a%c3%a9', '/a%C3%A9'],
    ['/a/../../b', '/b'],
    ['/x?', '/x?']
  ])('%s becomes %s', (target, uri) => {
    expect(readTarget(target, lighttpdTarget)).toMatchObject({ kind: 'read', uri })
  })

  it.each(['/a%01', '/a%00', '/a%7f', '/a%c0', '/a%ff'])('%s is refused', (target) => {
    expect(readTarget(target, lighttpdTarget)).toMatchObject({ kind: 'refused', status: 400 })
  })
})

const pieces = fc
  .array(fc.constantFrom('/', '.', '..', 'a', 'b.c', '%2F', '%2e', '%20', '%C3%A9', 'é', '~', '?', '='))
  .map((parts) => `/${parts.join('')}`)

describe('bringing a target into normal form', () => {
  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(pieces, (target) => {
        const once = readTarget(target, lighttpdTarget)
        if (once.kind === 'refused') return
        expect(readTarget(once.uri, lighttpdTarget)).toEqual(once)
      }),
      { numRuns: 300 }
    )
  })

  it('leaves neither dots nor doubled slashes', () => {
    fc.assert(
      fc.property(pieces, (target) => {
        const path = simplify(target, true) ?? ''
        expect(path).not.toMatch(/\/\/|\/\.\.?(?:\/|$)/)
        expect(simplify(path, true)).toBe(path)
      }),
      { numRuns: 300 }
    )
  })

  it('escapes a path so that it decodes to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unescapePercent(encodePath(text))).toBe(text)
      }),
      { numRuns: 200 }
    )
  })
})
