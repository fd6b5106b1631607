import type { Span } from '../../../diagnostics/index.js'
import { entryOrigins, markInstructions } from '../../account.js'
import { folderFilesNote } from '../../folder-files.js'
import { answersNote, joinedAnswers } from '../../answer-rules.js'
import { responseRules } from '../behaviour.js'
import { closedAround, unknownForms, writableLogin } from '../../logins.js'
import { unsayable } from '../../unsayable.js'
import { keptEntries, literalText } from '../../../model/index.js'
import type {
  Alias,
  EnvironmentEntry,
  HeaderChange,
  InForce,
  Note,
  PathRules,
  SettingKey,
  SettingOf,
  Template
} from '../../../model/index.js'
import { becomesParam, hiddenParams } from '../../same-names.js'
import { placesOf } from './context.js'
import type { Context } from './context.js'
import { passwordForms } from '../passwords.js'
import { instructions, missing } from './instructions.js'
import { tryFiles } from './try-files.js'
import { access, notGuarded, errorPages, redirects, rewrites } from './rules.js'
import type { Statement, Value } from './statements.js'
import { assign, commentedAll, list, pairs } from './statements.js'
import { approx, exact, lost, unsaid } from './written.js'
import type { Written } from './written.js'

type Writer<K extends SettingKey> = (setting: SettingOf<K>, context: Context) => Written | 'elsewhere'
const elsewhere = (): 'elsewhere' => 'elsewhere'

/** 404 for all, those as well that the source sends there itself. */
function nothingInside(leadsInside: boolean): Written {
  const note: Note = {
    message: 'lighttpd has no URLs for inside only: nothing comes there',
    affects: ['status', 'routing', 'body'],
    ...(!leadsInside && { only: ['accel-answer', 'unusual-answer'] })
  }
  return { statements: missing, verdict: 'approx', note }
}

function folderFiles(allowed: readonly string[]): Written {
  if (allowed.length === 0) return exact()
  return { statements: [], verdict: 'lost', note: folderFilesNote }
}

function pathRules({ rules, told = [] }: PathRules): Written {
  if (rules.length === 0) return told.length === 0 ? exact() : unsaid(unsayable.toldOfRules)
  return unsaid(unsayable.pathRules)
}

