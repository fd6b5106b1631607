import { expect, test } from 'vitest'
import { lint } from '../../src/lint/index.js'
import type { Rule } from '../../src/lint/index.js'
import type { Site } from '../../src/model/index.js'
import { site } from '../sites.js'

const span = { file: 'a.conf', start: 0, end: 1 }

function rule(parts: Partial<Rule>): Rule {
  return { code: 'test/rule', severity: 'warning', summary: 'a test', dialects: 'all', ...parts }
}

function codes(input: Site, rules: readonly Rule[]): readonly string[] {
  return lint({ site: input, diagnostics: [], name: 'nginx' }, rules).map(({ code }) => code)
}

test('a rule that throws is reported as a mistake of that rule, and the others go on', () => {
  const broken = rule({
    code: 'test/broken',
    site() {
      throw new Error('on purpose')
    }
  })
  const working = rule({ site: (_site, { report }) => report({ span, message: 'found' }) })
  const found = lint({ site, diagnostics: [], name: 'nginx' }, [broken, working])
  expect(found.map(({ code }) => code)).toEqual(['internal/rule', 'test/rule'])
  expect(found[0]?.message).toContain('`test/broken`')
})

test('a rule is asked only about the dialects it is for', () => {
  const only = rule({ dialects: ['apache'], site: (_site, { report }) => report({ span, message: 'found' }) })
  expect(codes(site, [only])).toEqual([])
})

test('what a rule says twice of one place is reported once', () => {
  const twice = rule({
    site(_site, { report }) {
      report({ span, message: 'found' })
      report({ span, message: 'found' })
    }
  })
  expect(codes(site, [twice])).toEqual(['test/rule'])
})
