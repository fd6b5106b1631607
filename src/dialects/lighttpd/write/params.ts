import { literalText } from '../../../model/index.js'
import { hostAsItCame, tellsAskedHost } from '../../same-names.js'
import type { InForce, ParamEntry, Params, Template, VariableName } from '../../../model/index.js'
import type { Context } from './context.js'
import { withVariables } from './variables.js'

/** What lighttpd tells an application (gw_backend.c: `http_cgi_headers`), as templates that give the same. */
const own: ReadonlyMap<string, readonly VariableName[] | string | undefined> = new Map<
  string,
  readonly VariableName[] | string | undefined
>([
  ['CONTENT_LENGTH', ['request.body-length', 'request.content-length']],
  ['CONTENT_TYPE', ['request.content-type']],
  ['QUERY_STRING', ['query']],
  ['REQUEST_URI', ['request.uri', 'request.target', 'request.target.told']],
  ['REDIRECT_URI', ['redirect.uri']],
  ['REDIRECT_STATUS', '200'],
  ['SCRIPT_NAME', ['script.name']],
  ['PATH_INFO', ['script.path-info']],
  ['PATH_TRANSLATED', ['script.path-translated']],
  ['SCRIPT_FILENAME', ['script.filename', 'filename']],
  ['DOCUMENT_ROOT', ['document-root', 'context.document-root']],
  ['REQUEST_METHOD', ['request.method']],
  ['SERVER_PROTOCOL', ['server.protocol', 'request.protocol']],
  ['SERVER_SOFTWARE', undefined],
  ['GATEWAY_INTERFACE', 'CGI/1.1'],
  ['REQUEST_SCHEME', ['request.scheme']],
  ['SERVER_PORT', ['server.port']],
  ['SERVER_ADDR', ['server.address']],
  ['SERVER_NAME', ['server.name', 'request.host']],
  ['REMOTE_ADDR', ['remote.address']],
  ['REMOTE_PORT', ['remote.port']],
  ['REMOTE_USER', ['remote.user', 'auth.user']],
  ['AUTH_TYPE', ['auth.type']],
  ['HTTPS', ['https']]
])

/** What says which request it is: an application that was not told of it before is not told now. */
const telling = [
  'SCRIPT_NAME',
  'SCRIPT_FILENAME',
  'PATH_INFO',
  'QUERY_STRING',
  'REQUEST_METHOD',
  'REQUEST_URI',
  'DOCUMENT_ROOT',
  'CONTENT_TYPE',
  'CONTENT_LENGTH',
  'REMOTE_USER'
] as const

export interface AddedParams {
  /** Fixed texts by name; an empty one takes back what lighttpd tells by itself. */
  readonly always: readonly (readonly [string, string])[]
  /** A length is told only where the client sent one; lighttpd tells 0 for none. */
  readonly lengthAsSent: boolean
}

/** What is told at a place whether or not it is asked for. */
interface Told {
  /** A path can go on behind the script's name. */
  readonly pathInfo: boolean
}

