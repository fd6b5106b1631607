import type { Span } from '../../../diagnostics/index.js'
import { literalText } from '../../../model/index.js'
import type { InForce, PathRules, Setting, SettingKey, SettingOf, Template } from '../../../model/index.js'
import { commentedAll, directive, quoted, section } from './entries.js'
import type { Entry } from './entries.js'
import { entryOrigins, markInstructions } from '../../account.js'
import { folderFilesNote } from '../../folder-files.js'
import { answersNote, joinedAnswers } from '../../answer-rules.js'
import { closedAround, unknownForms, writableLogin } from '../../logins.js'
import { unsayable } from '../../unsayable.js'
import { isSetByServer } from './environment.js'
import { headerChanges } from './headers.js'
import type { Context } from './module.js'
import { passwordForms } from '../passwords.js'
import { access, notGuarded, errorPages, instructions, redirects, rewrites, wholeRedirect } from './rules.js'
import { isRequirement, requireAll } from './requirements.js'
import { expressionString } from './templates.js'
import { exact, lost, unsaid } from './written.js'
import type { Written } from './written.js'

type Writer<K extends SettingKey> = (setting: SettingOf<K>, context: Context) => Written | 'elsewhere'
const elsewhere = (): 'elsewhere' => 'elsewhere'

function folderFiles(allowed: readonly string[]): Written {
  if (allowed.length === 0) return exact()
  return { entries: [], verdict: 'lost', note: folderFilesNote }
}

function pathRules({ rules, told = [] }: PathRules): Written {
  if (rules.length === 0) return told.length === 0 ? exact() : unsaid(unsayable.toldOfRules)
  return unsaid(unsayable.pathRules)
}

/** Names of handlers that an action hands on; the others are written with the applications they stand for. */
function labelEntry(
  { extension, label, what }: SettingOf<'labels'>['value'][number],
  { actions }: Context
): readonly Entry[] {
  if (!actions.has(label)) return []
  return [directive(what === 'handler' ? 'AddHandler' : 'AddType', quoted(label), extension)]
}

