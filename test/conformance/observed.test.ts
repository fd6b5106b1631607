import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCases, loadDeviations, loadObserved, serverNames, type Case } from './cases.js'
import { makeEchoProgram } from './echo-program.js'
import { deviations, knownFailures, writeKnownFailures } from './known.js'
import { runCase, type Result } from './run.js'

const results = new Map<string, Result>()
let program: string | undefined
const suites = serverNames.map((server) => ({
  server,
  cases: loadCases(server),
  known: knownFailures(server)
}))

beforeAll(async () => {
  const made = makeEchoProgram()
  program = made
  const waiting = suites.flatMap(({ cases }) => cases)
  const work = async (): Promise<void> => {
    for (let given = waiting.shift(); given !== undefined; given = waiting.shift()) {
      results.set(given.id, await runCase(given, made))
    }
  }
  // Many cases mostly wait for an application that sleeps.
  await Promise.all(Array.from({ length: 6 }, work))
}, 600_000)

describe.each(suites)('what $server did', ({ server, cases, known }) => {
  it.each(cases.filter(({ name }) => !known.has(name)))('$name', (given) => {
    expect(problems(given)).toEqual([])
  })

  const listed = cases.filter(({ name }) => known.has(name))
  it.each(listed)('$name does not hold yet, as listed', (given) => {
    expect(problems(given), 'it holds now: take it off the list').not.toEqual([])
  })

  it('is deviated from in few cases, each with its reason', () => {
    const listed = deviations(server)
    const names = loadDeviations(server).map(({ name }) => name.replace('deviations/', ''))
    expect([...listed.keys()].sort()).toEqual(names.sort())
    expect(listed.size).toBeLessThanOrEqual(5)
    expect([...listed.values()].filter((reason) => reason === '')).toEqual([])
  })

  it('is deviated from in answers alone: what is asked stays as it was recorded', () => {
    const recorded = new Map(loadObserved(server).map((each) => [each.name, each]))
    for (const { name, config, configs, requests } of loadDeviations(server)) {
      const before = recorded.get(name.replace('deviations/', ''))
      if (before === undefined) continue
      expect({ config, configs, requests }).toEqual({
        config: before.config,
        configs: before.configs,
        requests: before.requests
      })
    }
  })

  it('lists only cases that are there', () => {
    const names = new Set(cases.map(({ name }) => name))
    expect([...known.keys()].filter((name) => !names.has(name))).toEqual([])
  })
})

function problems(given: Case): readonly string[] {
  return results.get(given.id)?.problems ?? ['the case did not run']
}

afterAll(() => {
  if (program !== undefined) rmSync(dirname(program), { recursive: true, force: true })
  if (process.env['KNOWN_FAILURES'] === 'write') {
    for (const { server, cases } of suites) {
      writeKnownFailures(
        server,
        cases.flatMap((given) => results.get(given.id) ?? [])
      )
    }
  }
  const rows = suites.map(({ server, cases }) => {
    const all = cases.flatMap((given) => results.get(given.id) ?? [])
    const asked = all.filter(({ given }) => given.observed !== 'refused')
    const refused = all.filter(({ given }) => given.observed === 'refused')
    const whole = (list: readonly Result[]): string =>
      `${String(list.filter((result) => result.problems.length === 0).length)} of ${String(list.length)}`
    const requests = asked.reduce((sum, result) => sum + result.requests, 0)
    const held = asked.reduce((sum, result) => sum + result.held, 0)
    return [server, whole(asked), whole(refused), `${String(held)} of ${String(requests)}`]
  })
  process.stdout.write(table([['server', 'whole cases', 'refused', 'requests'], ...rows]))
})

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length))
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return `\n${rows.map(line).join('\n')}\n`
}
