import { literal, variable } from '../../../model/index.js'
import type {
  PathRule,
  PathRules,
  Template,
  TemplateFunction,
  TemplatePart,
  Test
} from '../../../model/index.js'
import { named as namedInExpression, type Unclear } from './interpolation.js'
import { closePlace } from './gates.js'
import type { Line } from './line.js'
import { regex } from './patterns.js'
import type { Surroundings } from './params.js'
import { setting, type Place, type Server } from './place.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'

/** What the lines of one place say (mod_rewrite). */
export interface Rewriting {
  on: boolean | undefined
  base: string | undefined
  conditions: Condition[]
  readonly rules: PathRule[]
  readonly first: Line
  /** What rules hand to another server, by the rule. */
  readonly handed: Map<PathRule, string>
}

type Condition = PathRule['conditions'][number] | { readonly unread: string }

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''

/** Rules that change URLs. */
export const rewriteHandlers: readonly (readonly [string, Handler])[] = [
  [
    'RewriteEngine',
    (line, place, reader) => {
      rewritingOf(line, place, reader).on = value(line).toLowerCase() === 'on'
      return undefined
    }
  ],
  [
    'RewriteBase',
    (line, place, reader) => {
      rewritingOf(line, place, reader).base = value(line)
      return undefined
    }
  ],
  [
    'RewriteCond',
    (line, place, reader) => {
      rewritingOf(line, place, reader).conditions.push(conditionOf(line, place, reader))
      return undefined
    }
  ],
  ['RewriteRule', rule],
  [
    'RewriteMap',
    (line, _, reader) => {
      const made = mapFunctions.get(value(line, 1).toLowerCase())
      if (made === undefined) return notReadYet
      reader.rewriteMaps.set(value(line), made)
      return undefined
    }
  ],
  [
    'RewriteOptions',
    (line, place, reader) => {
      // Rules of outer places would count as well.
      if (/inherit/i.test(line.text)) closePlace(line, place.section ?? place, reader)
      return notReadYet
    }
  ]
]

/** Maps that need no table. */
const mapFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ['int:tolower', 'lower-case'],
  ['int:toupper', 'upper-case'],
  ['int:escape', 'escape-path'],
  ['int:unescape', 'unescape']
])

function rewritingOf(line: Line, place: Place, reader: Reader): Rewriting {
  const of = place.section ?? place
  const known = reader.rewriting.get(of) ?? {
    on: undefined,
    base: undefined,
    conditions: [],
    rules: [],
    first: line,
    handed: new Map()
  }
  reader.rewriting.set(of, known)
  return known
}

function isServer(place: Place): boolean {
  return place.context === 'main' || place.context === 'vhost'
}

/** The one folder that rules of a place are about. */
function folderOf({ context, path }: Place): string | undefined {
  return context === 'directory' || context === 'htaccess' ? path : undefined
}

function rule(line: Line, place: Place, reader: Reader): Said {
  const rewriting = rewritingOf(line, place, reader)
  const { conditions } = rewriting
  rewriting.conditions = []
  const [pattern = '', target = ''] = line.words.map((word) => word.value)
  const negated = pattern.startsWith('!')
  const flags = flagsOf(value(line, 2))
  const ignoreCase = flags.some(([name]) => name === 'nc' || name === 'nocase')
  const unread = conditions.flatMap((each) => ('unread' in each ? [each.unread] : []))
  const made: PathRule = {
    match: regex(negated ? pattern.slice(1) : pattern, ignoreCase),
    negated,
    conditions: conditions.flatMap((each) => ('unread' in each ? [] : [each])),
    query: 'kept',
    then: 'next',
    chained: false,
    environment: [],
    mapped: false,
    escaped: true,
    origin: line.span
  }
  const to = target === '-' ? undefined : filled(target, place, reader)
  const handed = flags.some(([name]) => name === 'p' || name === 'proxy')
  const isKnown = target === '-' || to !== undefined
  const withTarget: PathRule = {
    ...made,
    ...(to === undefined ? {} : { to }),
    ...(isKnown && (!handed || originOf(target, takesWholePath(made, place)) !== undefined)
      ? {}
      : { unsupported: `the target \`${target}\`` })
  }
  const flagged = flags.reduce(
    (so, [name, text]) => ({ ...so, ...flag(so, name, text, { place, reader }) }),
    withTarget
  )
  // What a condition that is not understood would let pass is not known.
  const whole = unread.length > 0 ? { ...flagged, unsupported: unread.join(', ') } : flagged
  rewriting.rules.push(whole)
  if (handed) rewriting.handed.set(whole, target)
  if (whole.label !== undefined) reader.useLabel(whole.label, line.span)
  // Elsewhere the folder they are relative to is not known.
  const known = isServer(place) || folderOf(place) !== undefined
  return known && whole.unsupported === undefined ? undefined : notReadYet
}

function flagsOf(text: string): readonly (readonly [name: string, text: string])[] {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? ''
  return inner
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const at = each.indexOf('=')
      return at < 0 ? [each.toLowerCase(), ''] : [each.slice(0, at).toLowerCase(), each.slice(at + 1)]
    })
}

