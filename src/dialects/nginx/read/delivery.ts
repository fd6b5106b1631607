import { parseSize, parseTime, type Delivery, type KeepAlive, type Setting } from '../../../model/index.js'
import { refuseValue } from './check.js'
import type { Level } from './level.js'
import { lastWord } from './pools.js'
import type { Session } from './session.js'
import { setting } from './setting.js'
import { readTemplate } from './variables.js'
import { parseFlag, parseNumber } from './values.js'

/** How files are sent, and how long clients' connections last. */

export const nginxDelivery: Delivery = {
  etag: 'change-size',
  modifiedSince: 'exact',
  conditions: 'all',
  currentMethod: true,
  failedCondition: 'error',
  ranges: { malformed: 'unsatisfiable', several: 'multipart', empty: 'whole' }
}

/** `ngx_http_send_special_response` ends the connection behind these. */
const endsBehind = [400, 413, 414, 494, 495, 496, 497, 500, 501]

export const nginxKeepAlive: KeepAlive = {
  idle: 75,
  requests: 1000,
  life: 3600,
  except: ['msie6-post'],
  announced: true,
  endsBehind
}

export const delivering = ['max_ranges', 'etag', 'if_modified_since']

const comparisons: Readonly<Record<string, Delivery['modifiedSince']>> = {
  exact: 'exact',
  before: 'not-newer',
  off: 'ignored'
}

export function readDelivery(session: Session, level: Level): Setting | undefined {
  const most = parseNumber(lastWord(level, 'max_ranges') ?? '')
  const value: Delivery = {
    ...nginxDelivery,
    etag: parseFlag(lastWord(level, 'etag') ?? 'on') === false ? 'none' : nginxDelivery.etag,
    modifiedSince: comparisons[lastWord(level, 'if_modified_since')?.toLowerCase() ?? 'exact'] ?? 'exact',
    ranges: { ...nginxDelivery.ranges, ...(most === undefined ? {} : { most }) }
  }
  const items = delivering.flatMap((name) => level.inForce(name))
  return setting('delivery', value, 'inherited', session.spans(items))
}

export const listing = ['autoindex', 'autoindex_format', 'autoindex_exact_size', 'autoindex_localtime']

/** How a folder is shown; what the others say stays for places inside that switch it on. */
export function readListing(session: Session, level: Level): Setting | undefined {
  const said = (name: string, otherwise: boolean): boolean =>
    parseFlag(lastWord(level, name) ?? '') ?? otherwise
  const word = lastWord(level, 'autoindex_format')?.toLowerCase()
  const form = listingForms.find((each) => each === word) ?? 'html'
  const sizes = said('autoindex_exact_size', true) ? 'exact' : 'rounded'
  const times = said('autoindex_localtime', false) ? 'local' : 'utc'
  const items = listing.flatMap((name) => level.inForce(name))
  return setting(
    'listing',
    said('autoindex', false) ? { form, sizes, times } : null,
    'inherited',
    session.spans(items)
  )
}

const listingForms = ['html', 'xml', 'json', 'jsonp'] as const

export const pacing = ['limit_rate', 'limit_rate_after']

export function readSendRate(session: Session, level: Level): Setting | undefined {
  const items = pacing.flatMap((name) => level.inForce(name))
  const [rate = 0, after = 0] = pacing.map((name) => {
    const item = level.inForce(name).at(-1)
    const word = item?.directive.args[0]
    if (item === undefined || word === undefined) return undefined
    if (word.value.includes('$')) {
      const { template, complete } = readTemplate(session, item, word)
      if (!complete) session.notReadYet(item)
      return template
    }
    const size = parseSize(word.value, false)
    if (size === undefined)
      refuseValue(session, item, word.value, 'a size such as `100k`', session.word(item, word))
    return size
  })
  const value = rate === 0 && after === 0 ? null : { bytesPerSecond: rate, after }
  return setting('sendRate', value, 'inherited', session.spans(items))
}

export const keeping = ['keepalive_timeout', 'keepalive_requests', 'keepalive_time', 'keepalive_disable']

export function readKeepAlive(session: Session, level: Level): Setting | undefined {
  const [idle, header = 0] = timeouts(session, level)
  const value: KeepAlive = {
    ...nginxKeepAlive,
    idle: idle ?? nginxKeepAlive.idle,
    // Whole seconds are told, and none where there are none.
    ...(header >= 1 ? { told: Math.floor(header) } : {}),
    requests: parseNumber(lastWord(level, 'keepalive_requests') ?? '') ?? nginxKeepAlive.requests,
    life: parseTime(lastWord(level, 'keepalive_time') ?? '', 'ms') ?? nginxKeepAlive.life,
    except: exceptions(level)
  }
  const items = keeping.flatMap((name) => level.inForce(name))
  return setting('keepAlive', value, 'inherited', session.spans(items))
}

/** The time a connection waits, and the one that is told. */
function timeouts(session: Session, level: Level): readonly (number | undefined)[] {
  const item = level.inForce('keepalive_timeout').at(-1)
  if (item === undefined) return []
  return item.directive.args.map((word) => {
    const seconds = parseTime(word.value, 'ms')
    if (seconds === undefined)
      refuseValue(session, item, word.value, 'a time such as `75s`', session.word(item, word))
    return seconds
  })
}

function exceptions(level: Level): KeepAlive['except'] {
  const item = level.inForce('keepalive_disable').at(-1)
  if (item === undefined) return nginxKeepAlive.except
  const words = item.directive.args.map(({ value }) => value.toLowerCase())
  return [
    ...(words.includes('msie6') ? ['msie6-post' as const] : []),
    ...(words.includes('safari') ? ['safari' as const] : [])
  ]
}