/** Every kind of setting, and how httpd says it in a section or in a virtual host. */
const writers: { readonly [K in SettingKey]: Writer<K> } = {
  root: elsewhere,
  escapedSlashesStay: elsewhere,
  aliases: elsewhere,
  bindings: elsewhere,
  // With the sections that answer.
  label: elsewhere,
  labels: ({ value }, context) => exact(...value.flatMap((rule) => labelEntry(rule, context))),
  actions: ({ value }) =>
    exact(
      ...value.map(({ label, to, virtual }) =>
        directive('Action', quoted(label), quoted(to), ...(virtual ? ['virtual'] : []))
      )
    ),
  // Made part of `access` before anything is written.
  furtherAccess: elsewhere,
  tryFiles: elsewhere,
  params: elsewhere,
  serverName: elsewhere,
  sendfile: elsewhere,
  recursiveErrorPages: ({ value }) => (value ? unsaid(unsayable.recursiveErrorPages) : exact()),
  ownRedirects: () => unsaid(unsayable.ownRedirects),
  realAddress: () =>
    unsaid({
      ...unsayable.realAddress,
      advice: 'load mod_remoteip and write RemoteIPHeader with RemoteIPInternalProxy by hand'
    }),
  reading: () => unsaid(unsayable.reading),
  toldOfApplications: () => ({
    entries: [],
    verdict: 'approx',
    note: {
      message: 'what is asked of applications is logged in other words',
      advice: 'write `LogLevel proxy_fcgi:trace2` or `LogLevel fcgid:debug` by hand'
    }
  }),
  charset: () => unsaid(unsayable.charset),
  listing: ({ value }) =>
    value === null
      ? exact()
      : unsaid({ ...unsayable.listing, advice: 'load mod_autoindex and write `Options +Indexes` by hand' }),
  additions: () => unsaid(unsayable.additions),
  expiry: () => unsaid(unsayable.expiry),
  cache: () => unsaid(unsayable.cache),
  index: ({ value }) => {
    const names = value.names.map(literalText)
    const known = names.filter((name) => name !== undefined)
    if (known.length < names.length)
      return lost('an index name made of variables has no counterpart', ['routing'])
    return exact(directive('DirectoryIndex', ...(known.length === 0 ? ['disabled'] : known)))
  },
  mediaTypes: ({ value }) => {
    const byType = new Map<string, string[]>()
    for (const { extension, type } of value) {
      if (extension.startsWith('.')) byType.set(type, [...(byType.get(type) ?? []), extension])
    }
    return exact(...[...byType].map(([type, extensions]) => directive('AddType', type, ...extensions)))
  },
  defaultMediaType: () => ({
    entries: [],
    verdict: 'approx',
    note: { message: 'httpd sends files of unknown extensions without a type', affects: ['content-type'] }
  }),
  // Told by the folders: they are closed to links together.
  symlinks: () => exact(),
  lowerCaseFiles: ({ value }) =>
    value ? lost('httpd has no other spelling for file names', ['routing', 'status']) : exact(),
  errorFiles: () => lost('httpd asks for each error page by its status', ['body'], 'add ErrorDocument lines'),
  // Told by the sections: a handler's files are not refused.
  staticRefused: () => exact(),
  pathInfoTaken: ({ value }) => exact(directive('AcceptPathInfo', pathInfoWords[value])),
  allowPrograms: ({ value }) => exact(directive('Options', value ? '+ExecCGI' : '-ExecCGI')),
  rewrites: ({ value }) => rewrites(value),
  missingRewrites: ({ value }) => rewrites(value),
  instructions: ({ value }) => instructions(value),
  redirects: ({ value }) => redirects(value),
  fileRedirects: ({ value }) => redirects(value),
  redirectsAll: ({ value: { to, status } }) => {
    if (to === undefined) return exact(directive('Redirect', String(status)))
    const url = expressionString(to)
    return url === undefined
      ? unsaid(unsayable.fileRedirects)
      : exact(directive('Redirect', String(status), quoted(url)))
  },
  headerChanges: ({ value }) => headerChanges(value),
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
        ? { entries: [], verdict: 'approx', note: closedAround }
        : exact()
    const realm = expressionString(value.realm)
    const login = writableLogin(value, passwordForms)
    const file = literalText(login?.path ?? [])
    if (login === undefined || realm === undefined || file === undefined || file === '') {
      context.closedLogins = !context.allowOpen
      const advice = 'write AuthType Basic and Require lines by hand'
      return notGuarded('this login has no counterpart', context, advice)
    }
    const asked = exact(
      directive('AuthType', 'Basic'),
      directive('AuthName', quoted(realm)),
      directive('AuthBasicProvider', 'file'),
      directive('AuthUserFile', quoted(file)),
      directive('Require', 'valid-user')
    )
    if (login.unknown.length === 0) return asked
    const message = unknownForms(login.unknown, 'httpd')
    return {
      ...asked,
      verdict: 'approx',
      note: { message, affects: ['status', 'routing', 'body'], only: ['with-login'] }
    }
  },
  errorPages: ({ value }) => errorPages(value),
  internalOnly: ({ value }) =>
    value
      ? {
          entries: [directive('Require', 'env', 'REDIRECT_STATUS')],
          verdict: 'approx',
          note: { message: 'a request from outside gets 403 here, not 404', affects: ['status'] }
        }
      : exact(),
  maxBodySize: ({ value }) => ({
    entries: [directive('LimitRequestBody', String(Math.min(value, 2147483647)))],
    verdict: 'approx',
    note: {
      message: 'httpd asks for the size of a body only where it reads it itself, not where it hands it on',
      affects: ['status', 'routing', 'body'],
      only: ['large-body']
    }
  }),
  // Hosts are told apart before the target is read there; the strictest reading is httpd's own.
  targetRules: ({ value }) =>
    exact(
      directive('AllowEncodedSlashes', encodedSlashWords[value.encodedSlash ?? 'not-found']),
      directive('MergeSlashes', value.mergeSlashes === false ? 'Off' : 'On')
    ),
  requestUriTold: ({ value }) =>
    exact(directive('CGIVar', 'REQUEST_URI', value === 'received' ? 'original-uri' : 'current-uri')),
  redirectUrlTold: ({ value }) => exact(directive('QualifyRedirectURL', value === 'whole' ? 'On' : 'Off')),
  streamsBody: () => ({
    entries: [],
    verdict: 'approx',
    note: {
      message: 'whether bodies are passed on while they come in is up to the module',
      affects: ['timing']
    }
  }),
  slashRedirect: ({ value }) => exact(directive('DirectorySlash', value ? 'On' : 'Off')),
  handledFoldersLeft: ({ value }) => exact(directive('DirectoryCheckHandler', value ? 'On' : 'Off')),
  // Said with every handler that asks an application.
  script: () => exact(),
  passedHeaders: ({ value }) =>
    value.includes('authorization') ? exact(directive('CGIPassAuth', 'On')) : exact(),
  environment: ({ value }, context) => {
    const lines = value.flatMap(({ name, value: template, removed }) =>
      removed === true ? [directive('UnsetEnv', name)] : environmentLine(name, template)
    )
    const own = value
      .map(({ name }) => name)
      .filter((name) => isSetByServer(name) && !context.toldBehind.has(name))
    if (own.length > 0) {
      return {
        ...lost('httpd sets these names itself, whatever SetEnv says', own),
        entries: lines
      }
    }
    return lines.length === value.length
      ? exact(...lines)
      : {
          ...lost(
            'a variable made of others has no counterpart',
            value.map(({ name }) => name)
          ),
          entries: lines
        }
  },
  requestHeaders: () =>
    lost(
      'changed request headers are not written for Apache yet',
      ['HTTP_*'],
      'add RequestHeader lines by hand'
    ),
  paramChanges: ({ value }) =>
    lost(
      'params changed by expressions are not written for Apache yet',
      value.map(({ name }) => name),
      'add ProxyFCGISetEnvIf lines by hand'
    ),
  ownErrors: ({ value }, context) =>
    !context.proxies
      ? value.length === 0
        ? exact()
        : lost("only mod_proxy replaces an application's errors by pages of the server", ['body', 'routing'])
      : value === 'all'
        ? exact(directive('ProxyErrorOverride', 'On'))
        : value.length === 0
          ? exact(directive('ProxyErrorOverride', 'Off'))
          : exact(directive('ProxyErrorOverride', 'On', ...value.map(String))),
  traceEchoed: ({ value }) => exact(directive('TraceEnable', value ? 'On' : 'Off')),
  serverSoftware: () => ({
    entries: [],
    verdict: 'approx',
    note: {
      message: 'httpd always names itself in SERVER_SOFTWARE and Server',
      affects: ['SERVER_SOFTWARE', 'Server']
    }
  }),
  serverPort: () => exact(),
  serverAdmin: ({ value }) => exact(directive('ServerAdmin', value)),
  signature: ({ value }) => exact(directive('ServerSignature', signatureWords[value])),
  responseHeaders: ({ value }) => {
    const lines = value.flatMap(({ name, value: template, always }) => {
      const text = expressionString(template)
      if (text === undefined) return []
      const literal = literalText(template)
      const word = literal === undefined ? `expr=${text}` : literal.replaceAll('%', '%%')
      return [directive('Header', ...(always ? ['always'] : []), 'add', name, quoted(word))]
    })
    return lines.length === value.length
      ? exact(...lines)
      : lost(
          'a header made of variables has no counterpart',
          value.map(({ name }) => name)
        )
  },
  response: ({ value }, context) => {
    const note = answersNote(value, context.answersOf)
    context.answers = joinedAnswers(context.answers, note)
    return { entries: [], verdict: 'approx', note }
  },
  delivery: () => ({
    entries: [],
    verdict: 'approx',
    note: {
      message: 'which ranges of a file are served, and its ETag, are as httpd has them',
      affects: ['body', 'status', 'ETag'],
      only: ['range']
    }
  }),
  keepAlive: () => ({
    entries: [],
    verdict: 'approx',
    note: { message: "how long clients' connections last is as httpd has it", affects: ['timing'] }
  }),
  sendRate: ({ value }) => (value === null ? exact() : lost('answers are not slowed down', ['timing'])),
  requestLimits: ({ value }) => (value.of.length === 0 ? exact() : unsaid(unsayable.requestLimits)),
  connectionLimits: ({ value }) => (value.of.length === 0 ? exact() : unsaid(unsayable.connectionLimits)),
  undecided: ({ value }) =>
    value.length === 0
      ? exact()
      : lost('this version does not decide what it asks for', ['status', 'routing', 'body'])
}