/** Where a rule stands. */
interface At {
  readonly place: Place
  readonly reader: Reader
}

/** What one flag changes. */
function flag(so: PathRule, name: string, text: string, at: At): Partial<PathRule> {
  switch (name) {
    case 'nc':
    case 'nocase':
    case 'ns':
    case 'nosubreq':
    case 'unsafeprefixstat':
      return {}
    case 'unsafeallow3f':
      return { escapedMark: 'kept' }
    case 'l':
    case 'last':
      return { then: 'last' }
    case 'end':
      return { then: 'end' }
    case 'n':
    case 'next':
      return { then: 'again' }
    case 's':
    case 'skip':
      return { then: Number(text) || 0 }
    case 'c':
    case 'chain':
      return { chained: true }
    case 'qsa':
    case 'qsappend':
      return { query: 'appended' }
    case 'qsd':
    case 'qsdiscard':
      return { query: 'replaced' }
    case 'ne':
    case 'noescape':
      return { escaped: false }
    case 'pt':
    case 'passthrough':
      return { mapped: true, then: so.then === 'next' ? 'last' : so.then }
    case 'p':
    case 'proxy':
      return { then: 'last' }
    case 'h':
    case 'handler':
      return { label: text.includes('/') ? text : text.toLowerCase() }
    case 'f':
    case 'forbidden':
      return { answer: { kind: 'status', status: 403 } }
    case 'g':
    case 'gone':
      return { answer: { kind: 'status', status: 410 } }
    case 'r':
    case 'redirect':
      return redirectFlag(text)
    case 'e':
    case 'env':
      return environmentFlag(so, text, at)
    default:
      return { unsupported: `the flag \`${name}\` of a rewrite rule` }
  }
}

const redirectNames: ReadonlyMap<string, number> = new Map([
  ['', 302],
  ['temp', 302],
  ['permanent', 301],
  ['seeother', 303]
])

function redirectFlag(text: string): Partial<PathRule> {
  const status = redirectNames.get(text.toLowerCase()) ?? Number(text)
  if (!(status >= 100 && status <= 599)) return { unsupported: `the status \`${text}\` of a redirect` }
  return { answer: { kind: status >= 300 && status <= 399 ? 'redirect' : 'status', status } }
}

function environmentFlag(so: PathRule, text: string, { place, reader }: At): Partial<PathRule> {
  const at = text.indexOf(':')
  const filling = at < 0 ? [] : filled(text.slice(at + 1), place, reader)
  if (text.startsWith('!') || filling === undefined) return { unsupported: `the flag \`E=${text}\`` }
  return { environment: [...so.environment, { name: at < 0 ? text : text.slice(0, at), value: filling }] }
}

/** `RewriteCond %{REQUEST_FILENAME} !-f [OR]` */
function conditionOf(line: Line, place: Place, reader: Reader): Condition {
  const [text = '', written = ''] = line.words.map((word) => word.value)
  const flags = flagsOf(value(line, 2)).map(([name]) => name)
  const subject = filled(text, place, reader)
  const negated = written.startsWith('!')
  const ignoreCase = flags.includes('nc') || flags.includes('nocase')
  const test = testOf(negated ? written.slice(1) : written, ignoreCase)
  if (subject === undefined || test === undefined || text.toLowerCase() === 'expr') {
    return { unread: `the condition \`${line.text}\`` }
  }
  return { subject, test, negated, or: flags.includes('or') || flags.includes('ornext') }
}

function testOf(pattern: string, ignoreCase: boolean): Test | undefined {
  switch (pattern) {
    case '-f':
      return { kind: 'exists', what: 'file' }
    case '-d':
      return { kind: 'exists', what: 'directory' }
    default:
      break
  }
  if (/^-\w|^[<>]/.test(pattern)) return undefined
  if (!pattern.startsWith('=')) return { kind: 'regex', regex: regex(pattern, ignoreCase) }
  const text = pattern.slice(1)
  return { kind: 'equals', value: text === '""' ? '' : text, ignoreCase }
}

/** A text with `$1`, `%1`, `%{NAME}` and `${map:key}` in it; undefined where it has more. */
function filled(text: string, place: Place, reader: Reader): Template | undefined {
  const parts: TemplatePart[] = []
  for (const [piece, escaped, group, ofCondition, name, map, key = ''] of text.matchAll(
    /\\([^])|\$(\d)|%(\d)|%\{([^}]*)\}|\$\{([^:{}|]+):((?:[^{}|]|%\{[^{}]*\})*)\}|\$\{|[^\\$%]+|[^]/g
  )) {
    if (piece === '${') return undefined
    if (map !== undefined) {
      const made = reader.rewriteMaps.get(map)
      const to = filled(key, place, reader)
      if (made === undefined || to === undefined) return undefined
      parts.push({ kind: 'apply', function: made, to })
      continue
    }
    if (group !== undefined) parts.push({ kind: 'capture', group: Number(group), from: 'rule' })
    else if (ofCondition !== undefined)
      parts.push({ kind: 'capture', group: Number(ofCondition), from: 'scope' })
    else {
      const template = name === undefined ? literal(escaped ?? piece) : named(name, place)
      if (template === undefined) return undefined
      parts.push(...template)
    }
  }
  return parts
}

