import { convert, type Conversion } from '../../src/convert/index.js'
import { loadDialect } from '../../src/dialects/index.js'
import { account, handOver } from '../live/place.js'
import { spawnByHand, type Started } from '../live/servers.js'
import { commandsIn } from '../live/site.js'
import type { Case, Observation, RecordedRequest } from '../conformance/cases.js'
import { send } from '../conformance/client.js'
import { makePlace, type Place } from '../conformance/place.js'
import { dialectOf, readConfig } from '../conformance/read.js'
import { compare, compareAnswered, isCompared, names, type Difference } from './compare.js'
import { startTarget, type TargetName } from './targets.js'

/** What became of one request. */
export interface Asked {
  readonly request: RecordedRequest
  readonly declared: readonly Difference[]
  readonly undeclared: readonly Difference[]
}

/** How the translation of a case for a target went. */
export interface Outcome {
  readonly given: Case
  readonly target: TargetName
  /** Why it did not run on the target. */
  readonly stopped?: string
  readonly asked: readonly Asked[]
  /** The words of the ledger's lines that the comparison looks at. */
  readonly affects: ReadonlySet<string>
}

/** Requests that a target leaves without an answer for this long are told as such. */
const patience = 12

/** Converts the case, runs the real target on the result, sends the requests. */
export async function runConversion(given: Case, target: TargetName, program: string): Promise<Outcome> {
  const place = await makePlace(given, program)
  const nothing = { given, target, asked: [], affects: new Set<string>() }
  try {
    const converted = await convertCase(given, target, place)
    if (converted.files.length === 0) return { ...nothing, stopped: whyNothing(converted) }
    return { ...nothing, ...(await runTarget(given, target, converted, place)) }
  } catch (error) {
    return { ...nothing, stopped: error instanceof Error ? error.message : String(error) }
  } finally {
    await place.close()
  }
}

async function convertCase(given: Case, to: TargetName, place: Place): Promise<Conversion> {
  const read = await readConfig(given.server, place)
  return convert(read, { from: dialectOf(given.server), to, fragment: false }, [await loadDialect(to)])
}

function whyNothing({ diagnostics }: Conversion): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return `not converted: ${errors.map(({ message }) => message).join('; ')}`
}

async function runTarget(
  given: Case,
  target: TargetName,
  converted: Conversion,
  place: Place
): Promise<Pick<Outcome, 'stopped' | 'asked' | 'affects'>> {
  const affects = affectsOf(converted)
  const started: Started[] = []
  try {
    if (account !== undefined) handOver(place.root)
    for (const command of commandsIn(converted)) {
      started.push(spawnByHand(command, { folder: place.root }))
    }
    const server = await startTarget(target, converted.files, place)
    if (server.kind === 'refused') return { stopped: `refused: ${server.said}`, asked: [], affects }
    started.push(server)
    return { asked: await askAll(given, affects, place), affects }
  } finally {
    for (const each of started.reverse()) await each.stop()
  }
}

function affectsOf({ ledger, unasked }: Conversion): ReadonlySet<string> {
  return new Set([...ledger, ...unasked].flatMap(({ affects }) => affects).filter(isCompared))
}

async function askAll(given: Case, affects: ReadonlySet<string>, place: Place): Promise<readonly Asked[]> {
  const asked: Asked[] = []
  const observed = given.observed === 'refused' ? [] : given.observed
  for (const [index, request] of given.requests.entries()) {
    const found = await differencesOf(request, observed[index] ?? {}, place)
    asked.push({
      request,
      declared: found.filter(({ effect }) => names(affects, effect)),
      undeclared: found.filter(({ effect }) => !names(affects, effect))
    })
  }
  return asked
}

async function differencesOf(
  request: RecordedRequest,
  expected: Observation,
  place: Place
): Promise<readonly Difference[]> {
  const port = place.ports[request.port - 1] ?? 0
  const fill = (text: string): string => place.fill(text)
  const once = (): ReturnType<typeof send> => send(port, request, fill, patience)
  try {
    if (expected.answered === undefined) return compare(expected, await once(), fill)
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