/** The params that must be added to what lighttpd sends by itself; the rest is accounted for. */
export function addedParams(
  params: Params | undefined,
  settings: InForce,
  told: Told,
  context: Context
): AddedParams {
  if (params === undefined) return { always: [], lengthAsSent: false }
  const added: (readonly [string, string])[] = []
  const names = new Set<string>()
  const lastOf = new Map(
    params.entries.flatMap((entry) => (entry.kind === 'param' ? [[entry.name, entry] as const] : []))
  )
  let lengthAsSent = false
  if (!params.entries.some(({ kind }) => kind === 'headers')) context.differs.add('HTTP_*')
  for (const written of params.entries) {
    const entry =
      written.kind === 'param'
        ? { ...written, value: withVariables(written.value, settings, context) }
        : written
    if (entry.kind === 'headers') {
      headerDifferences(entry, context)
      for (const { param } of entry.rules.rename) names.add(param)
      if (entry.rules.rename.some(({ param }) => param === 'CONTENT_LENGTH')) lengthAsSent = true
      added.push(...heldBack([...entry.rules.drop, ...entry.rules.rename.map(({ header }) => header)]))
      for (const header of entry.rules.drop)
        if (!keptBack.includes(header) && !ownToo.has(header)) context.differs.add(paramOf(header))
    }
    // An authorizer's variables are told with the rest of the environment.
    if (entry.kind === 'environment') names.add('REMOTE_USER')
    if (entry.kind !== 'param') continue
    names.add(entry.name)
    // The last of a name counts.
    if (lastOf.get(entry.name) !== written) {
      context.ledger.mark(entry.origin, 'exact')
      continue
    }
    if (isOwn(entry)) {
      context.ledger.mark(entry.origin, 'exact')
      if (isVariable(entry.value, 'request.content-length')) lengthAsSent = true
      if (isVariable(entry.value, 'remote.user') && !asksLogin(settings)) context.logins.add(entry.name)
      continue
    }
    const literal = valueOf(entry.value, settings)
    if (
      entry.name === 'SERVER_SOFTWARE' ||
      entry.ofProcess === true ||
      (literal === undefined && entry.origin === undefined)
    )
      context.differs.add(entry.name)
    else if (tellsAskedHost(entry)) context.ledger.mark(entry.origin, 'approx', hostAsItCame)
    else if (literal === undefined) {
      context.ledger.mark(entry.origin, 'lost', {
        message: `lighttpd can add fixed texts to the params only, and ${entry.name} is made for each request`,
        affects: [entry.name],
        advice: 'compute it in the application, or set it with mod_magnet'
      })
    } else if (literal !== '' || entry.omit === 'never' || entry.name.startsWith('HTTP_')) {
      added.push([entry.name, literal])
      if (/^[A-Z0-9_]+$/.test(entry.name)) {
        // Applications take the last of a name, and lighttpd's own comes first.
        const twice = { message: `${entry.name} is sent behind lighttpd's own, and so counts` }
        context.ledger.mark(entry.origin, 'exact', own.has(entry.name) ? twice : undefined)
      } else
        context.ledger.mark(entry.origin, 'approx', {
          message: 'names of params are made upper-case with `_`',
          affects: [entry.name, entry.name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')]
        })
    } else context.ledger.mark(entry.origin, 'exact')
  }
  for (const name of own.keys()) {
    if (names.has(name)) continue
    if (!isTelling(name)) context.differs.add(name)
    else if (name === 'REMOTE_USER' ? asksLogin(settings) : name !== 'PATH_INFO' || told.pathInfo)
      added.push([name, ''])
  }
  return { always: added, lengthAsSent }
}

function isTelling(name: string): boolean {
  return telling.some((each) => each === name)
}

/** Headers that are worth a line to keep them from applications where the source does. */
const keptBack: readonly string[] = ['authorization', 'proxy-authorization', 'content-length']

/** Those that lighttpd tells nobody of under the name of a header. */
const ownToo: ReadonlySet<string> = new Set(['proxy', 'content-type', 'transfer-encoding', 'upgrade'])

function heldBack(drop: readonly string[]): readonly (readonly [string, string])[] {
  return keptBack.filter((header) => drop.includes(header)).map((header) => [paramOf(header), ''] as const)
}

function paramOf(header: string): string {
  return `HTTP_${header.toUpperCase().replaceAll('-', '_')}`
}

function isVariable([only, ...others]: Template, name: VariableName): boolean {
  return only?.kind === 'variable' && only.name === name && others.length === 0
}

function asksLogin({ authentication, bindings }: InForce): boolean {
  const guards = (bindings?.value ?? []).some(
    ({ target }) => target.kind === 'fastcgi' && target.role !== 'responder'
  )
  return guards || (authentication !== undefined && authentication.value.method !== 'none')
}

function valueOf(template: Template, settings: InForce): string | undefined {
  const literal = literalText(template)
  if (literal !== undefined) return literal
  const [only, ...others] = template
  if (others.length > 0 || only?.kind !== 'variable') return undefined
  if (only.name === 'server.admin')
    return literalText([{ kind: 'text', text: settings.serverAdmin?.value ?? '' }])
  if (only.name === 'server.signature' && settings.signature?.value === 'none') return literalText([])
  return undefined
}

function isOwn(entry: Extract<ParamEntry, { kind: 'param' }>): boolean {
  const known = own.get(entry.name)
  if (known === undefined) return false
  if (typeof known === 'string') {
    const [only] = entry.value
    return (
      literalText(entry.value) === known || (only?.kind === 'variable' && only.name === 'redirect.status')
    )
  }
  const [first, second, ...others] = entry.value
  if (first?.kind !== 'variable' || others.length > 0) return false
  if (second === undefined) return known.includes(first.name)
  const joined = entry.name === 'SCRIPT_FILENAME' && first.name === 'document-root'
  return joined && second.kind === 'variable' && second.name === 'script.name'
}

function headerDifferences(entry: Extract<ParamEntry, { kind: 'headers' }>, context: Context): void {
  const { rules } = entry
  if (rules.cookieJoin !== '; ' || rules.repeated !== 'joined') context.headers.add('HTTP_COOKIE')
  if (rules.oddNames !== 'underscore' || !rules.dropEmpty || rules.repeated !== 'joined')
    context.headers.add('HTTP_*')
  if (!rules.drop.includes('content-type') && !rules.rename.some(({ header }) => header === 'content-type'))
    context.differs.add('HTTP_CONTENT_TYPE')
  if (!rules.drop.includes('upgrade')) context.differs.add('HTTP_UPGRADE')
}
