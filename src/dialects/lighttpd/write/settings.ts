import type { Span } from '../../../diagnostics/index.js'
import { entryOrigins, markInstructions } from '../../account.js'
import { literalText } from '../../../model/index.js'
import type {
  Access,
  Alias,
  ErrorPage,
  InForce,
  Instruction,
  Note,
  Redirect,
  SettingKey,
  SettingOf,
  Template
} from '../../../model/index.js'
import { placesOf } from './context.js'
import type { Context } from './context.js'
import { questions } from './questions.js'
import type { Question, Statement, Value } from './statements.js'
import { assign, block, commentedAll, list, pairs } from './statements.js'

interface Written {
  readonly statements: readonly Statement[]
  readonly verdict: 'exact' | 'approx' | 'manual' | 'lost'
  readonly note?: Note
}

type Writer<K extends SettingKey> = (setting: SettingOf<K>, context: Context) => Written | 'elsewhere'

const exact = (...statements: readonly Statement[]): Written => ({ statements, verdict: 'exact' })
const approx = (
  statements: readonly Statement[],
  message: string,
  ...affects: readonly string[]
): Written => ({
  statements,
  verdict: 'approx',
  note: { message, affects }
})
const lost = (message: string, affects: readonly string[], advice?: string): Written => ({
  statements: [],
  verdict: 'lost',
  note: { message, affects, ...(advice === undefined ? {} : { advice }) }
})
const elsewhere = (): 'elsewhere' => 'elsewhere'
/** Every request of the place is 403. */
const closing = assign('url.access-deny', list(''))

/** Every kind of setting, and how lighttpd says it; each may stand in any block. */
const writers: { readonly [K in SettingKey]: Writer<K> } = {
  bindings: elsewhere,
  label: elsewhere,
  labels: elsewhere,
  actions: elsewhere,
  params: elsewhere,
  sendfile: elsewhere,
  root: ({ value }) => {
    const path = literalText(value.path)
    // An alias belongs to the prefix it is said for.
    if (value.kind === 'alias') return 'elsewhere'
    if (path === undefined || value.kind === 'whole') {
      return lost(
        'a document root made of variables has no counterpart',
        ['routing', 'DOCUMENT_ROOT', 'SCRIPT_FILENAME'],
        'use mod_evhost or mod_simple_vhost, or write a block for each name'
      )
    }
    return exact(assign('server.document-root', path))
  },
  aliases: ({ value }, context) => aliases(value, context),
  index: ({ value }) => {
    const names = value.names.map(literalText)
    const known = names.filter((name) => name !== undefined)
    if (known.length < names.length)
      return lost('an index name made of variables has no counterpart', ['routing'])
    const statement = assign('index-file.names', list(...known))
    return value.how === 'append'
      ? exact(statement)
      : approx([statement], 'conditions on the URL are not asked again for an index file', 'routing')
  },
  tryFiles: ({ value }) => {
    const { last } = value
    if (last.kind === 'status')
      return approx([], 'files are looked for where check-local says so; a missing one is 404', 'status')
    if (last.kind === 'named')
      return lost(
        'lighttpd has no named locations',
        ['routing', 'status'],
        'add url.rewrite-if-not-file lines by hand'
      )
    const to = frontController(last.to)
    if (to === undefined)
      return lost('a list of files to try ends in a URL made of variables', ['routing', 'status'])
    return approx(
      [
        assign(
          'url.rewrite-if-not-file',
          pairs([[`^(?!${escapeRegex(to.path)}(?:[?/]|$))[^?]*(?:\\?(.*))?$`, to.text]])
        )
      ],
      'an existing folder is handed on as well, and only the last of the files to try is used',
      'routing',
      'REDIRECT_URI',
      'QUERY_STRING'
    )
  },
  mediaTypes: ({ value }) =>
    exact(assign('mimetype.assign', pairs(value.map(({ extension, type }) => [extension, type])))),
  defaultMediaType: ({ value }) =>
    approx(
      [],
      `files of unknown extensions are sent as mimetype.assign says, not as ${value}`,
      'content-type'
    ),
  staticRefused: ({ value }) => exact(assign('static-file.exclude-extensions', list(...value))),
  allowPrograms: () => exact(),
  rewrites: ({ value }) =>
    value.length === 0
      ? exact()
      : lost(
          'rewrites are not written for lighttpd yet',
          ['routing', 'status'],
          'add url.rewrite-once lines by hand'
        ),
  instructions: ({ value }) => instructions(value),
  redirects: ({ value }) => redirects(value),
  access: ({ value }) => access(value),
  authentication: ({ value }) => {
    if (value.method === 'none') return exact()
    const realm = literalText(value.realm)
    const file = literalText(value.userFile ?? [])
    if (value.when.kind !== 'always' || realm === undefined || file === undefined || file === '') {
      return {
        ...lost(
          'this login has no counterpart; what it guarded is closed',
          ['status'],
          'write auth.require by hand'
        ),
        statements: [closing]
      }
    }
    const rule = pairs([
      ['method', 'basic'],
      ['realm', realm],
      ['require', 'valid-user']
    ])
    return exact(
      assign('auth.backend', 'htpasswd'),
      assign('auth.backend.htpasswd.userfile', file),
      assign('auth.require', pairs([['', rule]]))
    )
  },
  errorPages: ({ value }) => errorPages(value),
  internalOnly: ({ value }) =>
    value
      ? {
          ...lost('lighttpd has no URLs for inside only; these are closed', ['status', 'routing']),
          statements: [closing]
        }
      : exact(),
  maxBodySize: ({ value }) => {
    const kilobytes = Math.ceil(value / 1024)
    const statement = assign('server.max-request-size', kilobytes)
    return value % 1024 === 0
      ? exact(statement)
      : approx([statement], 'the limit is in whole kilobytes', 'status')
  },
  slashRedirect: ({ value }) =>
    value ? exact() : lost("lighttpd always redirects to a folder's slash", ['status', 'Location']),
  passedHeaders: () => exact(),
  environment: ({ value }) => literals('setenv.add-environment', value),
  serverName: ({ value }) => {
    const name = literalText(value)
    if (name !== undefined) return exact(assign('server.name', name))
    const [only] = value
    return only?.kind === 'variable' && only.name === 'request.host'
      ? exact()
      : lost('a server name made of variables has no counterpart', ['SERVER_NAME'])
  },
  serverSoftware: ({ value }) => exact(assign('server.tag', value)),
  serverAdmin: () => approx([], 'lighttpd tells no SERVER_ADMIN', 'SERVER_ADMIN'),
  responseHeaders: ({ value }) => literals('setenv.add-response-header', value),
  response: () =>
    approx(
      [],
      "what is done with an application's headers and with answers that are broken, late or missing is lighttpd's own",
      'status',
      'Location',
      'body'
    )
}

