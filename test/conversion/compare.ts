import { answeredBy, differences, echoedIn, matches } from '../conformance/compare.js'
import type { Echoed, Observation } from '../conformance/cases.js'
import type { Answer } from '../conformance/client.js'

/** What an application is told of a request that a translation must tell it as well. */
const told =
  /^(?:SCRIPT_NAME|SCRIPT_FILENAME|PATH_INFO|QUERY_STRING|REQUEST_METHOD|REQUEST_URI|DOCUMENT_ROOT|CONTENT_TYPE|CONTENT_LENGTH|REMOTE_USER|HTTP_.*)$/

/** A difference: the word the ledger has for it, and what was seen. */
export interface Difference {
  readonly effect: string
  readonly text: string
}

/** Whether the word is one that this comparison looks at, so that a line that names it can be held to it. */
export function isCompared(effect: string): boolean {
  return ['status', 'routing', 'body', 'balance'].includes(effect) || told.test(effect)
}

/** Whether the word is the name of a param. */
export function isTold(effect: string): boolean {
  return told.test(effect)
}

/** How a target's answer differs from what the source was recorded to answer. */
export function compare(
  expected: Observation,
  answer: Answer | undefined,
  pools: readonly ReadonlySet<string>[],
  fill: (text: string) => string
): readonly Difference[] {
  const status = answer?.status ?? 0
  const out: Difference[] = []
  if (expected.status !== undefined && expected.status !== status)
    out.push({ effect: 'status', text: `status ${String(expected.status)} became ${String(status)}` })
  const echoed = answer && echoedIn(answer)
  const who = applicationName(expected.fastcgi)
  const got = applicationName(echoed)
  if (who !== got) {
    const isChoice = pools.some((pool) => pool.has(who) && pool.has(got))
    const text = `answered by ${who || 'no application'} became ${got || 'none'}`
    return [...out, { effect: isChoice ? 'balance' : 'routing', text }]
  }
  if (expected.fastcgi !== undefined && echoed !== undefined)
    return [...out, ...toldDifferences(expected.fastcgi, echoed, fill)]
  if (out.length > 0 || answer === undefined) return out
  const body = differences(
    { status, ...(expected.body !== undefined && { body: expected.body }) },
    answer,
    fill
  )
  return body.map((text) => ({ effect: 'body', text }))
}

/** Processes that a server started are named after sockets, which are each server's own affair. */
function applicationName(echoed: Echoed | undefined): string {
  return spawned(echoed === undefined ? '' : echoed.name === '' ? 'unnamed' : echoed.name)
}

function spawned(name: string): string {
  return name.startsWith('proc') ? 'proc' : name
}

function toldDifferences(
  expected: Echoed,
  got: Echoed,
  fill: (text: string) => string
): readonly Difference[] {
  const before = lastOf(expected.params)
  const after = lastOf(got.params)
  const names = new Set([...before.keys(), ...after.keys()].filter((name) => told.test(name)))
  const params = [...names].flatMap((name): readonly Difference[] => {
    // RFC 3875, 4.1: that one is absent is the same as that it is empty.
    const wanted = before.get(name) ?? ''
    const is = after.get(name) ?? ''
    if (matches(fill(wanted), is)) return []
    return [
      {
        effect: name,
        text: `${name}: ${JSON.stringify(fill(wanted))} became ${JSON.stringify(is)}`
      }
    ]
  })
  const input = expected.stdinSha256 !== got.stdinSha256 || expected.stdin !== got.stdin
  return input
    ? [
        ...params,
        { effect: 'body', text: `${String(expected.stdin)} bytes of input became ${String(got.stdin)}` }
      ]
    : params
}

/** Applications take the last of a name. */
function lastOf(params: Echoed['params']): ReadonlyMap<string, string> {
  return new Map(params)
}

/** The same for a request that was sent several times. */
export function compareAnswered(
  expected: readonly string[],
  answers: readonly (Answer | undefined)[],
  parallel: boolean
): readonly Difference[] {
  const wanted = expected.map(spawned)
  const who = answers.map(answeredBy).map(spawned)
  const got = parallel ? who.sort() : who
  if (got.join(' ') === wanted.join(' ')) return []
  // Where none answered, the status stands in its place.
  const statuses = (list: readonly string[]): string =>
    list
      .filter((each) => /^\d+$/.test(each))
      .sort()
      .join(' ')
  const effect = statuses(got) === statuses(wanted) ? 'balance' : 'status'
  return [{ effect, text: `answered by ${expected.join(' ')} became ${got.join(' ')}` }]
}

/** Whether one of the words names the effect: `HTTP_*` names every header. */
export function names(affects: ReadonlySet<string>, effect: string): boolean {
  return affects.has(effect) || (effect.startsWith('HTTP_') && affects.has('HTTP_*'))
}
