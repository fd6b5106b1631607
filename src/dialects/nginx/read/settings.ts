import type { Span } from '../../../diagnostics/index.js'
import type { Access, Condition, ErrorPage, ParamEntry, Setting, TryFiles } from '../../../model/index.js'
import { refuseValue } from './check.js'
import { headerForwarding, hiddenHeaders, mediaTypes, oneMegabyte, responseRules } from './constants.js'
import { expand, resolvePath } from './files.js'
import type { Level } from './level.js'
import { lastWord } from './pools.js'
import { nameOf, type Item, type Session } from './session.js'
import { setting } from './setting.js'
import { parseFlag, parseNumber, parseSize } from './values.js'
import { readTemplate, readText } from './variables.js'

/** What a level says about its requests, apart from what answers them. */
export function readSettings(session: Session, level: Level): readonly Setting[] {
  return readers.flatMap((read) => read(session, level) ?? [])
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
    setting('response', responseRules, 'inherited')
  ]
}

type Reader = (session: Session, level: Level) => Setting | undefined

const readers: readonly Reader[] = [
  readRoot,
  readIndex,
  readTryFiles,
  readInternal,
  readMaxBodySize,
  readMediaTypes,
  readDefaultType,
  readErrorPages,
  readAccess,
  readAuthentication,
  readHeaders,
  readParams,
  readResponse
]

function spans(session: Session, items: readonly Item[]): readonly Span[] {
  return items.map((item) => session.span(item))
}

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
  const origins = spans(session, [item])
  if (alias === undefined) return setting('root', { kind: 'root', path: template }, 'inherited', origins)
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
  return setting('index', { names, how: 'redirect' }, 'inherited', spans(session, items))
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
  return end && setting('tryFiles', { candidates, last: end }, 'own', spans(session, [item]))
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
  return items.length === 0 ? undefined : setting('internalOnly', true, 'inherited', spans(session, items))
}

function readMaxBodySize(session: Session, level: Level): Setting | undefined {
  const item = level.last('client_max_body_size')
  const size = parseSize(item?.directive.args[0]?.value ?? '', true)
  if (item === undefined || size === undefined) return undefined
  return setting('maxBodySize', size, 'inherited', spans(session, [item]))
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
  return setting('mediaTypes', types, 'inherited', spans(session, blocks))
}

function readDefaultType(session: Session, level: Level): Setting | undefined {
  const item = level.last('default_type')
  const type = item?.directive.args[0]?.value
  if (item === undefined || type === undefined) return undefined
  return setting('defaultMediaType', type, 'inherited', spans(session, [item]))
}

function readErrorPages(session: Session, level: Level): Setting | undefined {
  const items = level.own('error_page')
  if (items.length === 0) return undefined
  const pages = items.flatMap((item) => readErrorPage(session, item) ?? [])
  return setting('errorPages', pages, 'inherited', spans(session, items))
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
  if (target.value.startsWith('@'))
    return { statuses: codes, to: { kind: 'named', name: target.value }, status, origin }
  const { template, complete } = readTemplate(session, item, target)
  // A redirect to another site has no form in the model yet.
  if (!complete || !/^[/$]/.test(target.value)) session.notReadYet(item)
  return { statuses: codes, to: { kind: 'uri', uri: template }, status, origin }
}

function isErrorStatus(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && status <= 599 && status !== 499
}

const network =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,3}(?:\.\d{1,3}){0,3})?|[0-9a-f]*:[0-9a-f:.]*(?:\/\d{1,3})?)$/i

/** The first that fits decides; what none fits is allowed. */
function readAccess(session: Session, level: Level): Setting | undefined {
  const items = level.items.filter(({ directive }) => ['allow', 'deny'].includes(nameOf(directive)))
  if (items.length === 0) return undefined
  const rules = items.flatMap((item): Access['rules'] => {
    const text = item.directive.args[0]?.value ?? ''
    const when = addressCondition(text)
    if (when === undefined) {
      refuseValue(session, item, text, 'an address, a network such as `10.0.0.0/8`, `unix:` or `all`')
      return []
    }
    if (text === 'unix:') session.notReadYet(item)
    return [{ when, allow: nameOf(item.directive) === 'allow', origin: session.span(item) }]
  })
  return setting('access', { rules, otherwise: 'allow' }, 'inherited', spans(session, items))
}

