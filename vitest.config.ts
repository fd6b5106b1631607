import { defineConfig } from 'vitest/config'

const apart = ['conformance', 'conversion', 'live', 'package', 'corpus', 'scale'] as const

/** Tests without their server, which `npm test` finds out: `random/lighttpd`. */
const without = (process.env['FCGI_CONF_LIVE_WITHOUT'] ?? '').split(',')

/** A folder of real configurations to read; the project does not bring one. */
const hasCorpus = process.env['FCGI_CONF_CORPUS'] !== undefined

/** Behind the unit tests: real servers are asked while a processor is left to them. */
const alone = { groupOrder: 1 }

/** Tests that need more than the sources: recorded observations, real servers, translations on them, the packed package, a corpus, many files. */
function project(name: (typeof apart)[number]) {
  return {
    test: {
      name,
      include: name === 'corpus' && !hasCorpus ? [] : [`test/${name}/**/*.test.ts`],
      exclude: ['test/conformance/random/**', ...without.map((name) => `test/live/${name}.test.ts`)],
      globalSetup: ['scripts/vitest-setup.mjs'],
      testTimeout: 120_000,
      hookTimeout: 120_000,
      sequence: alone
    }
  }
}

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...apart.map((name) => `test/${name}/**`), 'test/bench/**'],
          globalSetup: ['scripts/vitest-setup.mjs'],
          // No module keeps state, so the files can share one load of them, which halves the time.
          isolate: false,
          // They wait for nothing but each other: every processor has its share.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
          testTimeout: 60_000
        }
      },
      ...apart.map(project),
      {
        test: {
          name: 'random',
          include: ['test/conformance/random/*.test.ts'],
          exclude: without.map((name) => `test/conformance/${name}.test.ts`),
          globalSetup: ['scripts/vitest-setup.mjs'],
          testTimeout: 120_000,
          sequence: alone
        }
      }
    ]
  }
})