/** What takes a setting of an outer place away again; nothing for those that cannot be, or need not be. */
const resets: { readonly [K in SettingKey]?: Statement } = {
  aliases: assign('alias.url', list()),
  index: assign('index-file.names', list()),
  tryFiles: assign('url.rewrite-if-not-file', list()),
  redirects: assign('url.redirect', list()),
  access: assign('url.access-deny', list()),
  authentication: assign('auth.require', list()),
  staticRefused: assign('static-file.exclude-extensions', list()),
  environment: assign('setenv.add-environment', list()),
  responseHeaders: assign('setenv.add-response-header', list()),
  maxBodySize: assign('server.max-request-size', 0)
}

export function resetOf(key: SettingKey): readonly Statement[] {
  const statement = resets[key]
  return statement === undefined ? [] : [statement]
}

/** Statements for some settings, each accounted for. */
export function settingStatements(settings: InForce, context: Context): readonly Statement[] {
  return Object.values(settings).flatMap((setting) => written(setting, entryOrigins(setting), context))
}

function written<K extends SettingKey>(
  setting: SettingOf<K>,
  entries: readonly Span[],
  context: Context
): readonly Statement[] {
  const write: Writer<K> = writers[setting.key]
  const result = write(setting, context)
  if (result === 'elsewhere') return []
  const places = placesOf(setting)
  if (places.length === 0 && result.statements.length === 0) {
    if (result.verdict !== 'exact') context.unasked.add(setting.key)
    return []
  }
  for (const origin of [...places, ...entries]) context.ledger.mark(origin, result.verdict, result.note)
  if (isInstructions(setting)) {
    markInstructions(context.ledger, setting.value, result.verdict, result.note)
  }
  return commentedAll(
    result.statements,
    places.flatMap((origin) => context.ledger.takeComments(origin))
  )
}