function addressCondition(text: string): Condition | undefined {
  if (text === 'all') return { kind: 'always' }
  if (text === 'unix:') return { kind: 'never' }
  if (!network.test(text)) return undefined
  return { kind: 'test', subject: { of: 'remote-address' }, test: { kind: 'address', network: text } }
}

/** Without a file of logins `auth_basic` asks for none. */
function readAuthentication(session: Session, level: Level): Setting | undefined {
  if (!level.says('auth_basic', 'auth_basic_user_file')) return undefined
  const [realm, file] = [level.inForce('auth_basic').at(-1), level.inForce('auth_basic_user_file').at(-1)]
  const origins = spans(
    session,
    [realm, file].filter((item) => item !== undefined)
  )
  const word = realm?.directive.args[0]
  const path = file?.directive.args[0]
  if (
    realm === undefined ||
    word === undefined ||
    word.value === 'off' ||
    file === undefined ||
    path === undefined
  ) {
    return setting(
      'authentication',
      { method: 'none', realm: [], when: { kind: 'always' } },
      'inherited',
      origins
    )
  }
  const text = path.value.startsWith('$') ? path.value : resolvePath(session.folder, path.value)
  const [name, logins] = [
    readTemplate(session, realm, word),
    readText(session, text, session.word(file, path))
  ]
  const value = {
    method: 'basic',
    realm: name.template,
    userFile: logins.template,
    when: { kind: 'always' }
  } as const
  return setting('authentication', value, 'inherited', origins)
}

function readHeaders(session: Session, level: Level): Setting | undefined {
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
    return [{ name: name.value, value: template, always: always !== undefined }]
  })
  return setting('responseHeaders', headers, 'inherited', spans(session, items))
}

/** A level that sets one param has its own list. Headers come behind all of them. */
function readParams(session: Session, level: Level): Setting | undefined {
  if (!level.says('fastcgi_param', 'fastcgi_pass_request_headers')) return undefined
  const items = level.inForce('fastcgi_param')
  const entries: ParamEntry[] = items.flatMap((item) => readParam(session, item) ?? [])
  const headers = level.inForce('fastcgi_pass_request_headers').at(-1)
  const forwards = parseFlag(headers?.directive.args[0]?.value ?? 'on') !== false
  if (forwards) entries.push({ kind: 'headers', rules: headerForwarding })
  return setting(
    'params',
    { entries },
    'inherited',
    spans(session, headers === undefined ? items : [...items, headers])
  )
}

function readParam(session: Session, item: Item): ParamEntry | undefined {
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
  'fastcgi_hide_header',
  'fastcgi_pass_header',
  'fastcgi_ignore_headers',
  'fastcgi_intercept_errors',
  'fastcgi_force_ranges',
  'fastcgi_buffer_size'
]

/** Hidden are those of nginx and of the list, but for those of the other list. */
function readResponse(session: Session, level: Level): Setting | undefined {
  if (!level.says(...responding)) return undefined
  const named = (directive: string): readonly string[] =>
    level.inForce(directive).flatMap((item) => item.directive.args.map(({ value }) => value.toLowerCase()))
  const passed = new Set(named('fastcgi_pass_header'))
  const hidden = [...hiddenHeaders, ...named('fastcgi_hide_header')].filter((name) => !passed.has(name))
  const connection = responseRules.hide.filter((name) => !hiddenHeaders.includes(name))
  const { redirectHeader, head, ...rest } = responseRules
  const ignored = named('fastcgi_ignore_headers').includes('x-accel-redirect')
  const limit = parseSize(lastWord(level, 'fastcgi_buffer_size') ?? '', false)
  const value = {
    ...rest,
    hide: [...new Set([...hidden, ...connection])],
    ranges: parseFlag(lastWord(level, 'fastcgi_force_ranges') ?? 'off') === true,
    ...(ignored || redirectHeader === undefined ? {} : { redirectHeader }),
    ...(head === undefined ? {} : { head: limit === undefined ? head : { ...head, limit } }),
    ...(parseFlag(lastWord(level, 'fastcgi_intercept_errors') ?? 'off') === true
      ? { interceptFrom: 300 }
      : {})
  }
  const items = responding.flatMap((name) => level.inForce(name))
  return setting('response', value, 'inherited', spans(session, items))
}
