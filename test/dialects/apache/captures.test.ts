import { describe, expect, test } from 'vitest'
import { leastLength } from '../../../src/dialects/apache/read/captures.js'

describe('how much a group takes at least', () => {
  test.each([
    ['^/(.*\\.php)$', 1, 4],
    ['^/(.*\\.php(/.*)?)$', 1, 4],
    ['^/(.*\\.php(/.*)?)$', 2, 0],
    ['^/([a-z)]+)/(.*\\.fcgi)$', 2, 5],
    ['^/(?:x)(.*/run)$', 1, 4],
    ['^/(.*)$', 1, 0],
    ['^/(\\w+\\d)$', 1, 0],
    ['^/(a.php)?$', 1, 0],
    ['^/(a.php){0,1}$', 1, 0],
    ['^/(a.php){0}$', 1, 0],
    ['^/(.*\\.php|x)$', 1, 0],
    ['^/((a.php)x)?$', 2, 0],
    ['^/$', 1, 0]
  ])('%s, group %d: %d', (pattern, group, expected) => {
    expect(leastLength(pattern, group)).toBe(expected)
  })
})
