import { literalText } from '../../../model/index.js'
import type { Ledger, Note, ParamEntry, Params, Template } from '../../../model/index.js'
import { directive, quoted } from './entries.js'
import type { Entry } from './entries.js'
import { expressionString } from './templates.js'

/**
 * What httpd tells an application unasked (util_script.c: `ap_add_common_vars`, `ap_add_cgi_vars`), as the templates
 * that give the same. Names whose value is about the server itself hold `undefined`: they differ and should.
 */
const unasked: ReadonlyMap<string, readonly Template[] | undefined> = new Map([
  ['PATH', undefined],
  ['SERVER_SIGNATURE', undefined],
  ['SERVER_SOFTWARE', undefined],
  ['SERVER_ADMIN', undefined],
  ['CONTEXT_PREFIX', vars('context.prefix')],
  ['CONTEXT_DOCUMENT_ROOT', vars('context.document-root')],
  ['SERVER_NAME', vars('server.name', 'request.host')],
  ['SERVER_ADDR', vars('server.address')],
  ['REMOTE_ADDR', vars('remote.address')],
  ['REMOTE_PORT', vars('remote.port')],
  ['DOCUMENT_ROOT', vars('document-root')],
  ['REQUEST_SCHEME', vars('request.scheme')],
  [
    'SCRIPT_FILENAME',
    [...vars('script.filename', 'filename'), [...vars('document-root'), ...vars('script.name')].flat()]
  ],
  ['SCRIPT_NAME', vars('script.name')],
  ['PATH_INFO', vars('script.path-info')],
  ['PATH_TRANSLATED', vars('script.path-translated')],
  ['GATEWAY_INTERFACE', [[{ kind: 'text', text: 'CGI/1.1' }]]],
  ['SERVER_PROTOCOL', vars('server.protocol', 'request.protocol')],
  ['REQUEST_METHOD', vars('request.method')],
  ['QUERY_STRING', vars('query')],
  ['REQUEST_URI', vars('request.uri', 'request.target', 'request.target.told')],
  ['REMOTE_USER', vars('remote.user', 'auth.user')],
  ['AUTH_TYPE', vars('auth.type')],
  ['CONTENT_TYPE', vars('request.content-type')],
  ['CONTENT_LENGTH', vars('request.content-length', 'request.body-length')]
])

