import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/diagnostics/index.js'
import { report } from '../../src/diagnostics/report.js'

function at(file: string, start: number, code = 'test/one'): Diagnostic {
  return { code, severity: 'error', message: 'm', span: { file, start, end: start + 1 } }
}

function order(diagnostics: readonly Diagnostic[]): readonly string[] {
  const { files } = report({ diagnostics, texts: new Map(), asked: [{ path: 'z' }, { path: 'y' }] })
  return files.flatMap(({ path, findings }) =>
    findings.map(({ code, span }) => `${path} ${span?.start ?? -1} ${code}`)
  )
}

test('files stand as asked for, then by name; findings by place, then by code', () => {
  const found = [at('b', 0), at('a', 0), at('y', 5), at('z', 9, 'test/two'), at('z', 9), at('z', 1)]
  const sorted = [
    'z 1 test/one',
    'z 9 test/one',
    'z 9 test/two',
    'y 5 test/one',
    'a 0 test/one',
    'b 0 test/one'
  ]
  expect(order(found)).toEqual(sorted)
  expect(order([...found].reverse())).toEqual(sorted)
})

test('a file that is included twice says everything once', () => {
  expect(order([at('a', 1), at('a', 1)])).toEqual(['a 1 test/one'])
})

test('the trail of a file that includes itself ends', () => {
  const span = { file: 'a', start: 0, end: 1 }
  const { files } = report({
    diagnostics: [at('a', 0)],
    texts: new Map(),
    asked: [],
    includedFrom: new Map([['a', span]])
  })
  expect(files[0]?.includedFrom).toEqual([])
})
