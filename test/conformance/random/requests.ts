import fc from 'fast-check'
import type { RecordedRequest } from '../cases.js'
import { mostly } from './words.js'

/** How requests are put together from the words of a server. */

export type Header = readonly [name: string, value: string]

/** A body with the headers that frame it; without a body one that is said to be there and is not. */
export interface Sent {
  readonly body: string | undefined
  readonly headers: readonly Header[]
}

/** Bodies that every server reads. */
export const bodies: readonly Sent[] = [
  { body: 'hello', headers: [] },
  { body: '', headers: [] },
  { body: 'x'.repeat(1500), headers: [] },
  { body: '5\r\nhello\r\n0\r\n\r\n', headers: [['Transfer-Encoding', 'chunked']] }
]

/** A few pieces joined as a query, or one of the odd ones. */
export function queryOf(
  pieces: fc.Arbitrary<string>,
  odd: fc.Arbitrary<string>,
  weight = 9
): fc.Arbitrary<string> {
  const usual = fc.array(pieces, { maxLength: 2 }).map((all) => (all.length === 0 ? '' : `?${all.join('&')}`))
  return mostly(usual, odd, weight)
}

/** A path with its query; `*` has none. */
export function targetOf(path: fc.Arbitrary<string>, query: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(path, query).map(([path, query]) => (path === '*' ? path : path + query))
}

/** `Host` or another header. */
export function headerOf(
  hosts: { readonly weight: number; readonly names: readonly string[] },
  others: { readonly weight: number; readonly headers: readonly Header[] }
): fc.Arbitrary<Header> {
  return fc.oneof(
    {
      weight: hosts.weight,
      arbitrary: fc.constantFrom(...hosts.names).map((host): Header => ['Host', host])
    },
    { weight: others.weight, arbitrary: fc.constantFrom(...others.headers) }
  )
}

export interface RequestParts {
  readonly target: fc.Arbitrary<string>
  readonly header: fc.Arbitrary<Header>
  /** What of a header's name tells it from others: a request has each once. */
  readonly sameHeader: (name: string) => string
  readonly body: fc.Arbitrary<Sent>
  /** Methods of requests without a body, and of those with one. */
  readonly method: fc.Arbitrary<string>
  readonly bodyMethod: fc.Arbitrary<string>
  /** How many requests a configuration is asked at most. */
  readonly most: number
}

/** Requests in a row, of which one in nine has a body. */
export function requestsOf(parts: RequestParts): fc.Arbitrary<readonly RecordedRequest[]> {
  const headers = fc.uniqueArray(parts.header, { selector: ([name]) => parts.sameHeader(name), maxLength: 3 })
  const plain = fc
    .tuple(parts.method, parts.target, headers)
    .map(([method, target, headers]): RecordedRequest => ({
      method,
      target,
      headers,
      body: undefined,
      port: 1,
      times: undefined,
      parallel: false
    }))
  const posted = fc
    .tuple(parts.bodyMethod, plain, parts.body)
    .map(([method, request, sent]): RecordedRequest => ({
      ...request,
      method,
      headers: [...request.headers, ...sent.headers],
      body: sent.body
    }))
  return fc.noBias(
    fc.array(fc.oneof({ weight: 8, arbitrary: plain }, { weight: 1, arbitrary: posted }), {
      minLength: 1,
      maxLength: parts.most,
      size: 'max'
    })
  )
}
