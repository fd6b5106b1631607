import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultHeadRules } from '../../../src/model/index.js'
import { recordTypes } from '../../../src/runtime/fastcgi/records.js'
import { HttpWire } from '../../../src/runtime/http/wire.js'

const forwarded = { version: '1.1', method: 'GET', target: '/a', headers: [['Host', 'b']] } as const

interface Heard {
  readonly output: string
  readonly ended: boolean
  readonly broken: boolean
  readonly reusable: boolean
}

/** The answer in pieces of these sizes; the connection is closed behind it. */
function hear(answer: string, method = 'GET', sizes: readonly number[] = []): Heard {
  const wire = new HttpWire({ ...forwarded, method }, { ...defaultHeadRules, statusLine: true })
  const bytes = Buffer.from(answer, 'latin1')
  let [output, ended, broken, at] = ['', false, false, 0]
  const take = (records: ReturnType<HttpWire['closed']>): void => {
    for (const { type, content } of records) {
      if (type === recordTypes.endRequest) ended = true
      else output += Buffer.from(content).toString('latin1')
    }
  }
  for (const size of [...sizes, Infinity]) {
    if (at >= bytes.length) break
    const pushed = wire.push(bytes.subarray(at, at + size))
    at += size
    take(pushed.records)
    broken ||= pushed.broken !== undefined
  }
  const reusable = wire.isReusable
  take(wire.closed())
  return { output, ended, broken, reusable }
}

const ok = 'HTTP/1.1 200 OK\r\n'

describe('an answer over HTTP', () => {
  test.each([
    ['of a told length', `${ok}Content-Length: 2\r\n\r\nab`, { output: 'ab', ended: true, reusable: true }],
    [
      'in chunks',
      `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n`,
      { output: 'ab', ended: true, reusable: true }
    ],
    ['that the end of the connection ends', `${ok}\r\nab`, { output: 'ab', ended: true, reusable: false }],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', { output: '', ended: true, reusable: true }],
    ['cut short', `${ok}Content-Length: 3\r\n\r\nab`, { output: 'ab', ended: false, reusable: false }],
    [
      'with more behind it',
      `${ok}Content-Length: 1\r\n\r\nab`,
      { output: 'a', ended: true, reusable: false }
    ],
    [
      'that ends its connection',
      `${ok}Connection: close\r\nContent-Length: 1\r\n\r\na`,
      { output: 'a', ended: true, reusable: false }
    ],
    [
      'of HTTP/1.0',
      'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na',
      { output: 'a', ended: true, reusable: false }
    ]
  ])('%s is told as records', (_name, answer, { output, ...rest }) => {
    const heard = hear(answer)
    expect(heard).toMatchObject({ broken: false, ...rest })
    expect(heard.output.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(output)
  })

  test('to HEAD has no body, whatever length it tells', () => {
    expect(hear(`${ok}Content-Length: 2\r\n\r\n`, 'HEAD')).toMatchObject({ ended: true, reusable: true })
  })

  test('that is none is broken', () => {
    expect(hear('hello\r\n\r\n')).toMatchObject({ broken: true, ended: false })
  })

  test('is the same however it is split', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 })
    const answer = `HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${ok}Transfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\n\r\n`
    fc.assert(
      fc.property(sizes, (split) => {
        expect(hear(answer, 'GET', split)).toEqual(hear(answer))
      })
    )
  })
})

test('a body of unknown length goes out in chunks', () => {
  const wire = new HttpWire({ ...forwarded, chunked: true }, defaultHeadRules)
  const sent = [...wire.opening(), ...wire.piece(Buffer.from('ab')), ...wire.ending()]
  expect(Buffer.concat(sent).toString()).toBe('GET /a HTTP/1.1\r\nHost: b\r\n\r\n2\r\nab\r\n0\r\n\r\n')
})