const pathInfoWords = { 'by-all': 'On', 'by-programs': 'Default', 'by-nobody': 'Off' } as const
const signatureWords = { none: 'Off', name: 'On', 'name-and-admin': 'EMail' } as const
const encodedSlashWords = { decoded: 'On', kept: 'NoDecode', 'not-found': 'Off' } as const

/** Settings whose directives httpd does not take outside of sections. */
const inSections = new Set<SettingKey>([
  'access',
  'authentication',
  'internalOnly',
  'instructions',
  'passedHeaders',
  'allowPrograms'
])

/** Settings that each say who may come; all of them must hold. */
const guards = ['access', 'authentication', 'internalOnly', 'instructions'] as const

/** Directives for what holds at a whole virtual host. */
export function hostSettings(settings: InForce, context: Context): readonly Entry[] {
  const all = Object.values(settings)
  const of = (setting: Setting): readonly Entry[] => written(setting, entryOrigins(setting), context)
  const free = [...all.filter((setting) => !inSections.has(setting.key)).flatMap(of)]
  const whole = settings.instructions && wholeRedirect(settings.instructions.value)
  if (whole !== undefined && settings.instructions !== undefined)
    free.push(...accounted(settings.instructions, [], whole, context))
  const inSection = all.filter(
    ({ key }) => inSections.has(key) && (key !== 'instructions' || whole === undefined)
  )
  const bound = requireAll(inSection.map(of))
  return bound.length === 0 ? free : [...free, section('Location', [quoted('/')], bound)]
}

