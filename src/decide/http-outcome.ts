import { unreachable } from '../diagnostics/index.js'
import type { Binding, Forwarding, HttpTarget, Member, Pool } from '../model/index.js'
import { encodePath } from './path.js'
import type { RenderContext, State } from './state.js'
import { completedLocation } from './steps/redirected.js'
import { renderText } from './template.js'
import type { ForwardedRequest, HttpOutcome } from './types.js'

/** The request that another HTTP server is asked with. */
export function httpOutcome(
  state: State,
  { origin }: Binding,
  { forwarding, response, replacesLocation }: HttpTarget,
  asked: { readonly pool: Pool; readonly member: Member }
): HttpOutcome {
  const sendsBody = forwarding.body !== 'withheld' && !state.withoutBody && !state.bodyDropped
  return {
    kind: 'http',
    ...asked,
    forwarded: forwarded(state, forwarding, { state, member: asked.member }, sendsBody),
    sendsBody,
    ...(isStreamed(state, forwarding) && { streamsBody: true }),
    response,
    ...(replacesLocation && {
      replacesLocation: { from: replacesLocation.from, to: located(state, replacesLocation.to) }
    }),
    ...(state.errorPaged && { inPlaceOfError: true }),
    origin
  }
}

/** HTTP/1.0 has no chunks: what comes so is read whole first. */
function isStreamed({ request }: State, { body, version }: Forwarding): boolean {
  return body === 'streamed' && (request.body.kind !== 'chunked' || version === '1.1')
}

function located(state: State, to: string): string {
  return to.startsWith('/') ? completedLocation(state, to) : to
}

function forwarded(
  state: State,
  { version, method, target, headers, passesHeaders }: Forwarding,
  context: RenderContext,
  sendsBody: boolean
): ForwardedRequest {
  const { body } = state.request
  const chunked = sendsBody && body.kind === 'chunked' && body.bytes === undefined
  const own = headers.map(({ name, value }) => [name, renderText(value, context)] as const)
  const names = new Set(own.map(([name]) => name.toLowerCase()))
  const theirs = passesHeaders ? state.headerList.filter(([name]) => !names.has(name.toLowerCase())) : []
  return {
    version,
    method: method === undefined ? state.method : renderText(method, context),
    target: targetOf(state, target, context),
    headers: [
      ...own.filter(([, value]) => value !== ''),
      ...(chunked ? [['Transfer-Encoding', 'chunked'] as const] : []),
      ...theirs
    ],
    ...(chunked && { chunked })
  }
}

function targetOf(state: State, target: Forwarding['target'], context: RenderContext): string {
  switch (target.kind) {
    case 'current':
      return state.uri
    case 'replaced':
      if (state.rewrittenHere) return state.uri
      return target.by + encodePath(state.path.slice(target.prefixLength)) + queryOf(state)
    case 'made': {
      const made = renderText(target.from, context)
      if (made === '') return state.uri
      return made.startsWith('?') ? `/${made}` : made
    }
    default:
      return unreachable(target)
  }
}

function queryOf({ query }: State): string {
  return query === undefined || query === '' ? '' : `?${query}`
}
