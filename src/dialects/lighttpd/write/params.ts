import { literalText } from '../../../model/index.js'
import type { InForce, ParamEntry, Params, Template, VariableName } from '../../../model/index.js'
import type { Context } from './context.js'

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

/** Sent only where there is something to send. */
const sometimes = new Set([
  'PATH_INFO',
  'PATH_TRANSLATED',
  'REDIRECT_URI',
  'REMOTE_USER',
  'AUTH_TYPE',
  'HTTPS',
  'CONTENT_TYPE'
])

/** The params that must be added to what lighttpd sends by itself; the rest is accounted for. */
export function addedParams(
  params: Params | undefined,
  settings: InForce,
  context: Context
): readonly (readonly [string, string])[] {
  if (params === undefined) return []
  const added: (readonly [string, string])[] = []
  const names = new Set<string>()
  for (const entry of params.entries) {
    if (entry.kind === 'headers') headerDifferences(entry, context)
    if (entry.kind !== 'param') continue
    names.add(entry.name)
    if (isOwn(entry)) {
      context.ledger.mark(entry.origin, 'exact')
      if (sometimes.has(entry.name) && entry.omit === 'never') context.differs.add(entry.name)
      // It tells 0 where there is no body.
      if (entry.value.some((part) => part.kind === 'variable' && part.name === 'request.content-length'))
        context.differs.add(entry.name)
      continue
    }
    const literal = valueOf(entry.value, settings)
    if (entry.name === 'SERVER_SOFTWARE' || (literal === undefined && entry.origin === undefined))
      context.differs.add(entry.name)
    else if (literal === undefined) {
      context.ledger.mark(entry.origin, 'lost', {
        message: `lighttpd can add fixed texts to the params only, and ${entry.name} is made for each request`,
        affects: [entry.name],
        advice: 'compute it in the application, or set it with mod_magnet'
      })
    } else if (literal !== '' || entry.omit === 'never') {
      added.push([entry.name, literal])
      const twice = own.has(entry.name) || !/^[A-Z0-9_]+$/.test(entry.name)
      context.ledger.mark(
        entry.origin,
        twice ? 'approx' : 'exact',
        twice
          ? {
              message: `lighttpd sends ${entry.name} twice, its own first; names are made upper-case with \`_\``,
              affects: [entry.name]
            }
          : undefined
      )
    } else context.ledger.mark(entry.origin, 'exact')
  }
  for (const name of own.keys()) if (!names.has(name)) context.differs.add(name)
  return added
}

function valueOf(template: Template, settings: InForce): string | undefined {
  const literal = literalText(template)
  if (literal !== undefined) return literal
  const [only, ...others] = template
  if (others.length > 0 || only?.kind !== 'variable') return undefined
  if (only.name === 'server.admin')
    return literalText([{ kind: 'text', text: settings.serverAdmin?.value ?? '' }])
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
  if (rules.drop.includes('authorization')) context.differs.add('HTTP_AUTHORIZATION')
  if (!rules.drop.includes('content-length')) context.differs.add('HTTP_CONTENT_LENGTH')
}