/**
 * Directives for the settings said at one place, each accounted for. Requirements of a section replace those around it
 * whole, so where one of them changes the others in force there are said again.
 */
export function placeSettings(settings: InForce, inForce: InForce, context: Context): readonly Entry[] {
  const own = Object.values(settings).map((setting) => written(setting, entryOrigins(setting), context))
  if (guards.every((key) => settings[key] === undefined)) return requireAll(own)
  const around = guards.flatMap((key) => {
    const setting = settings[key] === undefined ? inForce[key] : undefined
    return setting === undefined ? [] : [again(setting, context)]
  })
  return requireAll([...own, ...around])
}

/** What a setting of an outer place asks for; it was accounted for there. */
function again<K extends SettingKey>(setting: SettingOf<K>, context: Context): readonly Entry[] {
  const write: Writer<K> = writers[setting.key]
  const result = write(setting, context)
  return result === 'elsewhere' ? [] : result.entries.filter(isRequirement)
}

function written<K extends SettingKey>(
  setting: SettingOf<K>,
  entries: readonly Span[],
  context: Context
): readonly Entry[] {
  const write: Writer<K> = writers[setting.key]
  const result = write(setting, context)
  return result === 'elsewhere' ? [] : accounted(setting, entries, result, context)
}

function accounted<K extends SettingKey>(
  setting: SettingOf<K>,
  entries: readonly Span[],
  result: Written,
  context: Context
): readonly Entry[] {
  const asked = setting.origin !== undefined || (setting.parts ?? []).length > 0
  // What the source does unasked is told once, with everything of that kind.
  if (!asked && result.entries.length === 0) {
    if (result.verdict !== 'exact') context.unasked.add(setting.key)
    return []
  }
  const places = [...(setting.origin === undefined ? [] : [setting.origin]), ...(setting.parts ?? [])]
  for (const origin of [...places, ...entries]) context.ledger.mark(origin, result.verdict, result.note)
  if (isInstructions(setting)) {
    markInstructions(context.ledger, setting.value, result.verdict, result.note)
  }
  return commentedAll(
    result.entries,
    places.flatMap((origin) => context.ledger.takeComments(origin))
  )
}

function environmentLine(name: string, template: Template): readonly Entry[] {
  const literal = literalText(template)
  if (literal !== undefined) return [directive('SetEnv', name, ...(literal === '' ? [] : [quoted(literal)]))]
  const text = expressionString(template)
  if (text === undefined || !/^%\{[^{}]*\}$/.test(text)) return []
  return [directive('SetEnvIfExpr', quoted(`${text} =~ m#^(.*)$#`), quoted(`${name}=$1`))]
}

function isInstructions(setting: SettingOf<SettingKey>): setting is SettingOf<'instructions'> {
  return setting.key === 'instructions'
}
