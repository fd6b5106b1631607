import { expect, test } from 'vitest'
import { parseRequestHead } from '../../../src/runtime/http/request-head.js'

test.each([
  ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', [16, 9], 27],
  ['GET / HTTP/1.1\nHost: a\n\n', [15, 8], 24]
])('%j has lines of %j bytes and is %i long', (text, lines, length) => {
  expect(parseRequestHead(Buffer.from(text))).toMatchObject({ kind: 'head', head: { lines, length } })
})
