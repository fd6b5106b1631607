import type { Span } from '../../../diagnostics/index.js'
import type { Binding, Condition, Match, Target, Template, TemplatePart } from '../../../model/index.js'
import { literal, not, variable } from '../../../model/index.js'
import { regex, substitution, test } from './patterns.js'
import { both, escapedPath, passedTargets, type Backend, type Proxying, type Way } from './proxy.js'

/** A ProxyPass line as a request for it is handled. `raw`: what is passed on is the target as it came. */
export interface Passing {
  readonly match: Match
  readonly condition: Condition
  readonly raw: boolean
  readonly span: Span
}

/** `ProxyPass /app/ fcgi://h:9000/srv/`: before any file is looked at; the URL behind the prefix is appended, escaped. */
export function passBindings(
  pass: Passing,
  backend: Backend,
  ways: readonly Way[],
  proxying: Proxying
): readonly Binding[] {
  const { condition, raw, span } = pass
  const match = rawMatch(pass)
  const shared = { match, at: ['url'], origin: span } as const
  const asked = askedPath(pass, backend)
  const path = raw ? withoutQuery(asked) : asked
  const bindings = ways.flatMap(({ worker, when: way }) =>
    passedTargets(path, backend, worker, proxying).map(({ when, target: made }): Binding => ({
      ...shared,
      when: [condition, way, when].reduce(both),
      target: made
    }))
  )
  return raw ? [...queryRefusals(shared, asked, condition, proxying.types), ...bindings] : bindings
}

/**
 * Behind a prefix with a slash and a URL without a path what is appended goes on with the host, which is then another one or none
 * (`ap_proxy_canon_netloc`): nobody's name is no host, and a port must be a number.
 */
export function gluedBindings(pass: Omit<Passing, 'raw'>, backend: Backend): readonly Binding[] {
  const { match, condition, span } = pass
  if (match.kind !== 'prefix' || !match.value.endsWith('/') || backend.path !== '') return []
  if (backend.kind === 'balancer') return []
  const rest: Template = [{ kind: 'capture', group: 1, from: 'rule' }]
  const goesOn = (source: string): Condition =>
    test({ of: 'text', template: rest }, { kind: 'regex', regex: regex(source) })
  const shared = { match, at: ['url'], origin: span } as const
  const binding = (when: Condition, target: Target): Binding => ({
    ...shared,
    when: both(condition, when),
    target
  })
  const elsewhere = binding(goesOn('^[^/]'), {
    kind: 'unsupported',
    what: `\`${backend.written}\` without a path, behind which the rest of the path makes another host`
  })
  if (/:\d+$/.test(backend.written))
    return [binding(goesOn('^(?!\\d*(?:/|$))[^/@?#]'), { kind: 'status', status: 500 }), elsewhere]
  // What could be a number, or ends in a dot, may be made a host that there is.
  return /[a-z]$/.test(backend.written)
    ? [binding(goesOn('^[^/:@?#]+(?:/|$)'), { kind: 'status', status: 500 }), elsewhere]
    : [elsewhere]
}

function rawMatch({ match, raw }: Passing): Match {
  return raw && (match.kind === 'prefix' || match.kind === 'regex') ? { ...match, raw: true } : match
}

/** What is passed on as it came must not have a `?` in it, unless what follows is cut off again. */
function queryRefusals(
  shared: Pick<Binding, 'match' | 'at' | 'origin'>,
  asked: Template,
  condition: Condition,
  types: Proxying['types']
): readonly Binding[] {
  const hasQuery = test({ of: 'text', template: asked }, { kind: 'regex', regex: regex(String.raw`\?`) })
  const before: Condition[] = []
  return types.flatMap(({ type, when }) => {
    if (type === 'GENERIC') {
      before.push(not(when))
      return []
    }
    const all = [condition, hasQuery, when, ...before].reduce(both)
    return [{ ...shared, when: all, target: { kind: 'status', status: 403 } }]
  })
}

function withoutQuery(path: Template): Template {
  return [{ kind: 'part', of: path, matching: { source: '^([^?]*)', ignoreCase: false } }]
}

/** The path that a worker is asked for (mod_proxy: `ap_proxy_trans_match`). */
export function askedPath({ match, raw }: Passing, { path }: Backend): Template {
  const escaped = (to: Template): Template => (raw ? to : escapedPath(to))
  if (match.kind === 'regex') {
    const filled = substitution(path)
    if (filled.some(({ kind }) => kind === 'capture')) return escaped(filled)
    // Without groups the whole path is appended.
    return escaped([...literal(path), ...variable(raw ? 'request.uri' : 'path')])
  }
  const rest: TemplatePart = { kind: 'capture', group: 1, from: 'rule' }
  if (raw || path !== '') return escaped([...literal(path), rest])
  return [{ kind: 'first-of', of: [escaped([rest]), literal('/')] }]
}

/** What every path begins with that a worker is asked for, as it stands in the URL. */
export function askedBeginning({ match, raw }: Passing, { path }: Backend): string {
  const [plain = ''] = match.kind === 'regex' ? path.split(/\$\d/) : [path]
  return raw ? plain : encodeURI(plain)
}
