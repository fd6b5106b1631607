import type { Delivery, ErrorPage, HeaderChange, ResponseRules, SettingValues } from '../../model/index.js'
import { literal } from '../../model/index.js'
import { delivery, mostRanges, responseRules } from './behaviour.js'
import type { Held, Place } from './blocks.js'
import { flagOf, numberOf } from './options.js'

/** What is added to requests and answers (mod_setenv), and what answers in place of an error. */

interface Pair {
  readonly name: string
  readonly text: string
}

function pairsOf(held: Held | undefined): readonly Pair[] {
  if (held?.value.kind !== 'list') return []
  return held.value.entries.flatMap(({ key, value }) =>
    key === undefined || value.kind !== 'string' ? [] : [{ name: key, text: value.text }]
  )
}

/** What is set replaces what is added before it. */
export function readEnvironment(block: Place): SettingValues['environment'] {
  const set = new Map(
    pairsOf(block.find('setenv.set-environment')).map((pair) => [pair.name.toLowerCase(), pair])
  )
  const added = pairsOf(block.find('setenv.add-environment')).map(({ name, text }) => {
    const replaced = set.get(name.toLowerCase())
    set.delete(name.toLowerCase())
    return replaced === undefined
      ? ({ name, value: literal(text), joined: true } as const)
      : { name, value: literal(replaced.text) }
  })
  return [...added, ...[...set.values()].map(({ name, text }) => ({ name, value: literal(text) }))]
}

export function readRequestHeaders(block: Place): readonly HeaderChange[] {
  const changes = (directive: string, how: HeaderChange['how']): readonly HeaderChange[] =>
    pairsOf(block.find(directive)).map(({ name, text }) => ({ name, value: literal(text), how }))
  return [...changes('setenv.add-request-header', 'added'), ...changes('setenv.set-request-header', 'set')]
}

export function readResponseHeaders(block: Place): SettingValues['responseHeaders'] {
  return [
    ...pairsOf(block.find('setenv.add-response-header')).map(({ name, text }) => ({
      name,
      value: literal(text),
      always: true
    })),
    ...pairsOf(block.find('setenv.set-response-header')).map(({ name, text }) => ({
      name,
      value: literal(text),
      always: true,
      set: true as const
    }))
  ]
}

function isOn(block: Place, directive: string, otherwise: boolean): boolean {
  const held = block.find(directive)
  return (held && flagOf(held.value)) ?? otherwise
}

function isStreamed(block: Place): boolean {
  const held = block.find('server.stream-response-body')
  return ((held && numberOf(held.value, 16)) ?? 0) !== 0
}

/** Errors of applications are replaced where the server is asked to; those of an error handler are its answer. */
export function readResponseRules(block: Place): ResponseRules {
  const { heldBack: _, ...rules } = responseRules
  return {
    ...rules,
    ranges: isOn(block, 'server.range-requests', true),
    ...(!isStreamed(block) && { heldBack: true }),
    ...(isOn(block, 'server.error-intercept', false) && {
      interceptFrom: 400,
      interceptsAlways: true,
      interceptKeeps: ['www-authenticate'],
      keepsErrorPages: true
    })
  }
}

export function readDelivery(block: Place): Delivery {
  const { most: _, ...ranges } = delivery.ranges
  const served = isOn(block, 'server.range-requests', true)
  return { ...delivery, ranges: { ...ranges, most: served ? mostRanges : 0 } }
}

const everyError = Array.from({ length: 200 }, (_, index) => 400 + index)

/**
 * server.error-handler counts before server.error-handler-404, which in 1.4.69 answers for 403 too. With
 * server.error-intercept the answer of the former has the status of the error, whatever it says.
 */
export function readErrorPages(block: Place): readonly ErrorPage[] {
  const page = (
    directive: string,
    statuses: readonly number[],
    request: ErrorPage['request'],
    keptWithoutApplication: ErrorPage['keptWithoutApplication']
  ): readonly ErrorPage[] => {
    const held = block.find(directive)
    if (held?.value.kind !== 'string' || held.value.text === '') return []
    const isHandler = request === 'without-body'
    const isKept = isHandler && isOn(block, 'server.error-intercept', false)
    return [
      {
        statuses,
        to: { kind: 'uri', uri: literal(held.value.text), inside: true },
        status: isKept ? { kind: 'kept' } : { kind: 'of-answer' },
        ...(keptWithoutApplication && { keptWithoutApplication }),
        ...(request && { request }),
        ...(request === 'without-body' && { anew: true }),
        origin: held.origin
      }
    ]
  }
  return [
    ...page('server.error-handler', everyError, 'without-body', 'always'),
    ...page('server.error-handler-404', [403, 404], 'as-it-came', 'same-error')
  ]
}