/** Every kind of setting, and how lighttpd says it; each may stand in any block. */
const writers: { readonly [K in SettingKey]: Writer<K> } = {
  bindings: elsewhere,
  label: elsewhere,
  labels: elsewhere,
  actions: elsewhere,
  // Made part of `access` before anything is written.
  furtherAccess: elsewhere,
  params: elsewhere,
  sendfile: elsewhere,
  recursiveErrorPages: ({ value }) => (value ? unsaid(unsayable.recursiveErrorPages) : exact()),
  ownRedirects: () => unsaid(unsayable.ownRedirects),
  realAddress: () =>
    unsaid({
      ...unsayable.realAddress,
      advice: 'load mod_extforward and write extforward.forwarder with extforward.headers by hand'
    }),
  reading: () => unsaid(unsayable.reading),
  toldOfApplications: ({ value }) => exact(assign('fastcgi.debug', value)),
  charset: () => unsaid(unsayable.charset),
  listing: ({ value }) =>
    value === null
      ? exact()
      : unsaid({
          ...unsayable.listing,
          advice: 'load mod_dirlisting and write `dir-listing.activate = "enable"` by hand'
        }),
  additions: () => unsaid(unsayable.additions),
  expiry: () => unsaid(unsayable.expiry),
  cache: () => unsaid(unsayable.cache),
  root: ({ value }) => {
    const path = literalText(value.path)
    // An alias belongs to the prefix it is said for.
    if (value.kind === 'alias') return 'elsewhere'
    if (path === undefined || value.kind === 'whole') {
      return lost(
        'a document root made of variables has no counterpart',
        ['routing', 'status', 'body', 'DOCUMENT_ROOT', 'SCRIPT_FILENAME'],
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
      : {
          ...approx([statement], 'conditions on the URL are not asked again for an index file', 'routing'),
          note: {
            message: 'conditions on the URL are not asked again for an index file',
            affects: ['routing'],
            only: ['folder']
          }
        }
  },
  tryFiles: ({ value }, { named, place }) => tryFiles(value, named, place.aliased),
  symlinks: ({ value }) =>
    exact(assign('server.follow-symlink', value === 'followed' ? 'enable' : 'disable')),
  lowerCaseFiles: ({ value }) =>
    exact(assign('server.force-lowercase-filenames', value ? 'enable' : 'disable')),
  errorFiles: ({ value: { before, after } }) =>
    after === '.html'
      ? exact(assign('server.errorfile-prefix', before))
      : lost('the files of error pages must end in `.html`', ['body']),
  mediaTypes: ({ value }) =>
    exact(assign('mimetype.assign', pairs(value.map(({ extension, type }) => [extension, type])))),
  defaultMediaType: ({ value }) =>
    approx(
      [],
      `files of unknown extensions are sent as mimetype.assign says, not as ${value}`,
      'content-type'
    ),
  staticRefused: ({ value }) => exact(assign('static-file.exclude-extensions', list(...value))),
  pathInfoTaken: ({ value }) => {
    const statement = assign('static-file.disable-pathinfo', value === 'by-all' ? 'disable' : 'enable')
    return value === 'by-nobody'
      ? approx([statement], unsayable.noPathInfo.message, ...unsayable.noPathInfo.affects)
      : exact(statement)
  },
  allowPrograms: () => exact(),
  rewrites: ({ value }) => rewrites(value),
  missingRewrites: ({ value }) => rewrites(value),
  instructions: ({ value }, { place }) => (place.internal ? exact() : instructions(value, place)),
  redirects: ({ value }) => redirects(value),
  fileRedirects: ({ value }) => (value.length === 0 ? exact() : unsaid(unsayable.fileRedirects)),
  redirectsAll: () => unsaid(unsayable.fileRedirects),
  headerChanges: ({ value }) => (value.length === 0 ? exact() : unsaid(unsayable.headerChanges)),
  paramChanges: ({ value }) =>
    lost(
      'lighttpd changes no params by conditions on others',
      value.map(({ name }) => name)
    ),
  ownErrors: ({ value }) =>
    value.length === 0
      ? exact()
      : lost(
          'pages for errors of applications are not written for lighttpd yet',
          ['body'],
          'set server.error-intercept by hand'
        ),
  traceEchoed: ({ value }) => (value ? approx([], 'lighttpd does not echo TRACE', 'status') : exact()),
  urlRules: ({ value }) => pathRules(value),
  folderRules: ({ value }) => pathRules(value),
  pathRulesOn: () => exact(),
  folderRulesRefused: () => exact(),
  folderClasses: ({ value }) => folderFiles(value.classes),
  folderDirectives: ({ value }) => folderFiles(value),
  folderFileNames: () => exact(),
  access: ({ value }, context) => access(value, context),
  authentication: ({ value, origin }, context) => {
    if (value.method === 'none' && value.permission === undefined)
      return context.closedLogins && origin !== undefined
        ? { statements: [], verdict: 'approx', note: closedAround }
        : exact()
    const realm = literalText(value.realm)
    const backend =
      value.logins?.kind === 'file' && value.logins.forms.includes('plain') ? 'plain' : 'htpasswd'
    const login = writableLogin(value, passwordForms[backend])
    const file = literalText(login?.path ?? [])
    if (login === undefined || realm === undefined || file === undefined || file === '') {
      context.closedLogins = !context.allowOpen
      return notGuarded('this login has no counterpart', context, 'write auth.require by hand')
    }
    const rule = pairs([
      ['method', 'basic'],
      ['realm', realm],
      ['require', 'valid-user']
    ])
    const statements = [
      assign('auth.backend', backend),
      assign(`auth.backend.${backend}.userfile`, file),
      assign('auth.require', pairs([['', rule]]))
    ]
    return login.unknown.length === 0
      ? exact(...statements)
      : {
          statements,
          verdict: 'approx',
          note: {
            message: unknownForms(login.unknown, 'lighttpd'),
            affects: ['status', 'routing', 'body'],
            only: ['with-login']
          }
        }
  },
  errorPages: ({ value }) => errorPages(value),
  internalOnly: ({ value }, { leadsInside }) => (value ? nothingInside(leadsInside) : exact()),
  maxBodySize: ({ value }) => {
    const kilobytes = Math.ceil(value / 1024)
    const statement = assign('server.max-request-size', kilobytes)
    return value % 1024 === 0
      ? exact(statement)
      : approx([statement], 'the limit is in whole kilobytes', 'status')
  },
  streamsBody: ({ value }) => exact(assign('server.stream-request-body', value ? 1 : 0)),
  slashRedirect: ({ value }) =>
    value ? exact() : lost("lighttpd always redirects to a folder's slash", ['status', 'Location']),
  handledFoldersLeft: ({ value }) =>
    value
      ? approx([], unsayable.handledFoldersLeft.message, ...unsayable.handledFoldersLeft.affects)
      : exact(),
  // Said with every entry of `fastcgi.server`.
  script: () => exact(),
  passedHeaders: () => exact(),
  escapedSlashesStay: elsewhere,
  targetRules: () => ({
    statements: [],
    verdict: 'approx',
    note: {
      message: 'lighttpd reads the target alike in all hosts',
      affects: ['PATH_INFO', 'status'],
      only: ['odd-target']
    }
  }),
  requestUriTold: ({ value }) =>
    value === 'received' ? exact() : approx([], 'REQUEST_URI is what was received', 'REQUEST_URI'),
  redirectUrlTold: ({ value }) =>
    value === 'path' ? exact() : approx([], 'REDIRECT_URL is not told so', 'REDIRECT_URL'),
  environment: ({ value }, { toldBehind }) =>
    environment(keptEntries(value).filter(({ name }) => !toldBehind.has(name))),
  requestHeaders: ({ value }) => requestHeaders(value),
  serverName: ({ value }) => {
    const name = literalText(value)
    if (name !== undefined) return exact(assign('server.name', name))
    const [only] = value
    return only?.kind === 'variable' && only.name === 'request.host'
      ? exact()
      : lost('a server name made of variables has no counterpart', ['SERVER_NAME'])
  },
  serverPort: () => exact(),
  serverSoftware: ({ value }) => exact(assign('server.tag', value)),
  signature: ({ value }) =>
    value === 'none' ? exact() : approx([], unsayable.signature.message, ...unsayable.signature.affects),
  serverAdmin: () => approx([], 'lighttpd tells no SERVER_ADMIN', 'SERVER_ADMIN'),
  responseHeaders: ({ value }) => literals('setenv.add-response-header', value),
  response: ({ value }, context) => {
    const note = answersNote(value, responseRules)
    context.answers = joinedAnswers(context.answers, note)
    return { statements: [], verdict: 'approx', note }
  },
  delivery: () => ({
    statements: [],
    verdict: 'approx',
    note: {
      message: 'which ranges of a file are served, and its ETag, are as lighttpd has them',
      affects: ['body', 'status', 'ETag'],
      only: ['range']
    }
  }),
  keepAlive: () => approx([], "how long clients' connections last is as lighttpd has it", 'timing'),
  sendRate: ({ value }) => (value === null ? exact() : lost('answers are not slowed down', ['timing'])),
  requestLimits: ({ value }) => (value.of.length === 0 ? exact() : unsaid(unsayable.requestLimits)),
  connectionLimits: ({ value }) => (value.of.length === 0 ? exact() : unsaid(unsayable.connectionLimits)),
  undecided: ({ value }) =>
    value.length === 0
      ? exact()
      : lost('this version does not decide what it asks for', ['status', 'routing', 'body'])
}

/** What takes a setting of an outer place away again; nothing for those that cannot be, or need not be. */
const resets: { readonly [K in SettingKey]?: Statement } = {
  aliases: assign('alias.url', list()),
  index: assign('index-file.names', list()),
  tryFiles: assign('url.rewrite-if-not-file', list()),
  redirects: assign('url.redirect', list()),
  instructions: assign('url.redirect', list()),
  access: assign('url.access-deny', list()),
  authentication: assign('auth.require', list()),
  staticRefused: assign('static-file.exclude-extensions', list()),
  symlinks: assign('server.follow-symlink', 'enable'),
  lowerCaseFiles: assign('server.force-lowercase-filenames', 'disable'),
  errorFiles: assign('server.errorfile-prefix', ''),
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

/** What is set comes first: the server does both in this order of names. */
function requestHeaders(changes: readonly HeaderChange[]): Written {
  const isPlain = ({ how, when }: HeaderChange): boolean =>
    (how === 'set' || how === 'added') && when === undefined
  if (!changes.every(isPlain))
    return lost('lighttpd sets and adds request headers, whatever the request', ['HTTP_*'])
  const of = (how: HeaderChange['how']): Written =>
    literals(
      `setenv.${how === 'set' ? 'set' : 'add'}-request-header`,
      changes.filter((change) => change.how === how)
    )
  const [added, set] = [of('added'), of('set')]
  const worse = added.verdict === 'exact' ? set : added
  return { ...worse, statements: [...added.statements, ...set.statements] }
}

/** Names are made upper-case: those that would take the place of what says which request it is are left out. */
function environment(entries: readonly EnvironmentEntry[]): Written {
  const clear = entries.filter(({ name }) => becomesParam(name) === undefined)
  const told = literals('setenv.add-environment', clear)
  const left = entries.filter(({ name }) => becomesParam(name) !== undefined).map(({ name }) => name)
  if (left.length === 0) return told
  return {
    ...lost('lighttpd makes names upper-case, and these would hide what says which request it is', [
      ...left,
      ...hiddenParams(entries)
    ]),
    statements: told.statements
  }
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

function isInstructions(setting: SettingOf<SettingKey>): setting is SettingOf<'instructions'> {
  return setting.key === 'instructions'
}
