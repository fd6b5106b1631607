import type { HostName, InForce, Ledger, Listener, Note, Plan, PlannedHost } from '../../../model/index.js'
import { literalText } from '../../../model/index.js'
import type { OutputFile, WriteOptions } from '../../dialect.js'
import { unwritable } from '../quote.js'
import { markAccount, markDirectives, markOwnName, markUnreached, ownReading, stepOf } from '../../account.js'
import { toldBehind } from '../../same-names.js'
import { markAll } from './context.js'
import type { Context } from './context.js'
import { mimeTypes } from './mime-types.js'
import { isLength, lengthAroundBlocks, withOuterParams } from './environment.js'
import { onlyAnswers, rewritesSome } from './instructions.js'
import { isOwnBalance } from './pools.js'
import { hostQuestion } from './questions.js'
import { difference, placeStatements } from './scopes.js'
import { settingStatements } from './settings.js'
import { leadsOn, type NamedLocations } from './try-files.js'
import { assignments, gatherTexts, textStatements } from './texts.js'
import { assign, blank, block, commentedAll, list, printStatements, settled, textsOf } from './statements.js'
import type { Branch, Statement } from './statements.js'

/** Writes a plan for lighttpd: the default host is the global scope, all others are blocks. */
export function write(plan: Plan, options: WriteOptions, ledger: Ledger): readonly OutputFile[] {
  const texts = gatherTexts()
  const context: Context = {
    ledger,
    pools: new Map(plan.site.pools.map((pool) => [pool.id, pool])),
    computed: new Map((plan.site.computed ?? []).map((variable) => [variable.name, variable])),
    differs: new Set(),
    headers: new Set(),
    logins: new Set(),
    allowOpen: options.allowOpen === true,
    closedLogins: false,
    toldBehind: toldBehind(plan.site.root),
    unasked: new Set(),
    place: { before: [], onPattern: false, rewritesElsewhere: false, internal: false, aliased: false, texts },
    texts,
    named: new Map(),
    leadsInside: false,
    ofHost: [],
    accounted: new Set(),
    used: new Set()
  }
  const sites = withOuterParams(settled(siteStatements(plan, context)))
  markDirectives(ledger, plan, ['listeners', 'pipeline', 'scope', 'host'], 'exact')
  markDirectives(ledger, plan, ['request'], 'approx', ownReading)
  accountForAccount(plan, ledger)
  markOwnName(ledger, plan)
  markUnreached(ledger, plan, context.used)
  markDirectives(ledger, plan, ['pool.connection', 'pool.retry'], 'exact')
  const own = plan.site.pools.every((pool) => pool.members.length < 2 || isOwnBalance(pool.balance))
  markDirectives(
    ledger,
    plan,
    ['pool.balance'],
    own ? 'exact' : 'approx',
    own
      ? undefined
      : {
          message: "members are chosen by the target's own arithmetic",
          affects: ['balance']
        }
  )
  accountUnasked(plan, context)
  const body = withoutUnwritable(sites, ledger)
  const statements = options.fragment ? body : [...frame(plan, body, context), blank, ...body]
  return [
    { path: options.fragment ? 'site.conf' : 'lighttpd.conf', text: printStatements(statements) },
    ...texts.files()
  ]
}

interface Group {
  readonly listeners: readonly Listener[]
  readonly hosts: readonly PlannedHost[]
}

