import { literalText } from '../../../model/index.js'
import type { FastcgiTarget, Match, ParamEntry, Params, Script, Template } from '../../../model/index.js'
import { splitsAtFile } from '../../answering.js'
import { directive, quoted } from './entries.js'
import type { Entry } from './entries.js'
import { escapeRegex, expressionRegex } from './patterns.js'
import { expressionString, literalInString } from './templates.js'

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

/** Not sent with every request, so that their absence from the source's list is no difference for most. */
const sentSometimes = new Set([
  'PATH_INFO',
  'PATH_TRANSLATED',
  'REMOTE_USER',
  'AUTH_TYPE',
  'CONTENT_TYPE',
  'CONTENT_LENGTH'
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
  /** Names whose value or presence differs and is left so. */
  readonly differs: ReadonlySet<string>
}

/** Compares the source's params with what httpd sends by itself. */
export function planParams(params: Params | undefined): ParamPlan {
  const entries = params?.entries ?? []
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
      if (sentSometimes.has(entry.name) && entry.omit === 'never') differs.add(entry.name)
    } else set.push({ name: entry.name, value: entry.value, entry })
  }
  // Every header is told, whether or not the source does.
  if (params !== undefined && !entries.some(({ kind }) => kind === 'headers')) differs.add('HTTP_*')
  if (params !== undefined) for (const name of unasked.keys()) if (!named.has(name)) differs.add(name)
  return { set, differs }
}

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

/** ProxyFCGISetEnvIf lines for a planned list; names that httpd cannot say are given back. */
export function paramLines(plan: ParamPlan): {
  readonly lines: readonly { readonly entry: Entry; readonly param: ParamEntry }[]
  readonly lost: readonly ParamEntry[]
} {
  const lines: { entry: Entry; param: ParamEntry }[] = []
  const lost: ParamEntry[] = []
  for (const { name, value, entry } of plan.set) {
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

/**
 * How SCRIPT_NAME, PATH_INFO, SCRIPT_FILENAME, PATH_TRANSLATED and DOCUMENT_ROOT are made where httpd's own way (the
 * name ends where the file does) is not the source's. The lines build on each other, so their order counts.
 */
export function scriptLines(
  target: FastcgiTarget,
  match: Match,
  checked: boolean,
  params: Params | undefined
): readonly Entry[] {
  const { script } = target
  const lines: Entry[] = []
  const own = splitsAtFile(script, checked)
  if (!own) lines.push(...splitLines(script, match))
  if (script.index !== undefined) {
    const index = expressionString(script.index)
    if (index !== undefined && !own) {
      lines.push(setParam("reqenv('SCRIPT_NAME') =~ m#/$#", 'SCRIPT_NAME', `%{reqenv:SCRIPT_NAME}${index}`))
    }
  }
  lines.push(...rootLines(script, own, tells(params, 'PATH_TRANSLATED')))
  if (script.stripUri !== undefined) {
    const strip = script.stripUri.replace(/\/$/, '')
    const pattern = expressionRegex(`^${escapeRegex(strip)}(/.*)$`)
    lines.push(setParam(`reqenv('REQUEST_URI') =~ ${pattern}`, 'REQUEST_URI', '$1'))
  }
  return lines
}

function tells(params: Params | undefined, name: string): boolean {
  return params?.entries.some((entry) => entry.kind === 'param' && entry.name === name) === true
}

const withoutPathInfo: readonly Entry[] = [
  directive('ProxyFCGISetEnvIf', quoted('true'), '!PATH_INFO'),
  directive('ProxyFCGISetEnvIf', quoted('true'), '!PATH_TRANSLATED')
]

function splitLines(script: Script, match: Match): readonly Entry[] {
  const whole = [setParam('true', 'SCRIPT_NAME', '%{REQUEST_URI}'), ...withoutPathInfo]
  switch (script.split.kind) {
    case 'file':
    case 'common-tail':
      return []
    case 'whole':
    case 'disk':
      return whole
    case 'all-path-info':
      return [setParam('true', 'SCRIPT_NAME', ''), setParam('true', 'PATH_INFO', '%{REQUEST_URI}')]
    case 'after-prefix': {
      if (match.kind !== 'prefix') return whole
      const source = `^(${escapeRegex(match.value)}[^/]*)(/.*)$`
      return [...whole, ...groupLines(source)]
    }
    case 'regex': {
      const flags = script.split.regex.ignoreCase ? '(?i)' : ''
      return [...whole, ...groupLines(flags + script.split.regex.source)]
    }
  }
}

function groupLines(source: string): readonly Entry[] {
  const test = `%{REQUEST_URI} =~ ${expressionRegex(source)}`
  return [setParam(test, 'SCRIPT_NAME', '$1'), setParam(test, 'PATH_INFO', '$2')]
}

function rootLines(script: Script, own: boolean, translated: boolean): readonly Entry[] {
  const { root } = script
  const tail = script.keepPathInfo ? '%{reqenv:PATH_INFO}' : ''
  const written = literalText(script.filenamePrefix ?? []) ?? ''
  const prefix = written.startsWith('proxy:fcgi:') ? '' : written
  if (root.kind === 'whole') {
    const text = expressionString(root.template)
    return text === undefined
      ? []
      : [setParam('true', 'SCRIPT_FILENAME', `${literalInString(prefix)}${text}`)]
  }
  if (root.kind === 'filename' || root.kind === 'document-root') {
    if (own && tail === '' && prefix === '') return []
    const base = own ? '%{reqenv:SCRIPT_FILENAME}' : '%{DOCUMENT_ROOT}%{reqenv:SCRIPT_NAME}'
    return [
      setParam('true', 'SCRIPT_FILENAME', `${literalInString(prefix)}${base}${tail}`),
      ...(own || !translated ? [] : [translatedLine('%{DOCUMENT_ROOT}')])
    ]
  }
  const literal = literalText(root.template)
  const text =
    literal === undefined ? expressionString(root.template) : literalInString(literal.replace(/\/$/, ''))
  if (text === undefined) return []
  return [
    setParam('true', 'SCRIPT_FILENAME', `${literalInString(prefix)}${text}%{reqenv:SCRIPT_NAME}${tail}`),
    ...(translated ? [translatedLine(text)] : []),
    ...(script.documentRootFollows
      ? [setParam('true', 'DOCUMENT_ROOT', literal === undefined ? text : literalInString(literal))]
      : [])
  ]
}

function translatedLine(root: string): Entry {
  return setParam("-n reqenv('PATH_INFO')", 'PATH_TRANSLATED', `${root}%{reqenv:PATH_INFO}`)
}
