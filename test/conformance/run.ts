import { serve, StartError, type Running } from '../../src/runtime/index.js'

import type { ReadResult } from '../../src/dialects/index.js'
import type { Site } from '../../src/model/index.js'
import type { Case, Observation, RecordedRequest } from './cases.js'
import { send } from './client.js'
import { answeredBy, differences } from './compare.js'
import { makePlace, type Place } from './place.js'
import { readConfig } from './read.js'

/** How a case went. It holds whole if there is no problem. */
export interface Result {
  readonly given: Case
  /** Requests in all, and those answered as recorded. */
  readonly requests: number
  readonly held: number
  readonly problems: readonly string[]
  /** Directives of the case that no reader understands yet. */
  readonly unread: readonly string[]
}

/** Reads the case's configuration, serves it, sends its requests, and compares all that the case shows. */
export async function runCase(given: Case, echoProgram: string): Promise<Result> {
  const place = await makePlace(given, echoProgram)
  try {
    return await runInPlace(given, place)
  } finally {
    await place.close()
  }
}

/** The same in a place that is there already. */
export async function runInPlace(given: Case, place: Place): Promise<Result> {
  try {
    return await inPlace(given, place)
  } catch (error) {
    return failed(given, error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

function failed(given: Case, problem: string): Result {
  return { given, requests: given.requests.length, held: 0, problems: [problem], unread: [] }
}

async function inPlace(given: Case, place: Place): Promise<Result> {
  const read = await readConfig(given.server, place)
  const started = read.refused
    ? read.diagnostics.map(({ message }) => message).join('; ')
    : await start(read, place)
  if (given.observed === 'refused') {
    if (typeof started !== 'string') await started.stop()
    return typeof started === 'string'
      ? { given, requests: 0, held: 0, problems: [], unread: [] }
      : failed(given, 'the server refuses this configuration; here it is served')
  }
  if (typeof started === 'string') return failed(given, `refused: ${started}`)
  try {
    return { ...(await ask(given, given.observed, place)), unread: unreadIn(read.site) }
  } finally {
    await started.stop()
  }
}

/** The running server, or why there is none. */
async function start({ site, folderFile }: ReadResult, place: Place): Promise<Running | string> {
  try {
    return await serve(site, {
      ...(folderFile && { folderFile }),
      log: () => undefined,
      environment: place.environment,
      directory: place.root
    })
  } catch (error) {
    if (error instanceof StartError) return error.message
    throw error
  }
}

function unreadIn(site: Site): readonly string[] {
  const names = site.directives.filter(({ state }) => state.kind === 'not-read-yet').map(({ name }) => name)
  return [...new Set(names)]
}

async function ask(
  given: Case,
  observed: readonly Observation[],
  place: Place
): Promise<Omit<Result, 'unread'>> {
  const problems: string[] = []
  let held = 0
  for (const [index, request] of given.requests.entries()) {
    const expected = observed[index] ?? {}
    const found = await askOnce(request, expected, place)
    if (found.length === 0) held += 1
    const name = `${request.method} ${request.target.length > 80 ? `${request.target.slice(0, 80)}…` : request.target}`
    problems.push(...found.map((text) => `${String(index + 1)}. ${name}: ${text}`))
  }
  return { given, requests: given.requests.length, held, problems }
}

async function askOnce(
  request: RecordedRequest,
  expected: Observation,
  place: Place
): Promise<readonly string[]> {
  const port = place.ports[request.port - 1] ?? 0
  const once = (): ReturnType<typeof send> => send(port, request, (text) => place.fill(text))
  try {
    if (expected.answered === undefined)
      return differences(expected, await once(), (text) => place.fill(text))
    const got = request.parallel ? await together(request, once) : await inTurn(request, once)
    const same = got.join(' ') === expected.answered.join(' ')
    return same ? [] : [`answered by ${expected.answered.join(' ')} expected, not ${got.join(' ')}`]
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

async function inTurn(
  request: RecordedRequest,
  once: () => ReturnType<typeof send>
): Promise<readonly string[]> {
  const names: string[] = []
  for (let time = 0; time < (request.times ?? 1); time++) names.push(answeredBy(await once()))
  return names
}

async function together(
  request: RecordedRequest,
  once: () => ReturnType<typeof send>
): Promise<readonly string[]> {
  const answers = await Promise.all(Array.from({ length: request.times ?? 1 }, once))
  return answers.map(answeredBy).sort()
}
