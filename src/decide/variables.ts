import { decodeBytes, unreachable } from '../diagnostics/index.js'
import type { VariableName } from '../model/index.js'
import type { RenderContext, State } from './state.js'
import type { LimitVerdict, Request } from './types.js'
import { isLost, mapPath } from './mapping.js'
import { binaryAddress } from './address.js'
import { momentValue } from './moment.js'
import { handlerScript } from './script.js'
import { ownOrigin } from './steps/redirected.js'
import { renderText } from './template.js'

/** What a variable of the neutral vocabulary holds now; undefined if there is no such thing in this request. */
export function variableValue(name: VariableName, context: RenderContext): string | undefined {
  const { state } = context
  switch (name) {
    case 'request.method':
      return state.methodTold ?? state.method
    case 'request.protocol':
    case 'server.protocol':
      return state.lineUnread ? undefined : state.request.protocol
    case 'request.scheme':
      return state.request.tls ? 'https' : 'http'
    case 'request.uri':
      return context.script?.uri ?? state.received
    case 'request.target':
      return state.request.target
    case 'request.host':
      // Where it is not known which host was asked for, it is the server that answers.
      return state.hostUnknown || isUnnamed(state) ? serverName(state) : state.host.name
    case 'site.origin':
      return ownOrigin(state)
    case 'request.authority':
      return state.host.authority
    case 'request.port':
      return state.host.port
    case 'scheme.port':
      return state.request.tls ? '443' : '80'
    case 'request.content-length':
      return contentLength(state)
    case 'request.content-type':
      return state.headers.get('content-type')?.[0]
    case 'request.body-length':
      return bodyLength(state)
    case 'request.line':
      return requestLine(state.request)
    case 'request.body':
      return bodyText(context)
    case 'request.id':
    case 'request.length':
    case 'request.time':
    case 'connection.number':
    case 'connection.requests':
    case 'connection.time':
    case 'time.seconds':
    case 'time.iso':
    case 'time.log':
    case 'machine.name':
    case 'process.id':
      return momentValue(name, state)
    case 'request.path':
      return state.receivedPath
    case 'path':
      return state.path
    case 'uri':
      return state.uri
    case 'uri.path':
      return state.uri.replace(/\?[^]*$/, '')
    case 'query':
      return state.query
    case 'query.mark':
      return state.query === undefined || state.query === '' ? '' : '?'
    case 'query.mark.written':
      return state.query === undefined ? '' : '?'
    case 'query.and':
      return state.query === undefined || state.query === '' ? '' : '&'
    case 'document-root':
      return context.script?.documentRoot ?? documentRoot(state)
    case 'document-root.real':
      return state.surroundings.files.realPath(documentRoot(state))
    case 'context.prefix':
      return state.mapped?.context?.prefix ?? ''
    case 'context.document-root':
      return state.mapped?.context?.root ?? documentRoot(state)
    case 'filename':
      return isLost(state) ? undefined : (state.mapped ?? mapPath(state)).filename
    case 'path.so-far':
      return soFar(state)
    case 'path.so-far.file':
      return state.lookedUp && state.path === soFar(state) ? '' : state.looks.up(state, soFar(state)).filename
    case 'path-info':
      return state.mapped?.pathInfo
    case 'script.name':
      return splitOf(context).name
    case 'script.path-info':
      return splitOf(context).pathInfo || undefined
    case 'script.filename':
      return script(context).filename
    case 'script.path-translated':
      return script(context).pathTranslated
    case 'server.name':
      return serverName(state)
    case 'server.address':
      return state.request.local.address
    case 'server.port':
      return String(state.request.local.port)
    case 'server.software':
      return state.settings.serverSoftware?.value
    case 'server.admin':
      return state.settings.serverAdmin?.value
    case 'server.signature':
      return signature(state)
    case 'remote.address':
      return state.remote.address
    case 'remote.port':
      return portText(state.remote.port)
    case 'remote.address.binary':
      return binaryAddress(state.remote.address)
    case 'remote.address.connection':
      return state.request.remote.address
    case 'remote.port.connection':
      return portText(state.request.remote.port)
    case 'https':
      return state.request.tls ? 'on' : undefined
    case 'remote.password':
      return basicPassword(state)
    case 'remote.user':
      return basicUser(state)
    case 'auth.user':
      return state.user
    case 'redirect.user':
      return state.user === undefined ? state.before?.user : undefined
    case 'auth.type':
      return state.user === undefined || state.settings.authentication?.value.method === 'guard'
        ? undefined
        : 'Basic'
    case 'redirect.uri':
      return state.uri === state.received ? undefined : state.uri
    case 'redirect.url.told':
      return redirectUrl(state)
    case 'request.target.told':
      return state.settings.requestUriTold?.value === 'current-path' ? state.path : state.request.target
    case 'redirect.path':
      return state.before?.path
    case 'redirect.query':
      return state.before?.query
    case 'redirect.handler':
      return state.before?.label
    case 'redirect.status':
      return state.before === undefined ? undefined : String(state.before.status)
    case 'member.label':
      return context.member?.label
    case 'member.route':
      return context.member?.route
    case 'session.name':
      return state.session?.name
    case 'session.route':
      return state.session?.route
    case 'session.moved':
      return context.member === undefined || context.member.route === state.session?.route ? undefined : '1'
    case 'limits.requests':
      return limitWord(state.history.limited?.requests)
    case 'limits.connections':
      return limitWord(state.history.limited?.connections)
    case 'send-rate':
      return String(state.sendRate ?? 0)
    case 'handler.name':
      return state.label
    default:
      return unreachable(name)
  }
}

