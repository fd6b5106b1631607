import type { Decision, Outcome, Request } from '../decide/types.js'
import { printable } from '../diagnostics/frame.js'
import type { Style } from '../diagnostics/formats/style.js'
import { unreachable } from '../diagnostics/index.js'
import type { Span } from '../diagnostics/index.js'
import type { Address, Listener, Site } from '../model/index.js'
import { placeWriter } from './places.js'
import { tool } from './version.js'

/** A request and everything that was decided about it. */
export interface Route {
  readonly site: Site
  readonly url: string
  readonly request: Request
  readonly listener: Listener
  readonly decisions: readonly Decision[]
  readonly shown: (file: string) => string
}

type Place = (span: Span) => string

/** One line a fact, each with the place of the configuration it comes from. */
export function routeText({ site, url, request, listener, decisions, shown }: Route, style: Style): string {
  const place = placeWriter(site, shown)
  const lines = [
    style.bold(printable(`${request.method} ${url}`)),
    row('listener', addressText(listener.address), listener.origin, place, style),
    ...decisions.flatMap((decision, index) => [
      ...(index === 0 ? [] : ['', style.bold('then, once that says yes:')]),
      ...decisionLines(decision, place, style)
    ])
  ]
  return `${lines.join('\n')}\n`
}

function decisionLines({ scopes, outcome, trace }: Decision, place: Place, style: Style): readonly string[] {
  return [
    ...scopes.map(({ name, head }) => row('scope', name, head, place, style)),
    ...trace.map(({ step, text, origin }) => row(step, text, origin, place, style)),
    ...outcomeLines(outcome, place, style)
  ]
}

function outcomeLines(outcome: Outcome, place: Place, style: Style): readonly string[] {
  const say = (label: string, text: string): string => row(label, text, outcome.origin, place, style)
  switch (outcome.kind) {
    case 'fastcgi': {
      const { role, pool, member, params } = outcome
      const name = pool.name ?? pool.id
      const width = Math.max(0, ...params.map((param) => param.name.length))
      return [
        say('handler', `FastCGI ${role}`),
        row('pool', `${name} at ${addressText(member.address)}`, member.origin, place, style),
        ...params.map(({ name: param, value, origin }) =>
          row('param', `${param.padEnd(width)} = ${value}`, origin, place, style)
        )
      ]
    }
    case 'http': {
      const { pool, member, forwarded } = outcome
      const width = Math.max(...forwarded.headers.map(([name]) => name.length), 0)
      return [
        say('handler', `HTTP/${forwarded.version} ${forwarded.method} ${forwarded.target}`),
        row('pool', `${pool.name ?? pool.id} at ${addressText(member.address)}`, member.origin, place, style),
        ...forwarded.headers.map(([name, value]) => say('header', `${name.padEnd(width)} = ${value}`))
      ]
    }
    case 'file':
      return [
        say(
          'handler',
          `the file ${outcome.path} (${outcome.status}, ${outcome.mediaType ?? 'no media type'})`
        )
      ]
    case 'redirect':
      return [say('handler', `redirect ${outcome.status} to ${outcome.location}`)]
    case 'status':
      return [say('handler', `status ${outcome.status}: ${outcome.why}`)]
    case 'password':
      return [say('handler', `a password for ${outcome.user} must be compared`)]
    case 'count':
      return [say('handler', `the ${outcome.counts} must be counted`)]
    case 'listing':
      return [say('handler', `what lies in the folder ${outcome.folder} (${outcome.form.form})`)]
    case 'counters':
      return [say('handler', 'a page of counters')]
    case 'close':
      return [say('handler', `the connection is closed: ${outcome.why}`)]
    case 'unsupported':
      return [say('handler', `not decided: ${outcome.what}`)]
    default:
      return unreachable(outcome)
  }
}

function row(label: string, text: string, origin: Span | undefined, place: Place, style: Style): string {
  const where = origin === undefined ? '(unasked)' : place(origin)
  return `  ${label.padEnd(9)} ${printable(text)}  ${style.dim(where)}`
}

function addressText(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  return `${address.host.includes(':') && !address.host.startsWith('[') ? `[${address.host}]` : address.host}:${address.port}`
}

/** The same for programs. */
export function routeJson({ site, url, request, listener, decisions, shown }: Route): string {
  const place = placeWriter(site, shown)
  const placed = (origin: Span | undefined): object => (origin === undefined ? {} : { at: place(origin) })
  const document = {
    version: 1,
    tool,
    url,
    request: { method: request.method, target: request.target, headers: request.headers },
    listener: { id: listener.id, address: listener.address, ...placed(listener.origin) },
    decisions: decisions.map(({ scopes, outcome, trace }) => ({
      scopes: scopes.map(({ name, head }) => ({ name, ...placed(head) })),
      trace: trace.map(({ origin, ...line }) => ({ ...line, ...placed(origin) })),
      outcome: outcomeJson(outcome, placed)
    }))
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function outcomeJson(outcome: Outcome, placed: (origin: Span | undefined) => object): object {
  if (outcome.kind === 'password') {
    const { kind, user, form, origin } = outcome
    return { kind, user, form, ...placed(origin) }
  }
  if (outcome.kind === 'http') {
    const { kind, pool, member, forwarded, origin } = outcome
    return { kind, pool: pool.name ?? pool.id, address: member.address, ...forwarded, ...placed(origin) }
  }
  if (outcome.kind !== 'fastcgi') {
    const { origin, ...rest } = outcome
    return { ...rest, ...placed(origin) }
  }
  const { kind, role, pool, member, params, origin } = outcome
  return {
    kind,
    role,
    pool: pool.name ?? pool.id,
    address: member.address,
    params: params.map(({ name, value, origin: from }) => ({ name, value, ...placed(from) })),
    ...placed(origin)
  }
}