function aliases(entries: readonly Alias[], context: Context): Written {
  const found: (readonly [string, Value])[] = []
  for (const alias of entries) {
    const to = literalText(alias.to)
    if (alias.match.kind === 'regex' || to === undefined) {
      context.ledger.mark(alias.origin, 'lost', {
        message: 'alias.url has plain prefixes and plain paths only',
        affects: ['routing'],
        advice: 'use url.rewrite-once, or a plain alias'
      })
      continue
    }
    const { value, segments } = alias.match
    const open = segments && !value.endsWith('/')
    const differs = [
      ...(open ? ['routing'] : []),
      ...(alias.documentRoot === 'kept' ? ['DOCUMENT_ROOT'] : [])
    ]
    if (differs.length === 0) context.ledger.mark(alias.origin, 'exact')
    else
      context.ledger.mark(alias.origin, 'approx', {
        message: 'an alias of lighttpd fits any path that begins so, and DOCUMENT_ROOT becomes its target',
        affects: differs
      })
    if (!found.some(([known]) => known.toLowerCase() === value.toLowerCase())) found.push([value, to])
  }
  // A longer prefix right behind a shorter one of it is refused, and never fits anywhere behind it.
  const sorted = found
    .map((entry, place) => ({ entry, place }))
    .sort((a, b) => shadow(a.entry[0], b.entry[0]) || a.place - b.place)
  return exact(assign('alias.url', pairs(sorted.map(({ entry }) => entry))))
}

function shadow(a: string, b: string): number {
  if (a.startsWith(b)) return -1
  return b.startsWith(a) ? 1 : 0
}

function literals(
  key: string,
  entries: readonly { readonly name: string; readonly value: Template }[]
): Written {
  const known = entries.flatMap(({ name, value }) => {
    const text = literalText(value)
    return text === undefined ? [] : [[name, text] as const]
  })
  const statements = known.length === 0 ? [] : [assign(key, pairs(known))]
  if (known.length === entries.length) return exact(...statements)
  return {
    ...lost(
      'lighttpd takes fixed texts only',
      entries.map(({ name }) => name)
    ),
    statements
  }
}

/** The last file to try as a rewrite target: its path, and the query as it came or as it is written. */
function frontController(to: Template): { readonly path: string; readonly text: string } | undefined {
  const [first, ...rest] = to
  if (first?.kind !== 'text') return undefined
  const [path = '', query = ''] = first.text.split('?', 2)
  if (!path.startsWith('/')) return undefined
  const keeps = rest.some((part) => part.kind === 'variable' && part.name === 'query')
  const known = rest.every((part) => part.kind === 'variable' && part.name.startsWith('query'))
  if (!known) return undefined
  const safe = path.replaceAll(/[%$]/g, '')
  if (safe !== path) return undefined
  return { path, text: keeps ? `${path}?${query}$1` : query === '' ? path : `${path}?${query}` }
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)
}

function redirects(rules: readonly Redirect[]): Written {
  const found: (readonly [string, Value])[] = []
  for (const rule of rules) {
    const to = withCaptures(rule.to)
    if (to === undefined)
      return lost('a redirect to a URL made of variables has no counterpart', ['Location', 'status'])
    found.push([(rule.match.ignoreCase ? '(?i)' : '') + rule.match.source, to])
  }
  const codes = new Set(rules.map(({ status }) => status))
  const [code] = codes
  const statements = [
    assign('url.redirect', pairs(found)),
    ...(code === undefined || code === 301 ? [] : [assign('url.redirect-code', code)])
  ]
  const message = 'the pattern is tried on the path as it was sent with its query'
  return codes.size > 1
    ? approx(statements, `${message}, and one status counts for all`, 'status', 'Location')
    : approx(statements, message, 'status', 'Location')
}