const limitWords = { passed: 'PASSED', delayed: 'DELAYED', refused: 'REJECTED' } as const

function limitWord(said: LimitVerdict | undefined): string | undefined {
  if (said === undefined) return undefined
  const { verdict, dryRun } = said
  return limitWords[verdict] + (dryRun === true && verdict !== 'passed' ? '_DRY_RUN' : '')
}

function isUnnamed({ host, site }: State): boolean {
  return host.name === '' && site.site.request.host.missingTold === 'server-name'
}

/** What was refused is told as it came. */
export function requestLine({ line, method, target, protocol }: Request): string {
  return line ?? `${method} ${target} ${protocol}`
}

/** What is whole has the port that the client wrote, else that of the site's own redirects. */
function redirectUrl(state: State): string | undefined {
  if (state.before === undefined || state.settings.redirectUrlTold?.value !== 'whole')
    return state.before?.path
  const { tls, target } = state.request
  const { serverPort } = state.settings
  const named = serverPort === undefined ? '' : renderText(serverPort.value, { state })
  const port = state.host.port === '' ? named : state.host.port
  const usual = tls ? '443' : '80'
  const host = serverName(state) + (port === '' || port === usual ? '' : `:${port}`)
  return `${tls ? 'https' : 'http'}://${host}${target}`
}

/** `ap_psignature` */
function signature(state: State): string {
  const { settings } = state
  const said = settings.signature?.value ?? 'none'
  if (said === 'none') return ''
  const name = escapeHtml(serverName(state))
  const admin = settings.serverAdmin?.value ?? ''
  const link = /^[a-z][a-z0-9+.-]*:\/\//i.test(admin) ? admin : `mailto:${admin}`
  const named = said === 'name' ? name : `<a href="${escapeHtml(link)}">${name}</a>`
  const port =
    settings.serverPort === undefined ? state.host.port : renderText(settings.serverPort.value, { state })
  return `<address>${settings.serverSoftware?.value ?? ''} Server at ${named} Port ${port}</address>\n`
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => entities[character] ?? character)
}

export function documentRoot(state: State): string {
  return (state.mapped ?? mapPath(state)).documentRoot
}

export function serverName(state: State): string {
  const named = state.mapped?.serverName
  if (named !== undefined) return named
  const setting = state.settings.serverName
  return setting === undefined ? state.host.name : renderText(setting.value, { state })
}

function script(context: RenderContext): NonNullable<RenderContext['script']> {
  return context.script ?? handlerScript(context.state)
}

/** Outside of an application's params the split that was made first counts, where it is made once. */
function splitOf(context: RenderContext): { readonly name: string; readonly pathInfo: string } {
  const { state } = context
  if (context.script !== undefined) return context.script
  if (state.site.site.request.splitOnce !== true) return handlerScript(state)
  return (state.split ??= handlerScript(state))
}

/** Read for an application's params; what answers in place of that application is told it too, nothing before it is. */
function bodyText({ state, script: params }: RenderContext): string | undefined {
  if (params === undefined && state.history.answer === undefined) return undefined
  const { body, bodyText: read } = state.request
  const isSent = body.kind !== 'none' && !state.withoutBody && !state.bodyDropped
  if (read === undefined && params !== undefined && isSent) state.wantsBody = true
  return read
}

/** A port that is not known is told as none. */
function portText(port: number): string {
  return port === 0 ? '' : String(port)
}

function contentLength(state: State): string | undefined {
  const { body, unreadable } = state.request
  // What cannot be read is told as it came.
  if (unreadable !== undefined) return state.headers.get('content-length')?.[0]
  switch (body.kind) {
    case 'none':
      return undefined
    case 'length':
      return String(body.bytes)
    case 'chunked':
      if (body.bytes === undefined) return state.bodyUnread ? '0' : undefined
      return String(body.bytes)
    default:
      return unreachable(body)
  }
}

function bodyLength(state: State): string | undefined {
  return state.withoutBody || state.request.body.kind === 'none' ? '0' : contentLength(state)
}

/** The name in a Basic Authorization header, checked or not. */
function basicUser(state: State): string | undefined {
  const login = readBasicLogin(state)
  return typeof login === 'object' ? login.user : undefined
}

function basicPassword(state: State): string | undefined {
  const login = readBasicLogin(state)
  return typeof login === 'object' ? login.password : undefined
}

export interface BasicLogin {
  readonly user: string
  readonly password: string
}

/** Name and password of a Basic Authorization header (RFC 7617). */
export function readBasicLogin(state: State): BasicLogin | 'none' | 'unreadable' {
  const value = state.headers.get('authorization')?.[0] ?? ''
  if (!/^basic /i.test(value)) return 'none'
  // What follows the base64 is of no account, and neither is missing padding.
  const text = decodeBase64(/^basic +([A-Za-z0-9+/]*)/i.exec(value)?.[1] ?? '')
  const colon = text.indexOf(':')
  if (colon < 0) return 'unreadable'
  return { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

function decodeBase64(text: string): string {
  try {
    return decodeBytes(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)))
  } catch {
    // No base64, and so no name either.
    return ''
  }
}

/** Ahead of the first rule that fits: the path while no file is known, else the file without what follows it. */
function soFar({ soFar, mapped, path }: State): string {
  return soFar ?? mapped?.filename ?? path
}
