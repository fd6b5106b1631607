import type { Decision, Outcome } from '../../decide/types.js'
import { encodeBytes } from '../../diagnostics/index.js'
import type { CounterNames } from '../../model/index.js'
import type { Counters } from '../counters.js'
import { noContent } from './answer.js'
import type { Headers, HttpAnswer } from './answer.js'
import { statusAnswer } from './refusals.js'

/** A status, with the text that the site gives for it or none. */
export function statusOutcome(outcome: Extract<Outcome, { kind: 'status' }>): HttpAnswer {
  const { status, body, mediaType, headers = [] } = outcome
  if (body === undefined && status === 200) return { status, headers, body: noContent }
  // A 204 has no content, so there is no type of it to tell either (RFC 9110, 15.3.5).
  if (body === undefined || status === 204) return statusAnswer(status, headers)
  const type: Headers = mediaType === undefined ? [] : [['Content-Type', mediaType]]
  return { status, headers: [...type, ...headers], body: textOf(body) }
}

/** What the server has counted, as a page. */
export function countersAnswer(counters: Counters, names: CounterNames, { settings }: Decision): HttpAnswer {
  const text = counters.text(names)
  if (text === undefined) return { status: 204, headers: [], body: noContent }
  const ranges: Headers = settings.response?.value.ranges === true ? [['Accept-Ranges', 'bytes']] : []
  return { status: 200, headers: [['Content-Type', 'text/plain'], ...ranges], body: textOf(text) }
}

function textOf(text: string): HttpAnswer['body'] {
  return { kind: 'bytes', bytes: Buffer.from(encodeBytes(text)) }
}
