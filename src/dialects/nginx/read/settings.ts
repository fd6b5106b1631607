import type { Span } from '../../../diagnostics/index.js'
import { parseSize, type ErrorPage, type Setting, type TryFiles } from '../../../model/index.js'
import { guards, isNetwork, readAccess, readAuthentication } from './access.js'
import { refuseValue } from './check.js'
import { headerForwarding, mediaTypes, oneMegabyte, responseRules } from './constants.js'
import { cacheRules, readCache } from './cache.js'
import {
  delivering,
  keeping,
  listing,
  nginxDelivery,
  nginxKeepAlive,
  pacing,
  readDelivery,
  readKeepAlive,
  readListing,
  readSendRate
} from './delivery.js'
import {
  adding,
  readAdditions,
  readCharset,
  readExpiry,
  readHeaders,
  readParams,
  readResponse,
  respondingToFastcgi
} from './exchange.js'
import { expand, resolvePath } from './files.js'
import type { Level } from './level.js'
import { atATime, inATime, readConnectionLimits, readRequestLimits } from './limits.js'
import { nameOf, type Item, type Session } from './session.js'
import { readSplit, splitting } from './script.js'
import { setting } from './setting.js'
import { lastWord } from './pools.js'
import { readUndecided, undecidedNames } from './undecided.js'
import { parseFlag, parseNumber } from './values.js'
import { readTemplate, readText } from './variables.js'

/** What a level says about its requests, apart from what answers them. */
export function readSettings(session: Session, level: Level): readonly Setting[] {
  const settings: Setting[] = []
  for (const { read } of readersFor(level)) {
    const found = read(session, level)
    if (found !== undefined) settings.push(found)
  }
  return settings
}

/** What holds where nothing is said. */
export function defaultSettings(session: Session): readonly Setting[] {
  const html = [{ kind: 'text', text: resolvePath(session.prefix, 'html') }] as const
  return [
    setting('root', { kind: 'root', path: html }, 'inherited'),
    setting('index', { names: [[{ kind: 'text', text: 'index.html' }]], how: 'redirect' }, 'inherited'),
    setting('maxBodySize', oneMegabyte, 'inherited'),
    setting('mediaTypes', mediaTypes, 'inherited'),
    setting('defaultMediaType', 'text/plain', 'inherited'),
    setting('serverName', [], 'inherited'),
    setting('serverSoftware', `nginx/${session.version}`, 'inherited'),
    setting('params', { entries: [{ kind: 'headers', rules: headerForwarding }] }, 'inherited'),
    setting('response', responseRules, 'inherited'),
    setting('delivery', nginxDelivery, 'inherited'),
    setting('keepAlive', nginxKeepAlive, 'inherited')
  ]
}

interface Reader {
  /** What it reads: it is asked where a level says one of these, as hardly any level says much. */
  readonly names: readonly string[]
  readonly read: (session: Session, level: Level) => Setting | undefined
}

const redirectForms = ['absolute_redirect', 'server_name_in_redirect', 'port_in_redirect']
const realip = ['set_real_ip_from', 'real_ip_header', 'real_ip_recursive']

/** In the order of their settings. */
const readers: readonly Reader[] = [
  { names: ['alias', 'root'], read: readRoot },
  { names: ['index'], read: readIndex },
  { names: ['try_files'], read: readTryFiles },
  { names: ['internal'], read: readInternal },
  { names: ['client_max_body_size'], read: readMaxBodySize },
  { names: ['types'], read: readMediaTypes },
  { names: ['default_type'], read: readDefaultType },
  { names: ['error_page'], read: readErrorPages },
  { names: ['recursive_error_pages'], read: readRecursion },
  { names: redirectForms, read: readOwnRedirects },
  { names: realip, read: readRealAddress },
  { names: ['charset', 'charset_types'], read: readCharset },
  { names: adding, read: readAdditions },
  { names: ['expires'], read: readExpiry },
  { names: cacheRules, read: readCache },
  { names: ['allow', 'deny'], read: readAccess },
  { names: guards, read: readAuthentication },
  { names: ['add_header'], read: readHeaders },
  { names: ['fastcgi_param', 'fastcgi_pass_request_headers'], read: readParams },
  { names: respondingToFastcgi, read: readResponse },
  { names: splitting, read: readSplit },
  { names: delivering, read: readDelivery },
  { names: keeping, read: readKeepAlive },
  { names: listing, read: readListing },
  { names: pacing, read: readSendRate },
  { names: inATime, read: readRequestLimits },
  { names: atATime, read: readConnectionLimits },
  { names: undecidedNames, read: readUndecided },
  { names: ['disable_symlinks', 'large_client_header_buffers', 'source_charset'], read: checkWords }
]

