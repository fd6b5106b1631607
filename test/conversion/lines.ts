import type { Conversion } from '../../src/convert/index.js'
import type { ReadResult } from '../../src/dialects/index.js'
import type { Difference } from '../../src/convert/ledger.js'
import type { RequestKind, UrlTest } from '../../src/model/index.js'
import type { Observation, RecordedRequest } from '../conformance/cases.js'
import type { Place } from '../conformance/place.js'
import { isCompared, isTold } from './compare.js'
import { kindsOf } from './kinds.js'
import { everywhere, pathsOf, reachedBy, type Reaches } from './reached.js'

/** Answers that make another request of the one that was sent. */
const leadsOn: readonly RequestKind[] = [
  'unusual-answer',
  'broken-answer',
  'location-answer',
  'sendfile-answer',
  'accel-answer'
]

/** A line of the ledger that is about a request, with its words that can show there. */
export interface LineOn {
  readonly text: string
  readonly words: readonly string[]
}

/** The lines of the ledger about a request: those about its kind, or about all, in the blocks that it comes to. */
function linesOn(
  { ledger, unasked }: Conversion,
  request: RecordedRequest,
  expected: Observation,
  kinds: ReadonlySet<RequestKind>,
  reaches: Reaches
): readonly LineOn[] {
  const body = request.body === undefined ? [] : ['content-length']
  const sent = new Set([
    'host',
    'connection',
    ...body,
    ...request.headers.map(([name]) => name.toLowerCase()),
    // Params of such a name that are no headers.
    ...(expected.fastcgi?.params ?? []).map(([name]) => headerOf(name))
  ])
  const asksApplication = expected.fastcgi !== undefined || expected.answered !== undefined
  // What an application is told shows where one is asked.
  const shows = (word: string): boolean =>
    isCompared(word) &&
    (asksApplication || !isTold(word)) &&
    (isAboutHeader(word) ? sent.has(headerOf(word)) : true)
  const isAbout = ({ only, urls }: Difference): boolean =>
    (only === undefined || only.some((kind) => kinds.has(kind))) &&
    (urls === undefined || urls.some((test) => reaches.paths.some((path) => fits(test, path))))
  return [
    ...ledger.filter(({ span }) => reaches.span(span)).map((line) => ({ ...line, what: line.directive })),
    ...unasked.map((line) => ({ ...line, what: 'unasked', differences: [line] }))
  ].flatMap((line) => {
    const about = (line.differences ?? [line]).filter(isAbout)
    const words = [...new Set(about.flatMap(({ affects }) => affects))].filter(shows)
    return words.length > 0 ? [{ text: `${line.what}: ${line.message}`, words }] : []
  })
}

function fits(test: UrlTest, asked: string): boolean {
  const [path, value] = [asked.toLowerCase(), test.value.toLowerCase()]
  switch (test.kind) {
    case 'prefix':
      return path.startsWith(value)
    case 'contains':
      return path.includes(value)
    case 'exact':
      return path === value
    case 'below':
      return (
        path.startsWith(value) && path.slice(value.length).split('/').filter(Boolean).length >= test.names
      )
  }
}

/** `HTTP_COOKIE` says something of requests with cookies alone. */
function isAboutHeader(word: string): boolean {
  return word.startsWith('HTTP_') && word !== 'HTTP_*'
}

function headerOf(param: string): string {
  return param.slice('HTTP_'.length).toLowerCase().replaceAll('_', '-')
}

/** The lines of a conversion's ledger about a request that was recorded on its source. */
export async function linesAbout(
  request: RecordedRequest,
  expected: Observation,
  { read, converted }: { readonly read: ReadResult; readonly converted: Conversion },
  place: Place
): Promise<readonly LineOn[]> {
  const kinds = kindsOf(request, expected)
  // What an answer makes of the request is not known before it is asked.
  const reaches = leadsOn.some((kind) => kinds.has(kind))
    ? everywhere(pathsOf(request, place))
    : await reachedBy(request, read, expected, place)
  return linesOn(
    converted,
    request,
    expected,
    reaches.error ? new Set([...kinds, 'error'] as const) : kinds,
    reaches
  )
}
