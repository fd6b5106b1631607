import { describe, expect, test } from 'vitest'
import { openLedger, type LedgerLine } from '../../src/convert/ledger.js'
import type { Note } from '../../src/model/index.js'
import { at, record } from './sites.js'

describe('each directive stands in the ledger once', () => {
  test.each([
    [{ kind: 'read' } as const, 'lost', 'understood, but the target was given nothing for it'],
    [{ kind: 'not-read-yet' } as const, 'lost', 'not read yet'],
    [
      { kind: 'not-run' } as const,
      'manual',
      'the command that prints this part of the configuration was not run'
    ],
    [{ kind: 'unknown' } as const, 'lost', 'no such directive is known'],
    [{ kind: 'outside', topic: 'logging' } as const, 'outside', 'not about FastCGI (logging)'],
    [{ kind: 'ignored', why: 'no module' } as const, 'exact', 'has no effect in the source: no module'],
    [{ kind: 'structure' } as const, 'exact', 'has its meaning through the directives that use it']
  ])('%j is %s without a word from the writer', (state, verdict, message) => {
    const { lines, diagnostics } = openLedger([record('a', 1, state)]).close()
    expect(lines).toMatchObject([{ directive: 'a', verdict, message }])
    expect(diagnostics).toEqual([])
  })

  test('a directive read twice, because its file is included twice, is one line', () => {
    const ledger = openLedger([record('a', 1, { kind: 'read' }), record('a', 1, { kind: 'read' })])
    ledger.mark(at(1), 'exact')
    expect(ledger.close().lines).toHaveLength(1)
  })

  test('two directives at one place are a mistake of the reader, and said to be one', () => {
    const { diagnostics } = openLedger([
      record('a', 1, { kind: 'read' }),
      record('b', 1, { kind: 'structure' })
    ]).close()
    expect(diagnostics).toMatchObject([{ code: 'internal/ledger', severity: 'error', span: at(1) }])
  })

  test('verdicts are counted', () => {
    const ledger = openLedger([record('a', 1, { kind: 'read' }), record('b', 2, { kind: 'read' })])
    ledger.mark(at(1), 'exact')
    expect(ledger.close().summary).toEqual({ outside: 0, exact: 1, approx: 0, manual: 0, lost: 1 })
  })
})

test('of several marks the worst counts, and the notes add up', () => {
  const ledger = openLedger([record('a', 1, { kind: 'read' })])
  ledger.mark(at(1), 'exact')
  ledger.mark(at(1), 'approx', { message: 'one', affects: ['status'] })
  ledger.mark(at(1), 'manual', { message: 'two', affects: ['status', 'body'], advice: 'Do it.' })
  expect(ledger.close().lines).toEqual([
    {
      directive: 'a',
      verdict: 'manual',
      span: at(1),
      message: 'one; two',
      affects: ['status', 'body'],
      advice: 'Do it.'
    }
  ])
})

test('a mark inside a directive counts for the innermost around it', () => {
  const outer = record('outer', 0, { kind: 'read' }, { span: { file: 'source.conf', start: 0, end: 100 } })
  const inner = record('inner', 0, { kind: 'read' }, { span: { file: 'source.conf', start: 10, end: 50 } })
  const ledger = openLedger([outer, inner])
  ledger.mark({ file: 'source.conf', start: 20, end: 30 }, 'exact')
  expect(ledger.close().lines.map(({ verdict }) => verdict)).toEqual(['lost', 'exact'])
})

test('options are marked by what they were read as', () => {
  const span = { file: 'source.conf', start: 0, end: 100 }
  const option = (name: string, number: number, as: string): ReturnType<typeof record> =>
    record(name, number, { kind: 'read', as }, { within: 'server' })
  const ledger = openLedger([
    option('host', 1, 'member.address'),
    option('processes', 2, 'member.process.maximum'),
    option('timeout', 3, 'pool.connection.readTimeout')
  ])
  ledger.markPart(span, 'member.address', 'exact')
  ledger.markPart(span, 'member.process', 'manual')
  ledger.markPart(span, 'connection', 'approx')
  expect(ledger.close().lines.map(({ directive, verdict }) => [directive, verdict])).toEqual([
    ['server host', 'exact'],
    ['server processes', 'manual'],
    ['server timeout', 'approx']
  ])
})

test('a block is as good as what stands in it', () => {
  const block = record(
    'block',
    0,
    { kind: 'structure' },
    { span: { file: 'source.conf', start: 0, end: 100 } }
  )
  const close = (verdict: 'exact' | 'lost'): string | undefined => {
    const ledger = openLedger([block, record('a', 1, { kind: 'read' })])
    ledger.mark(at(1), verdict)
    return ledger.close().lines[0]?.verdict
  }
  expect([close('exact'), close('lost')]).toEqual(['exact', 'lost'])
})

test('comments are carried once', () => {
  const ledger = openLedger([record('a', 1, { kind: 'read' }, { comments: ['# why'] })])
  expect([ledger.takeComments(at(1)), ledger.takeComments(at(1))]).toEqual([['# why'], []])
})

test('an unasked difference is said once', () => {
  const ledger = openLedger([])
  ledger.unasked('approx', { message: 'x', affects: ['timing'] })
  ledger.unasked('approx', { message: 'x' })
  expect(ledger.close().unasked).toEqual([{ verdict: 'approx', message: 'x', affects: ['timing'] }])
})

describe('differences of one directive that are not about the same requests', () => {
  const withNotes = (...notes: readonly Note[]): LedgerLine | undefined => {
    const ledger = openLedger([record('a', 1, { kind: 'read' })])
    for (const note of notes) ledger.mark(at(1), 'approx', note)
    return ledger.close().lines[0]
  }
  const folders: Note = { message: 'f', affects: ['status'], only: ['folder'] }
  const below: Note = { message: 'b', affects: ['body'], urls: [{ kind: 'prefix', value: '/b/' }] }

  test('each is told with its requests, and once', () => {
    const line = withNotes(folders, below, below)
    expect(line?.affects).toEqual(['status', 'body'])
    expect(line?.only).toBeUndefined()
    expect(line?.differences).toEqual([
      { affects: ['status'], only: ['folder'] },
      { affects: ['body'], urls: [{ kind: 'prefix', value: '/b/' }] }
    ])
  })

  test('those of the same requests are the line itself', () => {
    const line = withNotes(folders, { ...folders, affects: ['body'] })
    expect(line?.only).toEqual(['folder'])
    expect(line).not.toHaveProperty('differences')
  })
})