function groupsOf(plan: Plan): readonly Group[] {
  const groups = new Map<string, { listeners: readonly Listener[]; hosts: PlannedHost[] }>()
  for (const host of plan.hosts) {
    const key = host.listeners.map(({ id }) => id).join(' ')
    const group = groups.get(key) ?? { listeners: host.listeners, hosts: [] }
    group.hosts.push(host)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function siteStatements(plan: Plan, context: Context): readonly Statement[] {
  const groups = groupsOf(plan)
  const [first, ...others] = groups
  if (first === undefined) return []
  if (others.length === 0) return groupStatements(first, {}, context)
  // Blocks on a name would hold for every listener, so each listener keeps its hosts to itself.
  const global = defaultOf(first)?.settings ?? {}
  const head = placeStatements(onlyRoot(global), onlyRoot(global), [], undefined, context)
  return [
    ...head,
    ...groups.flatMap((group) =>
      group.listeners.map((listener) =>
        block(
          { object: 'SERVER', field: 'socket', operator: '==', value: socketText(listener) },
          groupStatements(group, onlyRoot(global), context)
        )
      )
    )
  ]
}

function onlyRoot(settings: InForce): InForce {
  return settings.root === undefined ? {} : { root: settings.root }
}

function defaultOf(group: Group): PlannedHost | undefined {
  return group.hosts.find((host) => host.isDefault)
}

function groupStatements(group: Group, outer: InForce, context: Context): readonly Statement[] {
  const fallback = defaultOf(group)
  const settings = fallback?.settings ?? {}
  const named = group.hosts.filter((host) => host !== fallback)
  const own = fallback === undefined ? [] : hostBody(fallback, outer, context)
  for (const name of fallback?.names ?? []) context.ledger.mark(name.origin, 'exact')
  const branches = named.map((host) => hostBranch(host, settings, fallback, context))
  return [...own, ...chained(branches, named)]
}

interface WrittenHost {
  readonly branch: Branch | undefined
  readonly comments: readonly string[]
}

function hostBranch(
  host: PlannedHost,
  outer: InForce,
  fallback: PlannedHost | undefined,
  context: Context
): WrittenHost {
  const test = hostQuestion(host.names)
  for (const name of host.names)
    context.ledger.mark(
      name.origin,
      name.kind === 'regex' ? 'approx' : 'exact',
      name.kind === 'regex' ? regexNote : undefined
    )
  const comments = context.ledger.takeComments(host.origin)
  if (test === undefined) return { branch: undefined, comments }
  const reset = (fallback?.rules ?? []).length > 0 && host.rules.length === 0
  if (reset) {
    context.ledger.mark(host.origin, 'approx', {
      message: 'what the default host says for some of its URLs holds here as well',
      affects: ['routing']
    })
  }
  return { branch: { test, body: hostBody(host, outer, context) }, comments }
}

const regexNote = {
  message:
    "a name with a port that is not the scheme's own is compared with it, where the pattern does not end in `$`",
  affects: ['routing', 'status', 'body']
}

function hostBody(host: PlannedHost, outer: InForce, context: Context): readonly Statement[] {
  context.ledger.mark(host.origin, 'exact')
  const { own, gone } = difference(outer, host.settings)
  for (const setting of Object.values(host.settings))
    if (own[setting.key] === undefined) markAll(context, setting, 'exact')
  const answers = own.bindings !== undefined || own.label !== undefined || own.labels !== undefined
  const { bindings: _bindings, ...rest } = host.settings
  const effective = answers || outer.bindings === undefined ? host.settings : rest
  const inner = outer.bindings === undefined ? undefined : []
  const { instructions, ...others } = own
  const all = host.settings.instructions
  const behind = all !== undefined && onlyAnswers(all.value)
  context.ofHost = behind ? [] : (all?.value ?? [])
  const rewritesElsewhere = rewritingPlaces(host) > 1
  const { texts } = context
  context.named = namedIn(host.rules)
  context.leadsInside = leadsInside(host)
  context.place = { before: [], onPattern: false, rewritesElsewhere, internal: false, aliased: false, texts }
  const statements = placeStatements(behind ? others : own, effective, host.rules, inner, context)
  context.place = { ...context.place, behind: new Set(assignments(statements).map(({ key }) => key)) }
  const last = behind ? settingStatements({ instructions: instructions ?? all }, context) : []
  const body = lengthAroundBlocks([...statements, ...last])
  if (!body.some(isLength)) noteEnvironment(host, context)
  return [...gone, ...body, ...textStatements(body)]
}

/** Where lists of files to try lead to other blocks, which have an environment of their own. */
function noteEnvironment(
  { settings, rules }: Pick<PlannedHost, 'settings' | 'rules'>,
  context: Context
): void {
  const { tryFiles } = settings
  if (tryFiles !== undefined && leadsOn(tryFiles.value))
    context.ledger.mark(tryFiles.origin, 'approx', {
      message: 'the environment is made before it is known that a file is missing',
      affects: ['CONTENT_LENGTH']
    })
  for (const rule of rules) noteEnvironment(rule, context)
}

function namedIn(rules: PlannedHost['rules']): NamedLocations {
  return new Map(
    rules.flatMap((rule) =>
      rule.kind === 'location' && rule.match.kind === 'named' ? [[rule.match.name, rule] as const] : []
    )
  )
}

/** Whether some place sends requests to another URL of the host. */
function leadsInside({ settings, rules }: Pick<PlannedHost, 'settings' | 'rules'>): boolean {
  return (
    leadsOn(settings.tryFiles?.value) ||
    (settings.errorPages?.value ?? []).length > 0 ||
    (settings.index?.value.names ?? []).some((name) => literalText(name)?.startsWith('/') !== false) ||
    rewritesSome(settings.instructions?.value ?? []) ||
    rules.some(leadsInside)
  )
}

/** How many places of a host rewrite URLs. */
function rewritingPlaces({ settings, rules }: Pick<PlannedHost, 'settings' | 'rules'>): number {
  const own = rewritesSome(settings.instructions?.value ?? []) ? 1 : 0
  return rules.reduce((sum, rule) => sum + rewritingPlaces(rule), own)
}

/** Names that can overlap need an order: the first that fits. Plain names stand on their own. */
function chained(hosts: readonly WrittenHost[], named: readonly PlannedHost[]): readonly Statement[] {
  const plain = named.every((host) => host.names.every((name: HostName) => name.kind === 'exact'))
  const known = hosts.flatMap(({ branch, comments }) => (branch === undefined ? [] : [{ branch, comments }]))
  if (plain || known.length < 2) {
    return known.flatMap(({ branch, comments }) =>
      commentedAll([{ kind: 'chain', branches: [branch], comments: [] }], comments)
    )
  }
  const chain: Statement = { kind: 'chain', branches: known.map(({ branch }) => branch), comments: [] }
  return commentedAll(
    [chain],
    known.flatMap(({ comments }) => comments)
  )
}

function socketText(listener: Listener): string {
  if (listener.address.kind === 'unix') return listener.address.path
  const { host, port } = listener.address
  const any = host === '' || host === '*'
  const plain = host.replaceAll(/[[\]]/g, '')
  return `${any ? '0.0.0.0' : plain.includes(':') ? `[${plain}]` : plain}:${port}`
}

/** What a configuration needs beside its sites, so that `lighttpd -f` takes it as it is. */
function frame(plan: Plan, body: readonly Statement[], context: Context): readonly Statement[] {
  const listeners = plan.site.listeners
  const [first, ...others] = listeners
  for (const listener of listeners) {
    context.ledger.mark(
      listener.origin,
      listener.tls ? 'approx' : 'exact',
      listener.tls ? tlsNote : undefined
    )
  }
  const blocks = groupsOf(plan).length > 1 ? [] : others
  const root = body.some((each) => each.kind === 'assign' && each.key === 'server.document-root')
  return [
    assign('server.modules', list(...modules(body))),
    blank,
    ...(first === undefined ? [] : listen(first)),
    ...(root ? [] : [assign('server.document-root', '/var/www/html')]),
    assign('server.username', account(plan, 'user') ?? 'www-data'),
    assign('server.groupname', account(plan, 'group') ?? 'www-data'),
    ...blocks.map((listener) =>
      block({ object: 'SERVER', field: 'socket', operator: '==', value: socketText(listener) }, [])
    ),
    ...(uses(body, 'mimetype.assign') ? [] : [blank, mimeTypes])
  ]
}

/** What all programs that the source starts run as: the server, and with it they, do here. */
function account({ site }: Plan, of: 'user' | 'group'): string | undefined {
  const names = new Set(
    site.pools.flatMap(({ members }) => members.flatMap(({ process }) => process?.[of] ?? []))
  )
  const [name] = names
  return names.size === 1 ? name : undefined
}

function accountForAccount(plan: Plan, ledger: Ledger): void {
  for (const of of ['user', 'group'] as const) {
    const field = `member.process.${of}`
    if (account(plan, of) === undefined) markAccount(ledger, plan, [field])
    else markDirectives(ledger, plan, [field], 'exact')
  }
}

const tlsNote = {
  message: 'certificates are not carried over; without ssl.engine the port speaks plain HTTP',
  affects: ['HTTPS', 'REQUEST_SCHEME'],
  advice: 'add mod_openssl, ssl.engine and ssl.pemfile'
}

function listen({ address }: Listener): readonly Statement[] {
  if (address.kind === 'unix') return [assign('server.bind', address.path)]
  const any = address.host === '' || address.host === '*' || address.host === '0.0.0.0'
  return [...(any ? [] : [assign('server.bind', address.host)]), assign('server.port', address.port)]
}

/** In the order of their hooks: what changes or refuses a request first, applications, then files. */
const moduleOrder: readonly (readonly [module: string, prefix: string])[] = [
  ['mod_rewrite', 'url.rewrite'],
  ['mod_redirect', 'url.redirect'],
  ['mod_alias', 'alias.'],
  ['mod_access', 'url.access-'],
  ['mod_auth', 'auth.'],
  ['mod_authn_file', 'auth.backend'],
  ['mod_setenv', 'setenv.'],
  ['mod_indexfile', 'index-file.'],
  ['mod_fastcgi', 'fastcgi.'],
  ['mod_staticfile', '']
]

function modules(body: readonly Statement[]): readonly string[] {
  return moduleOrder.filter(([, prefix]) => prefix === '' || uses(body, prefix)).map(([name]) => name)
}

function uses(body: readonly Statement[], prefix: string): boolean {
  return body.some((statement) =>
    statement.kind === 'assign'
      ? statement.key.startsWith(prefix)
      : statement.kind === 'chain' && statement.branches.some((branch) => uses(branch.body, prefix))
  )
}

const toldOfTarget = [
  'REDIRECT_URI',
  'SCRIPT_NAME',
  'PATH_INFO',
  'SCRIPT_FILENAME',
  'REQUEST_URI',
  'QUERY_STRING'
]

/** What lighttpd makes of requests before anything is asked of them. */
const ownRequests: readonly Note[] = [
  {
    message:
      'lighttpd refuses control characters in the target, bytes that are no UTF-8, and the wrong host beside a whole URL',
    affects: ['status', 'routing', 'body', ...toldOfTarget, 'HTTP_HOST'],
    only: ['bad-path', 'whole-url']
  },
  {
    message: 'lighttpd writes escapes of the query in one form, and refuses control characters in it',
    affects: ['QUERY_STRING', 'REDIRECT_URI', 'status', 'routing', 'body'],
    only: ['odd-query']
  },
  {
    message: 'lighttpd writes the Host header in lower case, without default port, and refuses odd ones',
    affects: ['HTTP_HOST', 'status', 'routing', 'body'],
    only: ['odd-host']
  },
  {
    message: 'lighttpd refuses some odd headers, and some that come twice',
    affects: ['HTTP_*', 'status', 'routing', 'body'],
    only: ['odd-header', 'repeated-header']
  },
  {
    message: 'lighttpd wants a length for bodies but with GET, and refuses unknown methods with 501',
    affects: ['status', 'routing', 'body', 'CONTENT_LENGTH', 'HTTP_*'],
    only: ['odd-body', 'unknown-method']
  }
]

function accountUnasked(plan: Plan, context: Context): void {
  const { ledger } = context
  const files = stepOf(plan, 'static')
  if (context.differs.size > 0) {
    ledger.unasked('approx', {
      message:
        "lighttpd sends params of its own making, and some of the source's are missing or differ where they are empty",
      affects: [...context.differs].sort()
    })
  }
  if (context.logins.size > 0) {
    ledger.unasked('approx', {
      message: 'lighttpd takes no name from a login that it does not ask for itself',
      affects: [...context.logins].sort(),
      only: ['with-login']
    })
  }
  if (context.headers.size > 0) {
    ledger.unasked('approx', {
      message:
        'lighttpd joins a header that is sent twice, makes every other character of a name `_`, and drops empty ones',
      affects: [...context.headers].sort(),
      only: ['repeated-header', 'odd-header']
    })
  }
  for (const note of ownRequests) ledger.unasked('approx', note)
  if (files?.methods.includes('POST') !== true) {
    ledger.unasked('approx', {
      message:
        'lighttpd sends a file for POST and OPTIONS as well, and refuses other methods for it with 501',
      affects: ['status', 'body', 'routing'],
      only: ['post-to-file']
    })
  }
  if (files?.pathInfo !== 'sent') {
    ledger.unasked('approx', {
      message: 'lighttpd sends a file for a URL that goes on behind it (`/a.txt/x`) as well',
      affects: ['status', 'body', 'routing'],
      only: ['path-behind-file']
    })
  }
  if (context.answers !== undefined) ledger.unasked('approx', context.answers)
}

/** Leaves out what the language has no way to write, and says so. */
function withoutUnwritable(statements: readonly Statement[], ledger: Ledger): readonly Statement[] {
  return statements.flatMap((statement): readonly Statement[] => {
    const why = textsOf(statement)
      .map(unwritable)
      .find((reason) => reason !== undefined)
    if (why === undefined) {
      if (statement.kind !== 'chain') return [statement]
      const branches = statement.branches.map((branch) => ({
        ...branch,
        body: withoutUnwritable(branch.body, ledger)
      }))
      return [{ ...statement, branches }]
    }
    const what = statement.kind === 'assign' ? statement.key : 'a condition'
    ledger.unasked('lost', {
      message: `${what} was left out: ${why}`,
      affects: ['routing', 'status'],
      advice: 'change the value in the source'
    })
    return [{ kind: 'comment', text: `${what} was left out: its value cannot be written here` }]
  })
}