/** Ahead of every mapping the file's name is the URL still. */
function named(name: string, place: Place): Template | undefined {
  const isFile = name === 'REQUEST_FILENAME' || name === 'SCRIPT_FILENAME'
  if (isFile && isServer(place)) return variable('path')
  switch (name) {
    case 'THE_REQUEST':
      return [
        ...variable('request.method'),
        ...literal(' '),
        ...variable('request.target'),
        ...literal(' '),
        ...variable('request.protocol')
      ]
    case 'HTTPS':
      return [{ kind: 'first-of', of: [variable('https'), literal('off')] }]
    default:
      return clear(namedInExpression(name)) ?? ofRewrite(name)
  }
}

function clear(read: Template | Unclear): Template | undefined {
  return 'wrong' in read || 'unread' in read ? undefined : read
}

/** `%{ENV:NAME}` and `%{HTTP:Name}`, which are no functions of expressions. */
function ofRewrite(name: string): Template | undefined {
  const [, kind, rest = ''] = /^(ENV|HTTP):(.*)$/i.exec(name) ?? []
  if (kind === undefined) return undefined
  return kind.toUpperCase() === 'ENV'
    ? [{ kind: 'environment', name: rest }]
    : [{ kind: 'header', name: rest.toLowerCase() }]
}

/** Where rules stand that may refuse a request, in a folder that is not known before the request comes. */
export function closeRewriting(reader: Reader): void {
  for (const [place, { on, rules, first }] of reader.rewriting) {
    const isKnown = isServer(place) || folderOf(place) !== undefined
    const isOn = on ?? anyOn(reader)
    if (!isKnown && isOn && rules.some(({ answer }) => answer?.kind === 'status'))
      closePlace(first, place, reader)
  }
}

function anyOn(reader: Reader): boolean {
  return reader.mayBeOn || [...reader.rewriting].some(([place, { on }]) => on === true && !isServer(place))
}

/** Once every line is read: the rules of each place. */
export function finishRewriting(reader: Reader, around: (server: Server) => Surroundings): void {
  for (const [place, { on, base, rules: written, first, handed }] of reader.rewriting) {
    const rules = written.map((rule) => handedOver(rule, handed.get(rule), place, reader, around))
    const isOn = on ?? (isServer(place) ? reader.rewriting.get(reader.main)?.on === true : anyOn(reader))
    const all: PathRules = {
      rules: isOn ? rules : [],
      ...(base === undefined ? {} : { base })
    }
    const parts = rules.map(({ origin }) => origin)
    if (isServer(place)) {
      place.settings.push({ ...setting('urlRules', all, first.span), parts })
      if (on === true) place.settings.push(setting('environment', scriptVariables, first.span))
    } else {
      const folder = folderOf(place)
      if (folder === undefined) continue
      place.settings.push({ ...setting('folderRules', { ...all, folder }, first.span), parts })
      if (on !== undefined) place.settings.push(setting('folderRulesOn', on, first.span))
    }
  }
  // A host has its own rules or none.
  for (const host of reader.hosts) {
    if (!reader.rewriting.has(host)) host.settings.push(setting('urlRules', { rules: [] }))
  }
}

/** Scheme and host of a FastCGI application, where no request has a part in them. */
function originOf(target: string, takesPath: boolean): string | undefined {
  return (
    /^((?:unix:[^|$%]*\|)?(?:fcgi|balancer):\/\/[^/$%]+)(?=\/|$)/i.exec(target)?.[1] ??
    // What a request has a part in is the path, where the rule takes the whole of it.
    (takesPath ? /^(fcgi:\/\/[^/$%]+)\$1$/i.exec(target)?.[1] : undefined)
  )
}

/** Its first group is the URL's path, with its slash. */
function takesWholePath({ match, negated }: PathRule, place: Place): boolean {
  return isServer(place) && !negated && /^\^\((?:\.\*|\/[^()]*)\)\$$/.test(match.source)
}

/** A rule with `P` asks another server for what it made; which one must be known before the request comes. */
function handedOver(
  rule: PathRule,
  target: string | undefined,
  place: Place,
  reader: Reader,
  around: (server: Server) => Surroundings
): PathRule {
  if (target === undefined) return rule
  if (originOf(target, takesWholePath(rule, place)) === undefined) return rule
  return { ...rule, application: reader.proxyOf(place.server, around).targets(target, rule.origin) }
}

/** Told with every request to a server that rewrites; the URL that was asked for first. */
const asked: Template = variable('request.path')
const scriptVariables = [
  { name: 'SCRIPT_URL', value: asked, early: true },
  {
    name: 'SCRIPT_URI',
    value: [...variable('request.scheme'), ...literal('://'), ...variable('request.authority'), ...asked],
    early: true
  }
] as const
