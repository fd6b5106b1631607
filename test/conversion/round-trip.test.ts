import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format } from 'prettier'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readIo } from '../../src/cli/files.js'
import { convert, type Conversion } from '../../src/convert/index.js'
import type { Decision } from '../../src/decide/types.js'
import { loadDialect, type DialectName, type ReadResult } from '../../src/dialects/index.js'
import { loadObserved, serverNames, type Case } from '../conformance/cases.js'
import { makeEchoProgram } from '../conformance/echo-program.js'
import { makePlace, type Place } from '../conformance/place.js'
import { dialectOf, readConfig } from '../conformance/read.js'
import { isTold, names, type Difference } from './compare.js'
import { linesAbout } from './lines.js'
import { decisionsOn } from './reached.js'
import { markdown } from './table.js'

/** `all`, or every eighth case. */
const isWhole = process.env['FCGI_CONF_CONVERSION'] === 'all'
const sampled = 8
const languages: readonly DialectName[] = ['lighttpd', 'nginx', 'apache-proxy-fcgi']

const directions = serverNames.flatMap((source) =>
  languages.flatMap((through) => (through === dialectOf(source) ? [] : [{ source, through }]))
)
/** Cases that do not come back as they were yet, by what they go by way of. */
const known: ReadonlyMap<string, readonly string[]> = new Map([
  // What lighttpd asks of a header nginx has no location for, and an application that hands on is asked twice.
  // A text that is returned comes back as the file that lighttpd sends it from.
  ['nginx lighttpd', ['response-x-accel-redirect', 'location-modifiers-without-space']],
  // The name behind the socket of `proxy:unix:PATH|fcgi://NAME` comes back as a host of its own.
  ['mod_proxy_fcgi lighttpd', ['sethandler_name_after_socket']]
])
const rows: string[][] = []
let program: string | undefined

beforeAll(() => {
  program = makeEchoProgram()
})

it.each(directions)(
  '$source by way of $through decides the same where both ledgers say so',
  async (direction) => {
    const { source, through } = direction
    const cases = loadObserved(source)
      .filter(({ observed }) => observed !== 'refused')
      .filter((_, index) => isWhole || index % sampled === 0)
    const found = { requests: 0, exact: 0, different: [] as string[] }
    for (const given of cases) {
      const outcome = await roundTrip(given, through)
      found.requests += outcome.requests
      found.exact += outcome.exact
      found.different.push(...outcome.different)
    }
    rows.push([source, through, String(found.requests), String(found.exact), String(found.different.length)])
    const listed = known.get(`${source} ${through}`) ?? []
    expect(found.different.filter((text) => !listed.some((name) => text.includes(name)))).toEqual([])
  }
)

afterAll(async () => {
  if (program !== undefined) rmSync(dirname(program), { recursive: true, force: true })
  const head = ['from', 'by way of', 'requests', 'exact on both ways', 'decided otherwise']
  process.stdout.write(`\n${await format(markdown(rows, head), { parser: 'markdown' })}`)
})

interface Trip {
  readonly requests: number
  readonly exact: number
  readonly different: readonly string[]
}

async function roundTrip(given: Case, through: DialectName): Promise<Trip> {
  const place = await makePlace(given, program ?? '')
  try {
    const from = dialectOf(given.server)
    const read = await readConfig(given.server, place)
    const there = await translate(read, from, through, place)
    const back = there && (await translate(there.read, through, from, place))
    if (there === undefined || back === undefined) return { requests: 0, exact: 0, different: [] }
    let exact = 0
    const different: string[] = []
    const observed = given.observed === 'refused' ? [] : given.observed
    for (const [index, request] of given.requests.entries()) {
      const expected = observed[index] ?? {}
      const out = await linesAbout(request, expected, { read, converted: there.converted }, place)
      const home = await linesAbout(request, expected, { read: there.read, converted: back.converted }, place)
      const words = new Set([...out, ...home].flatMap((line) => line.words))
      if (words.size === 0) exact += 1
      const before = (await decisionsOn(request, read, place)).map(seen)
      const after = (await decisionsOn(request, back.read, place)).map(seen)
      const found = differences(before, after).filter(({ effect }) => !isNamed(effect, words))
      different.push(...found.map(({ text }) => place.unfill(`${given.id} ${request.target}: ${text}`)))
    }
    return { requests: given.requests.length, exact, different }
  } finally {
    await place.close()
  }
}

interface Leg {
  readonly converted: Conversion
  /** What was written, as it is read again. */
  readonly read: ReadResult
}

async function translate(
  read: ReadResult,
  from: DialectName,
  to: DialectName,
  place: Place
): Promise<Leg | undefined> {
  const dialect = await loadDialect(to)
  const converted = convert(read, { from, to, fragment: false, keepGoing: true }, [dialect])
  const [main] = converted.files
  if (main === undefined) return undefined
  const file = join(place.root, 'conf', `again-${main.path}`)
  // What is written beside the configuration lies beside it here, too.
  const folder = join(place.root, 'conf')
  for (const { path, text } of converted.files.slice(1)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const given = new Map([[file, main.text.replaceAll('/etc/lighttpd/', `${folder}/`)]])
  const io = readIo({ cwd: place.root, env: place.environment, given })
  return {
    converted,
    read: dialect.read(file, io, { name: to, ...(to === 'nginx' ? { prefix: place.root } : {}) })
  }
}

/** What of a decision a client and an application see of it. */
interface Seen {
  readonly what: string
  readonly told: ReadonlyMap<string, string>
}

function seen({ outcome }: Decision): Seen {
  const nothing = new Map<string, string>()
  switch (outcome.kind) {
    case 'fastcgi': {
      const told = outcome.params.filter(({ name, value }) => isTold(name) && value !== '')
      const { address } = outcome.member
      const at = address.kind === 'unix' ? address.path : `${address.host}:${address.port}`
      return {
        what: `${outcome.role} at ${at}`,
        told: new Map(told.map(({ name, value }) => [name, value]))
      }
    }
    case 'file':
      return { what: `${outcome.status} with ${outcome.path}`, told: nothing }
    case 'redirect':
      return { what: `${outcome.status} to ${outcome.location}`, told: nothing }
    case 'status':
      return { what: String(outcome.status), told: nothing }
    default:
      return { what: outcome.kind, told: nothing }
  }
}

function differences(before: readonly Seen[], after: readonly Seen[]): readonly Difference[] {
  const what = (all: readonly Seen[]): string => all.map((each) => each.what).join(', then ')
  if (what(before) !== what(after))
    return [{ effect: 'routing', text: `${what(before)} became ${what(after)}` }]
  return before.flatMap(({ told }, index) => {
    const other = after[index]?.told ?? new Map<string, string>()
    const names = [...new Set([...told.keys(), ...other.keys()])]
    return names.flatMap((name) => {
      const [was, is] = [told.get(name) ?? '', other.get(name) ?? '']
      return was === is ? [] : [{ effect: name, text: `${name}: ${was} became ${is}` }]
    })
  })
}

/** Who answers, and how, is one matter here: a decision tells no more of it. */
function isNamed(effect: string, words: ReadonlySet<string>): boolean {
  if (effect !== 'routing') return names(words, effect)
  return ['routing', 'status', 'body', 'balance'].some((word) => words.has(word))
}
