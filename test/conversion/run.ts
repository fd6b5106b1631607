import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { convert, type Conversion } from '../../src/convert/index.js'
import type { Site } from '../../src/model/index.js'
import { loadDialect } from '../../src/dialects/index.js'
import type { ReadResult } from '../../src/dialects/index.js'
import { account, handOver } from '../live/place.js'
import { spawnByHand, type Started } from '../live/servers.js'
import { commandsIn } from '../live/site.js'
import type { Case, Observation, RecordedRequest } from '../conformance/cases.js'
import { send } from '../conformance/client.js'
import { makePlace, type Place } from '../conformance/place.js'
import { dialectOf, readConfig } from '../conformance/read.js'
import { compare, compareAnswered, names, type Difference } from './compare.js'
import { linesAbout, type LineOn } from './lines.js'
import { startTarget, type TargetName } from './targets.js'

/** What became of one request. */
export interface Asked {
  readonly request: RecordedRequest
  readonly declared: readonly Difference[]
  readonly undeclared: readonly Difference[]
  readonly lines: readonly LineOn[]
}

/** How the translation of a case for a target went. */
export interface Outcome {
  readonly given: Case
  readonly target: TargetName
  /** Why it did not run on the target. */
  readonly stopped?: string
  readonly asked: readonly Asked[]
}

/** Requests that a target leaves without an answer for this long are told as such. */
const patience = 12

/** Converts the case, runs the real target on the result, sends the requests. */
export async function runConversion(given: Case, target: TargetName, program: string): Promise<Outcome> {
  const place = await makePlace(given, program)
  const nothing = { given, target, asked: [] }
  try {
    const made = await convertCase(given, target, place)
    if (made.converted.files.length === 0) return { ...nothing, stopped: whyNothing(made.converted) }
    return { ...nothing, ...(await runTarget(given, target, made, place)) }
  } catch (error) {
    return { ...nothing, stopped: error instanceof Error ? error.message : String(error) }
  } finally {
    await place.close()
  }
}

async function convertCase(given: Case, to: TargetName, place: Place): Promise<Converted> {
  const read = await readConfig(given.server, place)
  const converted = convert(read, { from: dialectOf(given.server), to, fragment: false, keepGoing: true }, [
    await loadDialect(to)
  ])
  return { read, converted, pools: poolsOf(read.site, given, place) }
}

interface Converted {
  readonly read: ReadResult
  readonly converted: Conversion
  /** Applications that stand for one another. */
  readonly pools: readonly ReadonlySet<string>[]
}

function poolsOf(site: Site, given: Case, place: Place): readonly ReadonlySet<string>[] {
  const names = new Map(
    [...given.backends].map(([name, kind]) => [
      place.fill(kind === 'unix' ? `@UNIX:${name}@` : `@TCPPORT:${name}@`),
      name
    ])
  )
  return site.pools.map(({ members }) => {
    return new Set(
      members.flatMap(({ address, process }) => {
        const named = process?.environment.find(({ name }) => name === 'ECHO_NAME')?.value
        return named ?? names.get(address.kind === 'unix' ? address.path : String(address.port)) ?? []
      })
    )
  })
}

/** The folders that the source's server makes for its sockets are there wherever it has run. */
function makeSocketFolders({ files }: Conversion, place: Place): void {
  for (const { text } of files) {
    for (const [path] of text.matchAll(new RegExp(`${place.root}/run/[\\w./-]+`, 'g'))) {
      mkdirSync(dirname(path), { recursive: true })
    }
  }
}

/** One that ends at once, as the source's own does in the case, is a matter of the requests. */
function startApplication(command: string, place: Place): readonly Started[] {
  try {
    return [spawnByHand(command, { folder: place.root })]
  } catch (error) {
    if (error instanceof Error && error.message.includes('child exited with')) return []
    throw error
  }
}

function whyNothing({ diagnostics }: Conversion): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return `not converted: ${errors.map(({ message }) => message).join('; ')}`
}

async function runTarget(
  given: Case,
  target: TargetName,
  made: Converted,
  place: Place
): Promise<Pick<Outcome, 'stopped' | 'asked'>> {
  const { converted } = made
  const started: Started[] = []
  try {
    makeSocketFolders(converted, place)
    if (account !== undefined) handOver(place.root)
    for (const command of commandsIn(converted)) {
      started.push(...startApplication(command, place))
    }
    const server = await startTarget(target, converted.files, place)
    if (server.kind === 'refused') return { stopped: `refused: ${server.said}`, asked: [] }
    started.push(server)
    return { asked: await askAll(given, made, place) }
  } finally {
    for (const each of started.reverse()) await each.stop()
  }
}

async function askAll(
  given: Case,
  { read, converted, pools }: Converted,
  place: Place
): Promise<readonly Asked[]> {
  const asked: Asked[] = []
  const observed = given.observed === 'refused' ? [] : given.observed
  for (const [index, request] of given.requests.entries()) {
    const expected = observed[index] ?? {}
    const lines = await linesAbout(request, expected, { read, converted }, place)
    const affects = new Set(lines.flatMap(({ words }) => words))
    const found = await differencesOf(request, expected, pools, place)
    asked.push({
      request,
      lines,
      declared: found.filter(({ effect }) => names(affects, effect)),
      undeclared: found.filter(({ effect }) => !names(affects, effect))
    })
  }
  return asked
}

async function differencesOf(
  request: RecordedRequest,
  expected: Observation,
  pools: readonly ReadonlySet<string>[],
  place: Place
): Promise<readonly Difference[]> {
  const port = place.ports[request.port - 1] ?? 0
  const fill = (text: string): string => place.fill(text)
  const once = (): ReturnType<typeof send> => send(port, request, fill, patience)
  try {
    if (expected.answered === undefined) return compare(expected, await once(), pools, fill)
    const times = request.times ?? 1
    const answers = request.parallel
      ? await Promise.all(Array.from({ length: times }, once))
      : await inTurn(times, once)
    return compareAnswered(expected.answered, answers, request.parallel)
  } catch (error) {
    return [{ effect: 'status', text: error instanceof Error ? error.message : String(error) }]
  }
}

async function inTurn<T>(times: number, once: () => Promise<T>): Promise<readonly T[]> {
  const answers: T[] = []
  while (answers.length < times) answers.push(await once())
  return answers
}