function withCaptures(template: Template): string | undefined {
  let text = ''
  for (const part of template) {
    if (part.kind === 'text' && !/[$%]/.test(part.text)) text += part.text
    else if (part.kind === 'capture' && part.from === 'rule' && typeof part.group === 'number')
      text += `$${part.group}`
    else if (part.kind === 'variable' && urlParts[part.name] !== undefined) text += urlParts[part.name] ?? ''
    else return undefined
  }
  return text
}

const urlParts: { readonly [name: string]: string } = {
  'request.host': '${url.authority}',
  'request.authority': '${url.authority}',
  'request.scheme': '${url.scheme}',
  path: '${url.path}',
  'request.uri': '${url.path}${qsa}',
  query: '${url.query}'
}

function instructions(rules: readonly Instruction[]): Written {
  const [first] = rules
  if (first === undefined) return exact()
  if (first.kind === 'answer' && first.target.kind === 'redirect') {
    const to = withCaptures(first.target.to)
    if (to !== undefined) {
      return exact(
        assign('url.redirect', pairs([['', to]])),
        assign('url.redirect-code', first.target.status)
      )
    }
  }
  if (first.kind === 'answer' && first.target.kind === 'status' && first.target.status >= 400) {
    return first.target.status === 403 && first.target.body === undefined
      ? exact(closing)
      : approx([closing], 'every refusal is 403', 'status', 'body')
  }
  const open = lost(
    'imperative rules (set, if, rewrite, return) are not written for lighttpd yet; what they refuse is closed',
    ['routing', 'status', 'Location'],
    'write url.rewrite-once and url.redirect lines by hand'
  )
  return refuses(rules) ? { ...open, statements: [closing] } : open
}

function refuses(rules: readonly Instruction[]): boolean {
  return rules.some(
    (rule) =>
      (rule.kind === 'answer' && rule.target.kind === 'status' && rule.target.status >= 400) ||
      (rule.kind === 'if' && refuses(rule.then))
  )
}

/** Requests that are refused, as blocks around url.access-deny. */
function access(value: Access): Written {
  const opens = value.rules.filter((rule) => rule.allow)
  const closes = value.rules.filter((rule) => !rule.allow)
  const all = closes.some((rule) => rule.when.kind === 'always') || value.otherwise === 'deny'
  if (value.rules.length === 0 || closes.length === 0) {
    if (!all) return exact()
  }
  const openAll = opens.some((rule) => rule.when.kind === 'always')
  if (openAll && closes.length === 0) return exact()
  if (all && opens.length === 0) return exact(closing)
  const closed: Written = {
    ...lost('these access rules have no counterpart; what they guard is closed', ['status']),
    statements: [closing]
  }
  if (all && closes.every((rule) => rule.when.kind === 'always')) {
    return blocks(
      questions({ kind: 'all', of: opens.map(({ when }) => ({ kind: 'not', of: when })) }),
      closed
    )
  }
  if (!all && (opens.length === 0 || openAll))
    return blocks(questions({ kind: 'any', of: closes.map(({ when }) => when) }), closed)
  return closed
}

function blocks(alternatives: ReturnType<typeof questions>, otherwise: Written): Written {
  if (alternatives === undefined) return otherwise
  return exact(...alternatives.map((each) => nest(each, [closing])))
}

/** Blocks that stand in each other, one for each question. */
export function nest(asked: readonly Question[], body: readonly Statement[]): Statement {
  const [first, ...rest] = asked
  const always: Question = { object: 'HTTP', field: 'url', operator: '=~', value: '' }
  if (first === undefined) return block(always, body)
  return block(first, rest.length === 0 ? body : [nest(rest, body)])
}

function errorPages(pages: readonly ErrorPage[]): Written {
  const page = pages.find(({ statuses, to }) => statuses.includes(404) && to.kind === 'uri')
  const uri = page?.to.kind === 'uri' ? literalText(page.to.uri) : undefined
  if (!uri?.startsWith('/')) {
    return pages.length === 0
      ? exact()
      : lost('lighttpd has one error handler, a URL path, for 404', ['status', 'body'])
  }
  return approx(
    [assign('server.error-handler-404', uri)],
    'the handler answers for 404 and 403, with its own status; other pages are lost',
    'status',
    'body',
    'REDIRECT_STATUS'
  )
}

function isInstructions(setting: SettingOf<SettingKey>): setting is SettingOf<'instructions'> {
  return setting.key === 'instructions'
}
