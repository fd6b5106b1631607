import {
  literal,
  parseExpiry,
  parseSize,
  type ParamEntry,
  type ResponseRules,
  type Setting
} from '../../../model/index.js'
import { refuseValue } from './check.js'
import { headerForwarding, hiddenHeaders, hiddenOfServers, responseRules } from './constants.js'
import type { Level } from './level.js'
import { lastWord, type Protocol } from './pools.js'
import type { Item, Session } from './session.js'
import { setting } from './setting.js'
import { parseFlag } from './values.js'
import { readTemplate } from './variables.js'

/** What applications are told, and what becomes of their answers. */

export function readHeaders(session: Session, level: Level): Setting | undefined {
  const items = level.own('add_header')
  if (items.length === 0) return undefined
  const headers = items.flatMap((item) => {
    const [name, value, always] = item.directive.args
    if (name === undefined || value === undefined) return []
    if (always !== undefined && always.value !== 'always') {
      refuseValue(session, item, always.value, '`always`', session.word(item, always))
      return []
    }
    const { template, complete } = readTemplate(session, item, value)
    if (!complete) session.notReadYet(item)
    const isOne = /^(?:last-modified|etag)$/i.test(name.value)
    return [
      {
        name: name.value,
        value: template,
        always: always !== undefined,
        ...(isOne && { set: true as const })
      }
    ]
  })
  return setting('responseHeaders', headers, 'inherited', session.spans(items))
}

/** A level that sets one param has its own list. Headers come behind all of them. */
export function readParams(session: Session, level: Level): Setting | undefined {
  const items = level.inForce('fastcgi_param')
  const entries: ParamEntry[] = items.flatMap((item) => readParam(session, item) ?? [])
  const headers = level.inForce('fastcgi_pass_request_headers').at(-1)
  const forwards = parseFlag(headers?.directive.args[0]?.value ?? 'on') !== false
  if (forwards) entries.push({ kind: 'headers', rules: headerForwarding })
  return setting(
    'params',
    { entries, measured: true },
    'inherited',
    session.spans(headers === undefined ? items : [...items, headers])
  )
}

function readParam(session: Session, item: Item): ParamEntry | undefined {
  const known = session.params.get(item.directive)
  if (known !== undefined) return known
  const entry = readNewParam(session, item)
  if (entry !== undefined) session.params.set(item.directive, entry)
  return entry
}

function readNewParam(session: Session, item: Item): ParamEntry | undefined {
  const [name, value, third] = item.directive.args
  if (name === undefined || value === undefined) return undefined
  if (third !== undefined && third.value !== 'if_not_empty') {
    const span = session.word(item, third)
    const hint = 'a value that holds spaces must stand in quotes; the only third word is `if_not_empty`'
    session.refuse(
      'nginx/invalid-parameter',
      span,
      `Invalid parameter \`${third.value}\` of \`fastcgi_param\``,
      hint
    )
    return undefined
  }
  const { template, complete } = readTemplate(session, item, value)
  if (!complete) session.notReadYet(item)
  // `HTTP_X ""` only takes the header away; an empty variable is sent as an empty value.
  const takesAway = name.value.startsWith('HTTP_') && template.length === 0
  const omit = third !== undefined || takesAway ? 'empty' : 'never'
  return { kind: 'param', name: name.value, value: template, omit, origin: session.span(item) }
}

const responding = [
  'hide_header',
  'pass_header',
  'ignore_headers',
  'intercept_errors',
  'force_ranges',
  'catch_stderr',
  'limit_rate',
  'buffer_size',
  'buffering'
]

function respondingOf(protocol: Protocol): readonly string[] {
  return responding.map((name) => `${protocol}_${name}`)
}

export const respondingToFastcgi = respondingOf('fastcgi')

export function readResponse(session: Session, level: Level): Setting | undefined {
  const items = respondingToFastcgi.flatMap((name) => level.inForce(name))
  return setting('response', responseFrom(level, 'fastcgi'), 'inherited', session.spans(items))
}

