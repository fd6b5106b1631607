import { always, type Match, type ParamChange } from '../../../model/index.js'
import type { BalancerLine } from './balancers.js'
import { filledValue, parseExpression } from './expression.js'
import type { Line, Word } from './line.js'
import { regex } from './patterns.js'
import { setting, type Pass, type Place, type WorkerLine } from './place.js'
import { parseBackend, runtimeDirectory } from './proxy.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'
import { unclear } from './unclear.js'
import { workerParameters } from './workers.js'

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''

/** mod_proxy and mod_proxy_fcgi. */
export const passingHandlers: readonly (readonly [string, Handler])[] = [
  ['ProxySet', proxySet],
  ['BalancerMember', balancerMember],
  [
    'ProxyPassInherit',
    (line, place) => {
      place.server.inherits.passes = value(line).toLowerCase() === 'on'
      return undefined
    }
  ],
  [
    'BalancerInherit',
    (line, place) => {
      place.server.inherits.balancers = value(line).toLowerCase() === 'on'
      return undefined
    }
  ],
  ['ProxyFCGISetEnvIf', changeParam],
  [
    'ProxyErrorOverride',
    (line, place, reader) => {
      const [first = '', ...codes] = line.words.map((word) => word.value)
      const statuses = codes.map(Number)
      if (!/^(?:on|off)$/i.test(first) || statuses.some((code) => !(code >= 400 && code <= 599))) {
        const message = '`ProxyErrorOverride` takes `On` or `Off`, and statuses from 400 to 599'
        reader.report.refuse('bad-arguments', line.span, message)
        return undefined
      }
      const ownErrors =
        first.toLowerCase() !== 'on' ? [] : statuses.length === 0 ? ('all' as const) : statuses
      place.settings.push(setting('ownErrors', ownErrors, line.span))
      return undefined
    }
  ],
  ['ProxyPass', pass],
  ['ProxyPassMatch', pass],
  [
    'ProxyTimeout',
    (line, place, reader) => {
      if (!/^[1-9]\d*s?$/.test(value(line))) {
        const hint = 'write whole seconds'
        reader.report.refuse('bad-arguments', line.span, '`ProxyTimeout` must be at least 1 second', hint)
        return undefined
      }
      place.server.proxyTimeout = Number.parseInt(value(line), 10)
      return undefined
    }
  ],
  [
    'ProxyFCGIBackendType',
    (line, place, reader) => {
      const type = value(line).toUpperCase() === 'GENERIC' ? 'GENERIC' : 'FPM'
      reader.backendTypes.push({ type, place })
      return undefined
    }
  ]
]

/** `ProxyPass /app/ fcgi://127.0.0.1:9000/srv/ timeout=5`, `ProxyPass /static !`, one word in a Location. */
function pass(line: Line, place: Place, reader: Reader): Said {
  const byRegex = line.name === 'ProxyPassMatch'
  const inSection = place.context !== 'main' && place.context !== 'vhost'
  const [first, ...others] = line.words
  if (first === undefined) return undefined
  const target = inSection ? first : others[0]
  const parameters = inSection ? others : others.slice(1)
  if (target === undefined) {
    reader.report.refuse('bad-arguments', line.span, `\`${line.name}\` needs a path and a URL`)
    return undefined
  }
  const kind = /^balancer:/i.test(target.value) ? 'balancer' : 'application'
  const settings = workerParameters(line.name, kind, parameters, reader.report)
  const match = matchOf(inSection ? place.path : first.value, byRegex)
  if (match === undefined) return notReadYet
  const entry: Omit<Pass, 'backend'> = {
    match,
    condition: inSection ? place.condition : always,
    span: line.span,
    raw: parameters.some((word) => word.value.toLowerCase() === 'nocanon'),
    parameters: settings
  }
  const list = inSection ? place.server.sectionPasses : place.server.passes
  if (target.value === '!') {
    list.push({ ...entry, backend: undefined })
    return undefined
  }
  if (!/^(unix:[^|]*\|)?[a-z][a-z0-9+.-]*:\/\//i.test(target.value)) {
    reader.report.refuse(
      'bad-url',
      target.span,
      `\`${target.value}\` is no absolute URL`,
      'write `fcgi://host:port/path`'
    )
    return undefined
  }
  const backend = parseBackend(target.value, runtimeDirectory)
  if (backend === undefined) {
    // Another scheme takes these URLs as well: what stands behind must not answer in its place.
    list.push({ ...entry, backend: { unread: target.value } })
    return notReadYet
  }
  list.push({ ...entry, backend })
  return undefined
}

