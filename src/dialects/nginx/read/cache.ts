import { parseSize, parseTime, type CacheRules, type CacheZone, type Setting } from '../../../model/index.js'
import { refuseValue } from './check.js'
import type { Level } from './level.js'
import type { Item, Session } from './session.js'
import { setting } from './setting.js'
import { lastWord } from './pools.js'
import { parseFlag, parseNumber } from './values.js'
import { readTemplate } from './variables.js'

export const cacheRules = [
  'fastcgi_cache',
  'fastcgi_cache_key',
  'fastcgi_cache_valid',
  'fastcgi_cache_bypass',
  'fastcgi_no_cache',
  'fastcgi_cache_methods',
  'fastcgi_cache_min_uses',
  'fastcgi_cache_use_stale',
  'fastcgi_cache_lock',
  'fastcgi_cache_lock_timeout',
  'fastcgi_cache_lock_age',
  'fastcgi_cache_revalidate',
  'fastcgi_cache_background_update',
  'fastcgi_cache_max_range_offset'
]

/** Which answers are kept, and for whom. The file itself says only where (`fastcgi_cache_path`). */
export function readCache(session: Session, level: Level): Setting | undefined {
  const zone = level.inForce('fastcgi_cache').at(-1)
  const key = level.inForce('fastcgi_cache_key').at(-1)
  const text = (item: Item | undefined): CacheRules['zone'] => {
    const word = item?.directive.args[0]
    if (item === undefined || word === undefined || (item === zone && word.value === 'off')) return []
    const { template, complete } = readTemplate(session, item, word)
    if (!complete) session.notReadYet(item)
    return template
  }
  const texts = (name: string): CacheRules['bypass'] =>
    level.inForce(name).flatMap((item) =>
      item.directive.args.map((word) => {
        const { template, complete } = readTemplate(session, item, word)
        if (!complete) session.notReadYet(item)
        return template
      })
    )
  const methods = level.inForce('fastcgi_cache_methods').flatMap(({ directive }) => directive.args)
  const items = cacheRules.flatMap((name) => level.inForce(name))
  const value: CacheRules = {
    zone: text(zone),
    key: text(key),
    valid: level.inForce('fastcgi_cache_valid').flatMap((item) => readValid(session, item) ?? []),
    bypass: texts('fastcgi_cache_bypass'),
    without: texts('fastcgi_no_cache'),
    // These two are kept whatever the list says.
    methods: [...new Set(['GET', 'HEAD', ...methods.map((word) => word.value.toUpperCase())])],
    ...readRenewal(level)
  }
  // The key of a part may stand in the main file.
  const isComplete = !session.fragment
  if (isComplete && zone !== undefined && key === undefined && level.own('fastcgi_cache').includes(zone)) {
    const message = 'No `fastcgi_cache_key` is in force here: all answers share one key'
    session.warn(
      'nginx/no-cache-key',
      session.head(zone),
      message,
      'write `fastcgi_cache_key "$scheme$request_method$host$request_uri";`'
    )
  }
  return setting('cache', value, 'inherited', session.spans(items))
}

/** When an answer is kept, given although it is old, and who computes it anew. */
function readRenewal(level: Level): Partial<CacheRules> {
  const word = (name: string): string | undefined => lastWord(level, `fastcgi_cache_${name}`)
  const isOn = (name: string): boolean => parseFlag(word(name) ?? 'off') === true
  const seconds = (name: string, otherwise: number): number => parseTime(word(name) ?? '', 'ms') ?? otherwise
  const uses = parseNumber(word('min_uses') ?? '')
  const ranges = parseSize(word('max_range_offset') ?? '', true)
  const stale = level
    .inForce('fastcgi_cache_use_stale')
    .flatMap(({ directive }) => directive.args.map(({ value }) => value.toLowerCase()))
  return {
    ...(uses === undefined ? {} : { minimumUses: uses }),
    ...(stale.length === 0 || stale.includes('off') ? {} : { stale }),
    ...(isOn('lock') ? { lock: { wait: seconds('lock_timeout', 5), again: seconds('lock_age', 5) } } : {}),
    ...(isOn('revalidate') ? { revalidates: true } : {}),
    ...(isOn('background_update') ? { renewsBehind: true } : {}),
    ...(ranges === undefined ? {} : { rangesUpTo: ranges })
  }
}