/** What an application goes by: where the source keeps one of them back, it is kept back here as well. */
const telling: ReadonlySet<string> = new Set([
  ...['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'QUERY_STRING', 'REQUEST_METHOD', 'REQUEST_URI'],
  ...['DOCUMENT_ROOT', 'CONTENT_TYPE', 'CONTENT_LENGTH', 'REMOTE_USER']
])

/** Made by logins and modules, in every server. */
const fromEnvironment = ['REMOTE_USER', 'AUTH_TYPE']

function vars(
  ...names: readonly Extract<Template[number], { kind: 'variable' }>['name'][]
): readonly Template[] {
  return names.map((name) => [{ kind: 'variable', name }])
}

export interface ParamPlan {
  /** What httpd must be told to send, by name, in order. */
  readonly set: readonly { readonly name: string; readonly value: Template; readonly entry: ParamEntry }[]
  /** Names that httpd tells unasked and the source never does. */
  readonly untold: readonly string[]
  /** Names whose value differs and is left so; an empty one is as good as none (RFC 3875, 4.1). */
  readonly differs: ReadonlySet<string>
}

/** Compares the source's params with what httpd sends by itself. */
export function planParams(params: Params | undefined): ParamPlan {
  const entries = lastOfName(params?.entries ?? [])
  const set: { name: string; value: Template; entry: ParamEntry }[] = []
  const differs = new Set<string>()
  const named = new Set<string>()
  for (const entry of entries) {
    if (entry.kind === 'headers') for (const { param } of entry.rules.rename) named.add(param)
    if (entry.kind === 'environment') for (const name of fromEnvironment) named.add(name)
    if (entry.kind !== 'param') continue
    named.add(entry.name.toUpperCase())
    if (entry.name === 'HTTPS' && toldByTls(entry.value)) {
      if (entry.omit === 'never') differs.add(entry.name)
      continue
    }
    const own = unasked.get(entry.name)
    if (unasked.has(entry.name) && own === undefined) differs.add(entry.name)
    else if (own?.some((template) => sameTemplate(template, entry.value)) === true) {
      if (isWholeLength(entry)) set.push({ name: entry.name, value: entry.value, entry })
    } else set.push({ name: entry.name, value: entry.value, entry })
  }
  // Every header is told, whether or not the source does.
  if (params !== undefined && !entries.some(({ kind }) => kind === 'headers')) differs.add('HTTP_*')
  const missing = params === undefined ? [] : [...unasked.keys()].filter((name) => !named.has(name))
  for (const name of missing) if (!telling.has(name)) differs.add(name)
  return { set, untold: missing.filter((name) => telling.has(name)), differs }
}

/** Verdicts for the params that httpd tells as the source does, without being asked to. */
export function markTold(params: Params | undefined, { set }: ParamPlan, ledger: Ledger): void {
  for (const entry of params?.entries ?? []) {
    if (entry.kind !== 'param' || set.some((one) => one.entry === entry)) continue
    const note = userNote(entry)
    if (note === undefined) ledger.mark(entry.origin, 'exact')
    else if (entry.origin === undefined) ledger.unasked('approx', note)
    else ledger.mark(entry.origin, 'approx', note)
  }
}

/** httpd tells of users that it has asked for a password alone. */
function userNote(entry: Extract<ParamEntry, { kind: 'param' }>): Note | undefined {
  if (!entry.value.some((part) => part.kind === 'variable' && part.name === 'remote.user')) return undefined
  return {
    message: 'the name in a login that no password was asked for is not told',
    affects: [entry.name],
    only: ['with-login']
  }
}

/** Applications take the last of a name: the earlier ones tell them nothing. */
function lastOfName(entries: readonly ParamEntry[]): readonly ParamEntry[] {
  return entries.filter((entry, index) => {
    if (entry.kind !== 'param') return true
    return !entries
      .slice(index + 1)
      .some((later) => later.kind === 'param' && later.name === entry.name && later.omit === 'never')
  })
}

/** The length is told where there is no body as well, as 0. */
export function isWholeLength(entry: ParamEntry): boolean {
  return (
    entry.kind === 'param' &&
    entry.name === 'CONTENT_LENGTH' &&
    entry.omit === 'never' &&
    vars('request.body-length').some((template) => sameTemplate(template, entry.value))
  )
}

/** Requests without a body: mod_proxy_fcgi and mod_fcgid find out themselves how long a chunked one is. */
export const withoutBody = "-z req('Content-Length') && -z req('Transfer-Encoding')"

/** Nothing over plain HTTP, and mod_ssl tells the rest. */
function toldByTls(value: Template): boolean {
  return vars('https').some((template) => sameTemplate(template, value))
}

/** What is told is the same whether it was found then or before. */
export function sameTemplate(a: Template, b: Template): boolean {
  const told = (template: Template): string =>
    JSON.stringify(template, (key, value: unknown) => (key === 'first' ? undefined : value))
  return told(a) === told(b)
}

/** The headers' rules as far as httpd's differ: repeated cookies, odd names, empty values (5.1 of the CGI script API). */
export function headerDifferences(params: Params | undefined): readonly string[] {
  const found: string[] = []
  for (const entry of params?.entries ?? []) {
    if (entry.kind !== 'headers') continue
    const { rules } = entry
    if (rules.cookieJoin !== ', ' || rules.repeated !== 'joined') found.push('HTTP_COOKIE')
    if (rules.oddNames !== 'dropped' || rules.dropEmpty || rules.repeated !== 'joined') found.push('HTTP_*')
    if (!rules.drop.includes('proxy') && !rules.overriddenByParams) found.push('HTTP_PROXY')
  }
  return found
}

/** Headers that httpd never tells as HTTP_NAME. */
export function untoldHeaders(params: Params | undefined): readonly string[] {
  return (params?.entries ?? []).flatMap((entry) =>
    entry.kind !== 'headers'
      ? []
      : ['content-length', 'content-type', 'transfer-encoding']
          .filter(
            (name) =>
              !entry.rules.drop.includes(name) && !entry.rules.rename.some(({ header }) => header === name)
          )
          .map((name) => `HTTP_${name.toUpperCase().replaceAll('-', '_')}`)
  )
}

/** Whether the application is shown the login, which httpd hides unless told otherwise. */
export function passesAuthorization(params: Params | undefined): boolean {
  const headers = params?.entries.find((entry) => entry.kind === 'headers')
  return headers?.kind === 'headers' && !headers.rules.drop.includes('authorization')
}

/** One value among the params, whatever httpd made of it before (mod_proxy_fcgi only). */
export function setParam(condition: string, name: string, value: string): Entry {
  return directive('ProxyFCGISetEnvIf', quoted(condition), name, quoted(value))
}

/** Names that are not told though httpd would; it knows of users where it asks for a login alone. */
export function untoldLines({ untold }: ParamPlan, asksLogin: boolean): readonly Entry[] {
  return untold
    .filter((name) => asksLogin || name !== 'REMOTE_USER')
    .map((name) => directive('ProxyFCGISetEnvIf', quoted('true'), `!${name}`))
}

/** ProxyFCGISetEnvIf lines for a planned list; names that httpd cannot say are given back. */
export function paramLines(plan: ParamPlan): {
  readonly lines: readonly { readonly entry: Entry; readonly param: ParamEntry }[]
  readonly lost: readonly ParamEntry[]
} {
  const lines: { entry: Entry; param: ParamEntry }[] = []
  const lost: ParamEntry[] = []
  for (const { name, value, entry } of plan.set) {
    if (isWholeLength(entry)) {
      lines.push({ entry: setParam(withoutBody, name, '0'), param: entry })
      continue
    }
    const text = expressionString(value)
    if (text === undefined) lost.push(entry)
    else lines.push({ entry: setParam(sentIf(entry, value, text), name, text), param: entry })
  }
  return { lines, lost }
}

function sentIf(entry: ParamEntry, value: Template, text: string): string {
  if (entry.kind !== 'param' || entry.omit === 'never' || literalText(value) !== undefined) return 'true'
  return `-n '${text.replaceAll("'", String.raw`\'`)}'`
}
