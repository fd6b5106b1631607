import { rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadObserved, serverNames, type Case } from '../conformance/cases.js'
import { makeEchoProgram } from '../conformance/echo-program.js'
import { known, problemsOf, writeKnown } from './known.js'
import { runConversion, type Outcome } from './run.js'
import { figures, markdown, page } from './table.js'
import { targetNames, type TargetName } from './targets.js'

/** `all`, `write`, or a part of the names of cases; every eighth case without. */
const which = process.env['FCGI_CONF_CONVERSION'] ?? ''
const sampled = 8
/** Only one direction, where asked for: `lighttpd>nginx`, `>nginx`, `nginx>`. */
const [onlyFrom = '', onlyTo = ''] = (process.env['FCGI_CONF_DIRECTION'] ?? '').split('>')

/** Whether lighttpd starts hangs on whether it looks before or after its application has ended. */
const unsteady = new Set(['static_application_exits lighttpd'])

const sources = serverNames.filter((name) => onlyFrom === '' || name === onlyFrom)
const targets = targetNames.filter((name) => onlyTo === '' || name === onlyTo)
const suites = sources.map((source) => ({ source, cases: chosen(loadObserved(source)) }))
const results = new Map<string, Outcome>()
let program: string | undefined

function chosen(cases: readonly Case[]): readonly Case[] {
  const started = cases.filter(({ observed }) => observed !== 'refused')
  if (which === '') return started.filter((_, index) => index % sampled === 0)
  return which === 'all' || which === 'write' ? started : started.filter(({ name }) => name.includes(which))
}

function targetsOf({ name }: Case): readonly TargetName[] {
  return targets.filter((target) => !unsteady.has(`${name} ${target}`))
}

beforeAll(async () => {
  const made = makeEchoProgram()
  program = made
  const waiting = suites.flatMap(({ cases }) =>
    cases.flatMap((given) => targetsOf(given).map((target) => ({ given, target })))
  )
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const outcome = await runConversion(next.given, next.target, made)
      results.set(`${next.given.id} ${next.target}`, outcome)
    }
  }
  // Many cases mostly wait for an application that sleeps.
  await Promise.all(Array.from({ length: 6 }, work))
}, 1_800_000)

function outcomeOf(given: Case, target: string): Outcome {
  const outcome = results.get(`${given.id} ${target}`)
  if (outcome === undefined) throw new Error(`${given.id} was not translated for ${target}`)
  return outcome
}

describe.each(suites.filter(({ cases }) => cases.length > 0))('what $source does', ({ source, cases }) => {
  const listed = known(source)
  const pairs = cases.flatMap((given) =>
    targetsOf(given).map((target) => [given.name, target, given] as const)
  )

  it.each(pairs.filter(([name, target]) => !listed.has(`${name} ${target}`)))(
    '%s starts on %s, and the ledger names each difference',
    (_name, target, given) => {
      expect(problemsOf(outcomeOf(given, target))).toEqual([])
    }
  )

  it.each(pairs.filter(([name, target]) => listed.has(`${name} ${target}`)))(
    '%s does not hold on %s yet, as listed',
    (_name, target, given) => {
      expect(problemsOf(outcomeOf(given, target)), 'it holds now: take it off the list').not.toEqual([])
    }
  )
})

afterAll(async () => {
  if (program !== undefined) rmSync(dirname(program), { recursive: true, force: true })
  const all = [...results.values()]
  const rows = suites.flatMap(({ source }) =>
    targets.map((target) =>
      figures(
        source,
        target,
        all.filter((outcome) => outcome.given.server === source && outcome.target === target)
      )
    )
  )
  process.stdout.write(`\n${await format(markdown(rows), { parser: 'markdown' })}`)
  if (which === 'write' && sources.length === serverNames.length && targets.length === targetNames.length) {
    const file = fileURLToPath(new URL('../../docs/conversions.md', import.meta.url))
    writeFileSync(file, await format(page(rows), { ...(await resolveConfig(file)), parser: 'markdown' }))
    for (const { source } of suites) {
      writeKnown(
        source,
        all.filter(({ given }) => given.server === source)
      )
    }
  }
  if (which !== '') process.stdout.write(all.map(told).join(''))
})

/** Every difference of a case, for who works on it. */
function told({ given, target, stopped, asked }: Outcome): string {
  const lines = asked.flatMap(({ request, lines: about, declared, undeclared }, index) => {
    const what = `${String(index + 1)} ${request.method} ${request.target}`
    return [
      ...(declared.length + undeclared.length === 0
        ? about.map(({ text, words }) => `  OVER        ${what}: ${words.join(',')} by ${text}`)
        : []),
      ...declared.map(({ text }) => `  declared    ${what}: ${text}`),
      ...undeclared.map(({ text }) => `  UNDECLARED  ${what}: ${text}`)
    ]
  })
  return `\n${given.id} for ${target}${stopped === undefined ? '' : `: ${stopped}`}\n${lines.join('\n')}\n`
}
