import { expect, test } from 'vitest'
import { rules } from '../../src/lint/index.js'
import type { Rule } from '../../src/lint/index.js'
import { codeOf, examplesOf, pages } from './pages.js'

const sections = ['Why it matters', 'Examples', 'What to do', 'When to leave it off']

test.each(pages)('$name has the sections of every page, in their order', ({ text }) => {
  const found = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title ?? '')
  expect(found.filter((title) => sections.includes(title))).toEqual(sections)
})

test.each(pages)(
  '$name has an example of what is wrong and one of what is right in each language',
  (page) => {
    const rule = rules.find(({ code }) => code === codeOf(page))
    const shown = (kind: 'bad' | 'good'): readonly string[] => [
      ...new Set(examplesOf(page).flatMap((one) => (one.kind === kind ? [one.language] : [])))
    ]
    expect([...shown('bad')].sort()).toEqual([...shown('good')].sort())
    if (rule !== undefined) expect(shown('bad')).toEqual(expect.arrayContaining(ownLanguages(rule)))
  }
)

/** Those that a rule names; what holds for all may have nothing to say of one of them. */
function ownLanguages({ dialects }: Rule): string[] {
  return dialects === 'all' ? [] : [...new Set(dialects.map((name) => name.replace(/^apache-.*/, 'apache')))]
}

test.each(rules.filter(({ security }) => security !== undefined))(
  'the score of $code is one of CVSS',
  (rule) => {
    expect(rule.security).toBeGreaterThan(0)
    expect(rule.security).toBeLessThanOrEqual(10)
  }
)

test.each(rules.filter(({ options }) => options !== undefined))(
  'the page of $code names its options',
  (rule) => {
    const page = pages.find((one) => codeOf(one) === rule.code)?.text ?? ''
    expect(Object.keys(rule.options ?? {}).filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  }
)
