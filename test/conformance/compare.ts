import { createHash } from 'node:crypto'
import { readEchoed, type Echoed, type Observation } from './cases.js'
import type { Answer } from './client.js'

/** What differs between a recorded observation and an answer; none if it is as recorded. */
export function differences(
  expected: Observation,
  answer: Answer | undefined,
  fill: (text: string) => string
): readonly string[] {
  if (answer === undefined) {
    return expected.status === 0 || expected.status === undefined
      ? []
      : [`status ${String(expected.status)} expected, the connection was closed`]
  }
  const out: string[] = []
  const differ = (what: string, wanted: unknown, got: unknown): void => {
    out.push(`${what}: ${shown(wanted)} expected, not ${shown(got)}`)
  }
  if (expected.status !== undefined && expected.status !== answer.status)
    differ('status', expected.status, answer.status)
  if (expected.headers !== undefined) out.push(...headerDifferences(expected.headers, answer, fill))
  const echoed = echoedIn(answer)
  if (expected.fastcgi !== undefined) {
    if (echoed === undefined) differ('answered by', expected.fastcgi.name, 'no application')
    else out.push(...echoedDifferences(expected.fastcgi, echoed, fill))
  } else if (echoed !== undefined) {
    differ('answered by', 'no application', echoed.name)
  } else {
    out.push(...bodyDifferences(expected, answer, fill))
  }
  return out
}

/** Headers that are recorded wherever they occur, so that one too many is a difference as well. */
export const watched =
  /^(?:x-.*|location|set-cookie|www-authenticate|content-type|content-range|accept-ranges|allow|retry-after)$/

/** httpd names methods in an order of chance. */
function inOrder(name: string, value: string): string {
  return name === 'allow' ? value.split(/, */).sort().join(',') : value
}

function headerDifferences(
  expected: ReadonlyMap<string, string>,
  answer: Answer,
  fill: (text: string) => string
): readonly string[] {
  const out: string[] = []
  for (const [name, value] of expected) {
    const got = answer.headers.get(name)
    // Of a header in several lines the last one was recorded.
    const last = answer.lastLines.get(name) ?? ''
    const wanted = inOrder(name, fill(value))
    const isSame =
      got !== undefined && (matches(wanted, inOrder(name, got)) || matches(wanted, inOrder(name, last)))
    if (!isSame) out.push(`${name}: ${shown(fill(value))} expected, not ${shown(got)}`)
  }
  for (const [name, value] of answer.headers) {
    if (watched.test(name) && !expected.has(name)) out.push(`${name}: not expected, got ${shown(value)}`)
  }
  return out
}

export function echoedDifferences(
  expected: Echoed,
  got: Echoed,
  fill: (text: string) => string
): readonly string[] {
  const out: string[] = []
  const same = (what: string, wanted: unknown, is: unknown): void => {
    if (wanted !== is) out.push(`${what}: ${shown(wanted)} expected, not ${shown(is)}`)
  }
  same('answered by', expected.name, got.name)
  same('role', expected.role, got.role)
  same('bytes of input', expected.stdin, got.stdin)
  if (expected.stdinSha256 !== undefined) same('SHA-256 of the input', expected.stdinSha256, got.stdinSha256)
  out.push(...paramDifferences(expected.params, got.params, fill))
  if (expected.env !== undefined) {
    const line = (env: ReadonlyMap<string, string> | undefined): string =>
      [...(env ?? [])]
        .map(([name, value]) => `${name}=${value}`)
        .sort()
        .join('\n')
    const wanted = fill(line(expected.env))
    if (!matches(wanted, line(got.env)))
      out.push(`environment: ${shown(wanted)} expected, not ${shown(line(got.env))}`)
  }
  return out
}

type Pairs = Echoed['params']

export function paramDifferences(
  expected: Pairs,
  got: Pairs,
  fill: (text: string) => string
): readonly string[] {
  const out: string[] = []
  const wanted = expected.map(([name, value]) => [name, fill(value)] as const)
  const names = (pairs: Pairs): string => pairs.map(([name]) => name).join(' ')
  if (names(wanted) !== names(got)) {
    const missing = wanted.map(([name]) => name).filter((name) => !got.some(([other]) => other === name))
    const extra = got.map(([name]) => name).filter((name) => !wanted.some(([other]) => other === name))
    out.push(
      missing.length + extra.length > 0
        ? `params: missing ${missing.join(' ') || 'none'}, too many ${extra.join(' ') || 'none'}`
        : `params: the order ${names(wanted)} expected, not ${names(got)}`
    )
  }
  for (const [name, value] of wanted) {
    const is = got.filter(([other]) => other === name).map(([, found]) => found)
    if (is.length > 0 && !is.some((found) => matches(value, found))) {
      out.push(`param ${name}: ${shown(value)} expected, not ${shown(is.join(' | '))}`)
    }
  }
  return out
}

function bodyDifferences(
  expected: Observation,
  answer: Answer,
  fill: (text: string) => string
): readonly string[] {
  const { body, status = 200 } = expected
  if (body === undefined) return []
  if (typeof body !== 'string') {
    const sha256 = createHash('sha256').update(answer.body).digest('hex')
    if (answer.body.length === body.length && sha256 === body.sha256) return []
    return [`body: ${String(body.length)} other bytes expected, not ${String(answer.body.length)}`]
  }
  // The page of an error or redirect may be worded otherwise; the server's own error pages are recorded empty.
  if (status >= 300 && (status < 400 || body === '')) return []
  const text = answer.body.toString('latin1')
  return matches(fill(body), text) ? [] : [`body: ${shown(body)} expected, not ${shown(text)}`]
}

export function echoedIn(answer: Answer): Echoed | undefined {
  const text = answer.body.toString('utf8')
  if (!text.startsWith('{"name":')) return undefined
  try {
    return readEchoed(JSON.parse(text))
  } catch {
    // A range cut out of the document is an ordinary body.
    return undefined
  }
}

/** Who answered a request that was sent several times. */
export function answeredBy(answer: Answer | undefined): string {
  if (answer === undefined) return 'closed'
  const name = echoedIn(answer)?.name ?? ''
  return name === '' ? String(answer.status) : name
}

export function matches(expected: string, got: string): boolean {
  if (!expected.includes('@ANY@')) return expected === got
  const pattern = expected.split('@ANY@').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${pattern.join('[^]*')}$`).test(got)
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