interface Placed extends Pick<Reader, 'read'> {
  readonly place: number
}

const readersByName = new Map<string, Placed[]>()
for (const [place, { names, read }] of readers.entries()) {
  const placed = { place, read }
  for (const name of names) {
    const known = readersByName.get(name)
    if (known === undefined) readersByName.set(name, [placed])
    else known.push(placed)
  }
}

function readersFor(level: Level): readonly Placed[] {
  const wanted: Placed[] = []
  for (const name of level.names()) {
    for (const reader of readersByName.get(name) ?? noReaders) {
      if (wanted.includes(reader)) continue
      const next = wanted.findIndex(({ place }) => place > reader.place)
      wanted.splice(next === -1 ? wanted.length : next, 0, reader)
    }
  }
  return wanted
}

const noReaders: readonly Placed[] = []

/** A final slash of `root` is cut; a relative path hangs on the prefix. An alias is taken as it is written. */
function readRoot(session: Session, level: Level): Setting | undefined {
  const alias = level.last('alias')
  const root = level.last('root')
  if (alias !== undefined && root !== undefined) {
    const [first, second] = alias.directive.start < root.directive.start ? [alias, root] : [root, alias]
    const related = [{ span: session.head(first), message: 'it stands here first' }]
    session.refuse(
      'nginx/duplicate-directive',
      session.head(second),
      '`root` and `alias` in one block',
      'remove one of the two',
      related
    )
  }
  const item = alias ?? root
  const word = item?.directive.args[0]
  if (item === undefined || word === undefined) return undefined
  const name = nameOf(item.directive)
  const own = /\$\{?(document_root|realpath_root)\b/.exec(word.value)?.[1]
  if (own !== undefined) {
    const message = `\`$${own}\` cannot be used in \`${name}\`: this directive is what gives it its value`
    session.refuse(
      'nginx/invalid-value',
      session.word(item, word),
      message,
      'write the path, or a variable of your own'
    )
    return undefined
  }
  const text = name === 'root' ? word.value.replace(/(.)\/$/, '$1') : word.value
  const path = text.startsWith('$') ? text : resolvePath(session.prefix, text)
  const { template, complete } = readText(
    session,
    path === '/' && name === 'root' ? '' : path,
    session.word(item, word)
  )
  if (!complete) session.notReadYet(item)
  const origins = session.spans([item])
  if (alias === undefined) {
    // What variables end with is not known here.
    const asWritten = template.some(({ kind }) => kind !== 'text') ? { asWritten: true as const } : {}
    return setting('root', { kind: 'root', path: template, ...asWritten }, 'inherited', origins)
  }
  const location = level.head?.directive.args ?? []
  const head = location.map(({ value }) => value).join(' ')
  if (/^~(?!\/)|^~\*/.test(head))
    return setting('root', { kind: 'whole', path: template }, 'inherited', origins)
  const prefixLength = head.replace(/^(?:=|\^~) ?/, '').length
  return setting('root', { kind: 'alias', path: template, prefixLength }, 'inherited', origins)
}

function readIndex(session: Session, level: Level): Setting | undefined {
  const items = level.own('index')
  if (items.length === 0) return undefined
  const names = items.flatMap((item) =>
    item.directive.args.flatMap((word) => {
      if (word.value === '') {
        session.refuse(
          'nginx/invalid-value',
          session.word(item, word),
          'An empty name in `index`',
          'remove it'
        )
        return []
      }
      const { template, complete } = readTemplate(session, item, word)
      if (!complete) session.notReadYet(item)
      return [template]
    })
  )
  return setting('index', { names, how: 'redirect' }, 'inherited', session.spans(items))
}

function readTryFiles(session: Session, level: Level): Setting | undefined {
  const item = level.last('try_files')
  const last = item?.directive.args.at(-1)
  if (item === undefined || last === undefined) return undefined
  const candidates = item.directive.args.slice(0, -1).map((word) => {
    const directory = word.value.endsWith('/')
    const text = directory ? word.value.slice(0, -1) : word.value
    const { template, complete } = readText(session, text, session.word(item, word))
    if (!complete) session.notReadYet(item)
    return { path: template, what: directory ? ('directory' as const) : ('file' as const) }
  })
  const end = readLast(session, item, last.value, session.word(item, last))
  return end && setting('tryFiles', { candidates, last: end }, 'own', session.spans([item]))
}

function readLast(session: Session, item: Item, text: string, span: Span): TryFiles['last'] | undefined {
  if (text.startsWith('=')) {
    const status = parseNumber(text.slice(1))
    if (status === undefined || status > 999) {
      refuseValue(session, item, text, '`=` and a status', span)
      return undefined
    }
    return { kind: 'status', status }
  }
  if (text.startsWith('@')) return { kind: 'named', name: text }
  const { template, complete } = readText(session, text, span)
  if (!complete) session.notReadYet(item)
  return { kind: 'uri', to: template }
}

function readInternal(session: Session, level: Level): Setting | undefined {
  const items = level.own('internal')
  return items.length === 0 ? undefined : setting('internalOnly', true, 'inherited', session.spans(items))
}

function readMaxBodySize(session: Session, level: Level): Setting | undefined {
  const item = level.last('client_max_body_size')
  const size = parseSize(item?.directive.args[0]?.value ?? '', true)
  if (item === undefined || size === undefined) return undefined
  return setting('maxBodySize', size, 'inherited', session.spans([item]))
}

/** `types { text/html html htm; }`; what is included into it belongs to it. */
function readMediaTypes(session: Session, level: Level): Setting | undefined {
  const blocks = level.own('types')
  if (blocks.length === 0) return undefined
  const types = blocks.flatMap(({ directive: { body }, file }) =>
    body.kind !== 'block'
      ? []
      : expand(session, body.statements, file).flatMap((item) => {
          const { directive } = item
          if (nameOf(directive) !== 'include') {
            return directive.args.map(({ value }) => ({ extension: `.${value}`, type: directive.name.value }))
          }
          session.record(item, { kind: 'structure' })
          return []
        })
  )
  return setting('mediaTypes', types, 'inherited', session.spans(blocks))
}

function readDefaultType(session: Session, level: Level): Setting | undefined {
  const item = level.last('default_type')
  const type = item?.directive.args[0]?.value
  if (item === undefined || type === undefined) return undefined
  return setting('defaultMediaType', type, 'inherited', session.spans([item]))
}

function readErrorPages(session: Session, level: Level): Setting | undefined {
  const items = level.own('error_page')
  if (items.length === 0) return undefined
  const pages = items.flatMap((item) => readErrorPage(session, item) ?? [])
  return setting('errorPages', pages, 'inherited', session.spans(items))
}

/** `error_page 404 500 =200 /sorry.html;` */
function readErrorPage(session: Session, item: Item): ErrorPage | undefined {
  const words = [...item.directive.args]
  const target = words.pop()
  if (target === undefined) return undefined
  const answer = words.at(-1)?.value.startsWith('=') === true ? words.pop()?.value : undefined
  const statuses = words.map(({ value }) => parseNumber(value))
  const wrong = words.find((_, index) => !isErrorStatus(statuses[index]))
  if (wrong !== undefined || statuses.length === 0) {
    refuseValue(session, item, wrong?.value ?? '', 'a status from 300 to 599, not 499')
    return undefined
  }
  const fixed = answer === undefined || answer === '=' ? undefined : parseNumber(answer.slice(1))
  if (answer !== undefined && answer !== '=' && fixed === undefined) {
    refuseValue(session, item, answer, '`=` or `=` and a status')
    return undefined
  }
  const status =
    answer === undefined
      ? ({ kind: 'kept' } as const)
      : fixed === undefined
        ? ({ kind: 'of-answer' } as const)
        : ({ kind: 'fixed', status: fixed } as const)
  const origin = session.span(item)
  const codes = statuses.filter((code) => code !== undefined)
  const page = { statuses: codes, status, keepsChallenge: true, origin } as const
  if (target.value.startsWith('@')) return { ...page, to: { kind: 'named', name: target.value } }
  const { template, complete } = readTemplate(session, item, target)
  if (!complete) session.notReadYet(item)
  return { ...page, to: { kind: 'uri', uri: template }, asWritten: true }
}

function readRecursion(session: Session, level: Level): Setting | undefined {
  const item = level.last('recursive_error_pages')
  if (item === undefined) return undefined
  const isOn = parseFlag(item.directive.args[0]?.value ?? '') === true
  return setting('recursiveErrorPages', isOn, 'inherited', session.spans([item]))
}

function readOwnRedirects(session: Session, level: Level): Setting | undefined {
  const flag = (name: string, otherwise: boolean): boolean =>
    parseFlag(lastWord(level, name) ?? '') ?? otherwise
  const items = redirectForms.flatMap((name) => level.inForce(name))
  const value = {
    form: flag('absolute_redirect', true) ? ('absolute' as const) : ('relative' as const),
    host: flag('server_name_in_redirect', false) ? ('server-name' as const) : ('asked' as const),
    port: flag('port_in_redirect', true)
  }
  return setting('ownRedirects', value, 'inherited', session.spans(items))
}

/** Without a proxy that is believed nothing is asked. */
function readRealAddress(session: Session, level: Level): Setting | undefined {
  const proxies = level.inForce('set_real_ip_from')
  const header = (lastWord(level, 'real_ip_header') ?? 'X-Real-IP').toLowerCase()
  const trusted = proxies.flatMap((item) => {
    const text = item.directive.args[0]?.value ?? ''
    if (text === 'unix:' || isNetwork(text)) return [text]
    // A host name is looked up when the server starts.
    if (/^[a-z0-9.-]+$/i.test(text) && !/^\d+(?:\.\d+){3,}$/.test(text)) session.notReadYet(item)
    else refuseValue(session, item, text, 'an address, a network such as `10.0.0.0/8`, or `unix:`')
    return []
  })
  const items = realip.flatMap((name) => level.inForce(name))
  if (header === 'proxy_protocol') {
    for (const item of items) session.notReadYet(item)
    return undefined
  }
  const recursive = parseFlag(lastWord(level, 'real_ip_recursive') ?? 'off') === true
  return setting('realAddress', { trusted, header, recursive }, 'inherited', session.spans(items))
}

function isErrorStatus(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && status <= 599 && status !== 499
}

/** What words must be beside each other, in directives whose words are of several kinds. */
function checkWords(session: Session, level: Level): undefined {
  for (const item of level.own('disable_symlinks')) {
    const words = item.directive.args.map(({ value }) => value)
    const how = words.filter((word) => !word.startsWith('from='))
    if (how.length !== 1) refuseValue(session, item, words.join(' '), 'one of `on`, `off` and `if_not_owner`')
  }
  const pool = parseSize(lastWord(level, 'connection_pool_size') ?? '512', false) ?? 512
  for (const item of level.own('large_client_header_buffers')) {
    const [count = '', size = ''] = item.directive.args.map(({ value }) => value)
    if (!((parseNumber(count) ?? 0) > 0))
      refuseValue(session, item, count, 'a number and a size, such as `4 8k`')
    else if (!((parseSize(size, false) ?? 0) >= pool))
      refuseValue(session, item, size, `a size from ${pool} bytes (\`connection_pool_size\`)`)
  }
  for (const item of level.own('source_charset')) {
    const [word] = item.directive.args
    if (word?.value.startsWith('$') === true) readTemplate(session, item, word)
  }
}
