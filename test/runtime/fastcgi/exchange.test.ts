import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultHeadRules } from '../../../src/model/index.js'
import type { HeadRules } from '../../../src/model/index.js'
import { beginExchange, step } from '../../../src/runtime/fastcgi/exchange.js'
import type { ExchangeEffect, ExchangeEvent } from '../../../src/runtime/fastcgi/exchange.js'
import { concat, recordTypes } from '../../../src/runtime/fastcgi/records.js'

function out(text: string): ExchangeEvent {
  return {
    kind: 'record',
    record: { type: recordTypes.stdout, id: 1, content: new TextEncoder().encode(text) }
  }
}

const end: ExchangeEvent = {
  kind: 'record',
  record: { type: recordTypes.endRequest, id: 1, content: new Uint8Array(8) }
}
const closed: ExchangeEvent = { kind: 'closed' }

/** All effects, the pieces of the body put together. */
function play(events: readonly ExchangeEvent[], rules: Partial<HeadRules> = {}): readonly unknown[] {
  let state = beginExchange({ ...defaultHeadRules, ...rules })
  const effects: ExchangeEffect[] = []
  for (const event of events) {
    const stepped = step(state, event)
    state = stepped.state
    effects.push(...stepped.effects)
  }
  const body = effects.flatMap((effect) => (effect.kind === 'body' ? [effect.bytes] : []))
  const others = effects.filter(({ kind }) => kind !== 'body')
  return body.length === 0 ? others : [...others, new TextDecoder().decode(concat(body))]
}

const plain = {
  kind: 'head',
  head: { status: 404, reason: 'Not Found', beforeStatus: 0, headers: [['X-A', 'b: c']] }
}
const ended = { kind: 'end', how: 'ended', detail: '' }

test.each([
  ['CR LF', 'Status: 404 Not Found\r\nX-A: b: c\r\n\r\nbody'],
  ['LF', 'Status: 404 Not Found\nX-A: b: c\n\nbody'],
  ['both', 'Status: 404 Not Found\nX-A:b: c  \r\n\nbody']
])('an answer with %s at its line ends is head, body, end', (_, text) => {
  expect(play([out(text), end])).toEqual([plain, ended, 'body'])
})

test('any split of an answer over records gives the same', () => {
  const text = 'Status: 404 Not Found\r\nX-A: b: c\r\n\r\nbo\n\ndy'
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 30 }), (sizes) => {
      const events: ExchangeEvent[] = []
      let at = 0
      for (const size of sizes) {
        events.push(out(text.slice(at, at + size)))
        at += size
      }
      expect(play([...events, out(text.slice(at)), end])).toEqual([plain, ended, 'bo\n\ndy'])
    }),
    { numRuns: 200 }
  )
})

test.each<[string, ExchangeEvent[], string, Partial<HeadRules>?]>([
  ['the connection closes before anything', [closed], 'no-line'],
  ['the request ends before anything', [end], 'no-line'],
  ['the connection closes within the header', [out('X-A: 1\r\nX-B'), closed], 'closed'],
  ['the request ends without a line end', [out('<html>hi</html>'), end], 'no-line'],
  ['it is silent', [out('X-A: 1\r\n'), { kind: 'timeout' }], 'timeout'],
  ['it is no FastCGI', [{ kind: 'broken', why: 'version' }], 'malformed'],
  ['a line has no colon', [out('garbage\r\n\r\n')], 'malformed'],
  ['a later line has no colon', [out('X-A: 1\r\ngarbage\r\n\r\n')], 'malformed'],
  ['a name is empty', [out(': x\r\n\r\n')], 'malformed'],
  ['a name holds a blank', [out('X A: x\r\n\r\n')], 'malformed'],
  ['the status is no number', [out('Status: abc\r\n\r\n')], 'invalid-status'],
  ['the status has letters behind it', [out('Status: 200x\r\n\r\n')], 'invalid-status'],
  ['the header is too long', [out(`X-A: ${'x'.repeat(40)}`)], 'malformed', { limit: 32 }]
])('an answer fails when %s', (_, events, why, rules) => {
  expect(play(events, rules)).toMatchObject([{ kind: 'fail', why }])
})

test.each<[string, string, Partial<HeadRules>, number | undefined, readonly (readonly [string, string])[]]>([
  [
    'a first line without a colon is skipped',
    'garbage\nX-A: 1',
    { firstWithoutColon: 'skipped' },
    undefined,
    [['X-A', '1']]
  ],
  ['a later one is', 'X-A: 1\ngarbage', { laterWithoutColon: 'skipped' }, undefined, [['X-A', '1']]],
  ['or is a header without a value', 'Word', { firstWithoutColon: 'empty-value' }, undefined, [['Word', '']]],
  ['an odd name is dropped', 'X A: 1\n: 2\nB: 3', { oddName: 'dropped' }, undefined, [['B', '3']]],
  ['an empty value is dropped', 'A:\nB: 3', { emptyValue: 'dropped' }, undefined, [['B', '3']]],
  ['a status line counts', 'HTTP/1.1 403 Nope\nA: 1', { statusLine: true }, 403, [['A', '1']]],
  ['the last status counts', 'Status: 201\nstatus: 202', {}, 202, []],
  ['the first status counts', 'Status: 201\nStatus: 202', { statusRepeated: 'first' }, 201, []],
  ['three digits are enough', 'Status: 200x', { statusForm: 'prefix' }, 200, []]
])('where the rules say so, %s', (_, text, rules, status, headers) => {
  expect(play([out(`${text}\n\n`), end], rules)).toMatchObject([
    { kind: 'head', head: { status, headers } },
    ended
  ])
})

