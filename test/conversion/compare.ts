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

/** How a target's answer differs from what the source was recorded to answer. */
export function compare(
  expected: Observation,
  answer: Answer | undefined,
  fill: (text: string) => string
): readonly Difference[] {
  const status = answer?.status ?? 0
  const out: Difference[] = []
  if (expected.status !== undefined && expected.status !== status)
    out.push({ effect: 'status', text: `status ${String(expected.status)} became ${String(status)}` })
  const echoed = answer && echoedIn(answer)
  if (expected.fastcgi?.name !== echoed?.name) {
    const who = expected.fastcgi?.name ?? 'no application'
    const what = { effect: 'routing', text: `answered by ${who} became ${echoed?.name ?? 'none'}` }
    return [...out, what]
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

function toldDifferences(
  expected: Echoed,
  got: Echoed,
  fill: (text: string) => string
): readonly Difference[] {
  const before = lastOf(expected.params)
  const after = lastOf(got.params)
  const names = new Set([...before.keys(), ...after.keys()].filter((name) => told.test(name)))
  const params = [...names].flatMap((name): readonly Difference[] => {
    const wanted = before.get(name)
    const is = after.get(name)
    if (wanted === undefined ? is === undefined : is !== undefined && matches(fill(wanted), is)) return []
    return [
      {
        effect: name,
        text: `${name}: ${JSON.stringify(wanted && fill(wanted))} became ${JSON.stringify(is)}`
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
  const who = answers.map(answeredBy)
  const got = parallel ? who.sort() : who
  return got.join(' ') === expected.join(' ')
    ? []
    : [{ effect: 'balance', text: `answered by ${expected.join(' ')} became ${got.join(' ')}` }]
}

/** Whether one of the words names the effect: `HTTP_*` names every header. */
export function names(affects: ReadonlySet<string>, effect: string): boolean {
  return affects.has(effect) || (effect.startsWith('HTTP_') && affects.has('HTTP_*'))
}