/** What is done with the answers of one protocol. Hidden are those of nginx and of the list, but for those of the other list. */
export function responseFrom(level: Level, protocol: Protocol): ResponseRules {
  const named = (directive: string): readonly string[] =>
    level
      .inForce(`${protocol}_${directive}`)
      .flatMap((item) => item.directive.args.map(({ value }) => value.toLowerCase()))
  const last = (directive: string): string | undefined => lastWord(level, `${protocol}_${directive}`)
  const passed = new Set(named('pass_header'))
  const unasked = protocol === 'proxy' ? [...hiddenHeaders, ...hiddenOfServers] : hiddenHeaders
  const hidden = [...unasked, ...named('hide_header')].filter((name) => !passed.has(name))
  const connection = responseRules.hide.filter((name) => !hiddenHeaders.includes(name))
  const { redirectHeader, rateHeader, gathers, head, ...rest } = responseRules
  const heeds = (name: string): boolean => !named('ignore_headers').includes(name)
  const readRate = parseSize(last('limit_rate') ?? '', false) ?? 0
  const limit = parseSize(last('buffer_size') ?? '', false)
  const signs = level
    .inForce(`${protocol}_catch_stderr`)
    .flatMap((item) => item.directive.args.map(({ value }) => value))
  return {
    ...rest,
    hide: [...new Set([...hidden, ...connection])],
    ranges: parseFlag(last('force_ranges') ?? 'off') === true,
    rangesNeedLength: true as const,
    ...(redirectHeader !== undefined && heeds(redirectHeader) ? { redirectHeader } : {}),
    ...(rateHeader !== undefined && heeds(rateHeader) ? { rateHeader } : {}),
    ...(readRate === 0 ? {} : { readRate }),
    ...(gathers && {
      gathers: {
        bytes: gathers.bytes,
        byDefault: parseFlag(last('buffering') ?? 'on') !== false,
        ...(gathers.header !== undefined && heeds(gathers.header) && { header: gathers.header })
      }
    }),
    ...(head === undefined
      ? {}
      : {
          head: {
            ...head,
            ...(protocol === 'proxy' && { statusLine: true }),
            ...(limit === undefined ? {} : { limit }),
            ...(signs.length === 0 ? {} : { failsOnStderr: signs })
          }
        }),
    ...(parseFlag(last('intercept_errors') ?? 'off') === true ? { interceptFrom: 300 } : {})
  }
}

/** The media types that a charset is told with unless `charset_types` says others. */
const charsetTypes = [
  'text/html',
  'text/xml',
  'text/plain',
  'text/vnd.wap.wml',
  'application/javascript',
  'application/rss+xml'
]

/** `charset utf-8;` */
export function readCharset(session: Session, level: Level): Setting | undefined {
  const item = level.inForce('charset').at(-1)
  const word = item?.directive.args[0]
  if (item === undefined || word === undefined) return undefined
  // Only a `$` in first place makes a variable.
  const isMade = word.value.startsWith('$')
  const { template, complete } = isMade
    ? readTemplate(session, item, word)
    : { template: literal(word.value), complete: true }
  if (!complete) session.notReadYet(item)
  const types = level.inForce('charset_types')
  const words = types.flatMap(({ directive }) => directive.args.map(({ value }) => value.toLowerCase()))
  // `text/html` is always one of them.
  const value = {
    name: word.value === 'off' ? [] : template,
    types: words.length === 0 ? charsetTypes : ['text/html', ...words]
  }
  return setting('charset', value, 'inherited', session.spans([item, ...types]))
}

export const adding = ['add_before_body', 'add_after_body', 'addition_types'] as const

/** `add_before_body /head;`, `add_after_body /foot;`; an empty text takes one of an outer level away. */
export function readAdditions(session: Session, level: Level): Setting | undefined {
  const [before = '', after = ''] = adding.map((name) => lastWord(level, name))
  const words = level.inForce('addition_types').flatMap(({ directive }) => directive.args)
  const types = words.map(({ value }) => value.toLowerCase())
  const value = {
    ...(before === '' ? {} : { before }),
    ...(after === '' ? {} : { after }),
    types: types.includes('*') ? ('all' as const) : ['text/html', ...types]
  }
  return setting(
    'additions',
    value,
    'inherited',
    session.spans(adding.flatMap((name) => level.inForce(name)))
  )
}

/** `expires 30d;`, `expires modified +24h;`, `expires $age;` */
export function readExpiry(session: Session, level: Level): Setting | undefined {
  const item = level.last('expires')
  const [first, second] = item?.directive.args ?? []
  if (item === undefined || first === undefined) return undefined
  const word = second ?? first
  const origins = session.spans([item])
  if (second !== undefined && first.value !== 'modified') {
    refuseValue(session, item, first.value, '`modified`, or a time alone')
    return undefined
  }
  const of = second === undefined ? 'answer' : 'change'
  if (word.value.includes('$')) {
    const { template, complete } = readTemplate(session, item, word)
    if (!complete || of === 'change') session.notReadYet(item)
    return setting('expiry', { kind: 'computed', from: template }, 'inherited', origins)
  }
  const value = parseExpiry(word.value, of)
  if (value === undefined) {
    refuseValue(session, item, word.value, 'a time such as `30d`, `-1` or `@15h`, `epoch`, `max` or `off`')
    return undefined
  }
  return setting('expiry', value, 'inherited', origins)
}