test('an interim answer is passed on, and the next header block is the answer', () => {
  expect(play([out('Status: 103\r\nLink: </a>\r\n\r\nX-A: 1\r\n\r\nbody'), end])).toMatchObject([
    { kind: 'interim', head: { status: 103, headers: [['Link', '</a>']] } },
    { kind: 'head', head: { status: undefined } },
    ended,
    'body'
  ])
})

test('what ends an answer behind its header is told apart', () => {
  const head = out('X-A: 1\r\n\r\nbody')
  expect(play([head, closed])).toMatchObject([{ kind: 'head' }, { kind: 'end', how: 'closed' }, 'body'])
  expect(play([head, { kind: 'timeout' }])).toMatchObject([
    { kind: 'head' },
    { kind: 'end', how: 'silent' },
    'body'
  ])
  expect(play([head, { kind: 'broken', why: 'version' }])).toMatchObject([
    { kind: 'head' },
    { kind: 'end', how: 'broken' },
    'body'
  ])
})

test('what comes behind the end is not looked at', () => {
  expect(play([out('X-A: 1\r\n\r\n'), end, out('more'), closed])).toMatchObject([{ kind: 'head' }, ended])
})

test('errors and unknown records change nothing', () => {
  const stderr: ExchangeEvent = {
    kind: 'record',
    record: { type: recordTypes.stderr, id: 1, content: new TextEncoder().encode('oops') }
  }
  const odd: ExchangeEvent = { kind: 'record', record: { type: 99, id: 5, content: new Uint8Array(0) } }
  expect(play([stderr, odd, out('A: 1\n\nx'), end])).toMatchObject([
    { kind: 'stderr' },
    { kind: 'odd-record', type: 99 },
    { kind: 'head' },
    ended,
    'x'
  ])
})

const stderr = (text: string): ExchangeEvent => ({
  kind: 'record',
  record: { type: recordTypes.stderr, id: 1, content: new TextEncoder().encode(text) }
})

test('what the rules name on standard error makes an answer malformed, but only before its header is whole', () => {
  const rules = { failsOnStderr: ['PHP Fatal'] }
  expect(play([stderr('a PHP Fatal error'), out('A: b\n\n')], rules)).toMatchObject([
    { kind: 'stderr' },
    { kind: 'fail', why: 'malformed' }
  ])
  expect(play([out('A: b\n\n'), stderr('PHP Fatal'), end], rules)).toMatchObject([
    { kind: 'head' },
    { kind: 'stderr' },
    ended
  ])
  expect(play([stderr('PHP Notice'), out('A: b\n\n'), end], rules)).toMatchObject([
    { kind: 'stderr' },
    { kind: 'head' },
    ended
  ])
})

test('an answer that its application ended too early is told from one that broke off', () => {
  expect(play([out('A: b'), end])).toMatchObject([{ kind: 'fail', ended: true }])
  expect(play([out('A: b'), closed])).not.toMatchObject([{ ended: true }])
})

test.each([
  ['404 Gone Fishing', { number: 404, reason: 'Gone Fishing' }],
  ['abc', { number: 500, reason: '' }],
  ['99', { number: 500, reason: '' }]
])('a status read as any number: %s', (text, { number, reason }) => {
  const [head] = play([out(`Status: ${text}\n\n`)], { statusForm: 'number' })
  expect(head).toMatchObject({ kind: 'head', head: { status: number, reason } })
})

test('no status is below 0, whatever number it may be', () => {
  expect(play([out('Status: -5\n\n')], { statusForm: 'number' })).toMatchObject([{ why: 'invalid-status' }])
})

test.each(['X\u0001A: b', 'X(A: b', 'X-A: b\u0002'])(
  '%j is malformed where heads are read strictly',
  (line) => {
    expect(play([out(`${line}\n\n`)], { strict: true })).toMatchObject([{ kind: 'fail', why: 'malformed' }])
  }
)

test('blanks before the colon may be let through', () => {
  expect(play([out('X-A : b\n\n')], { blankBeforeColon: 'dropped' })).toMatchObject([
    { head: { headers: [['X-A', 'b']] } }
  ])
})

test('where nothing is read, all is body', () => {
  expect(play([out('HTTP/1.1 203 '), out('Fine\n\nx'), end], { unparsed: true })).toEqual([
    { kind: 'head', head: { status: undefined, reason: undefined, headers: [] } },
    ended,
    'HTTP/1.1 203 Fine\n\nx'
  ])
})