/** `fastcgi_cache_valid 200 302 10m;`, `fastcgi_cache_valid any 1m;`, `fastcgi_cache_valid 5m;` */
function readValid(session: Session, item: Item): CacheRules['valid'][number] | undefined {
  const words = item.directive.args.map(({ value }) => value)
  const time = words.pop() ?? ''
  const seconds = parseTime(time, 's')
  if (seconds === undefined) {
    refuseValue(session, item, time, 'a time such as `10m` as the last word')
    return undefined
  }
  if (words.includes('any')) return { statuses: 'any', seconds }
  const statuses = words.map(parseNumber)
  const wrong = words.find((_, index) => {
    const status = statuses[index]
    return status === undefined || status < 100 || status > 599
  })
  if (wrong !== undefined) {
    refuseValue(session, item, wrong, 'a status from 100 to 599, or `any`')
    return undefined
  }
  const known = statuses.filter((status) => status !== undefined)
  return { statuses: known.length === 0 ? [200, 301, 302] : known, seconds }
}

/** `fastcgi_cache_path PATH levels=1:2 keys_zone=NAME:SIZE inactive=60m …;` */
export function readCacheZones(session: Session, http: Level): readonly CacheZone[] {
  return http.own('fastcgi_cache_path').flatMap((item) => {
    const [path, ...parameters] = item.directive.args
    let name = ''
    let inactive = 600
    for (const word of parameters) {
      const { key, value } = parameter(word.value)
      const isRight = key === 'keys_zone' ? isZone(value) : (shapes.get(key)?.(value) ?? false)
      if (!isRight) {
        refuseValue(
          session,
          item,
          word.value,
          'a parameter such as `keys_zone=NAME:10m`',
          session.word(item, word)
        )
        return []
      }
      if (key === 'keys_zone') name = value.slice(0, value.indexOf(':'))
      if (key === 'inactive') inactive = parseTime(value, 's') ?? inactive
    }
    if (name === '' || path === undefined) {
      const message = '`fastcgi_cache_path` needs `keys_zone=NAME:SIZE`'
      session.refuse('nginx/invalid-parameter', session.head(item), message, 'write `keys_zone=NAME:10m`')
      return []
    }
    return [{ name, path: path.value, inactive, origin: session.span(item) }]
  })
}

function parameter(text: string): { readonly key: string; readonly value: string } {
  const equals = text.indexOf('=')
  return { key: text.slice(0, Math.max(equals, 0)), value: text.slice(equals + 1) }
}

function isZone(text: string): boolean {
  const colon = text.indexOf(':')
  const size = parseSize(text.slice(colon + 1), false)
  return colon > 0 && size !== undefined && size >= 2 * 4096
}

const isTime = (unit: 's' | 'ms') => (text: string) => parseTime(text, unit) !== undefined
const isNumber = (text: string): boolean => parseNumber(text) !== undefined

const shapes: ReadonlyMap<string, (text: string) => boolean> = new Map<string, (text: string) => boolean>([
  ['levels', (text) => /^[12](?::[12]){0,2}$/.test(text)],
  ['use_temp_path', (text) => text === 'on' || text === 'off'],
  ['inactive', isTime('s')],
  ['max_size', (text) => parseSize(text, true) !== undefined],
  ['min_free', (text) => parseSize(text, true) !== undefined],
  ['loader_files', isNumber],
  ['loader_sleep', isTime('ms')],
  ['loader_threshold', isTime('ms')],
  ['manager_files', isNumber],
  ['manager_sleep', isTime('ms')],
  ['manager_threshold', isTime('ms')]
])