function matchOf(text: string | undefined, byRegex: boolean): Match | undefined {
  if (text === undefined) return undefined
  if (byRegex) return { kind: 'regex', regex: regex(text) }
  return { kind: 'prefix', value: text, segments: !text.endsWith('/') }
}

/** In a `<Proxy>` section the worker or balancer is the section's, elsewhere it is named first. */
function proxySet(line: Line, place: Place, reader: Reader): Said {
  const section = place.worker ?? place.balancer
  const [first, ...others] = line.words
  const target = section ?? named(first, place, line)
  if (target === undefined) return notReadYet
  const words = section === undefined ? others : line.words
  const kind = 'members' in target ? 'balancer' : 'application'
  for (const [key, text] of workerParameters(line.name, kind, words, reader.report))
    target.parameters.set(key, text)
  target.sets.push(line.span)
  return undefined
}

/** The worker or balancer of a URL, made where no section defines it. */
function named(
  word: Word | undefined,
  { server }: Place,
  { span }: Line
): WorkerLine | BalancerLine | undefined {
  const backend = word === undefined ? undefined : parseBackend(word.value, runtimeDirectory)
  if (backend === undefined) return undefined
  if (backend.kind === 'balancer') {
    const known = server.balancers.find(({ origin }) => origin === backend.origin)
    const balancer = known ?? { origin: backend.origin, parameters: new Map(), members: [], span, sets: [] }
    if (known === undefined) server.balancers.push(balancer)
    return balancer
  }
  const url = (one: WorkerLine): string => one.backend.origin + one.backend.path
  const known = server.workers.find((one) => url(one) === backend.origin + backend.path)
  const worker = known ?? { backend, parameters: new Map(), span, sets: [] }
  if (known === undefined) server.workers.push(worker)
  return worker
}

/** `BalancerMember [balancer://name] fcgi://127.0.0.1:9000 route=a` */
function balancerMember(line: Line, place: Place, reader: Reader): Said {
  const [first, ...others] = line.words
  const elsewhere = place.balancer === undefined ? named(first, place, line) : undefined
  const balancer =
    place.balancer ?? (elsewhere !== undefined && 'members' in elsewhere ? elsewhere : undefined)
  const [url, ...parameters] = place.balancer === undefined ? others : line.words
  if (balancer === undefined || url === undefined) {
    const hint = 'put it into `<Proxy balancer://name>`, or name the balancer first'
    reader.report.refuse('bad-arguments', line.span, '`BalancerMember` needs a balancer and a URL', hint)
    return undefined
  }
  const read = workerParameters(line.name, 'application', parameters, reader.report)
  balancer.members.push({ url, parameters: read, span: line.span })
  return /^(unix:[^|]*\|)?fcgi:/i.test(url.value) ? undefined : notReadYet
}

/** `ProxyFCGISetEnvIf "expr" NAME ["value"]`, `ProxyFCGISetEnvIf "expr" !NAME` */
function changeParam(line: Line, place: Place, reader: Reader): Said {
  const [condition, name = '', text] = line.words.map((word) => word.value)
  const removed = name.startsWith('!')
  if (removed && text !== undefined) {
    reader.report.refuse(
      'bad-arguments',
      line.words[2]?.span ?? line.span,
      `\`ProxyFCGISetEnvIf\` takes no value where \`${name}\` is taken away`,
      'leave the value out'
    )
    return undefined
  }
  const when = parseExpression(condition ?? '')
  if (!('condition' in when)) return unclear(when, line, place, reader)
  const filled = filledValue(text ?? '')
  if ('wrong' in filled || 'unread' in filled) return unclear(filled, line, place, reader)
  const change: ParamChange = {
    name: removed ? name.slice(1) : name,
    when: when.condition,
    ...(removed ? {} : { value: filled }),
    origin: line.span
  }
  place.settings.push(setting('paramChanges', [change], line.span))
  return undefined
}
