import { variable } from '../../../model/index.js'
import type {
  Setting,
  PathRule,
  PathRuleOptions,
  PathRules,
  Template,
  TemplateFunction
} from '../../../model/index.js'
import type { Line } from './line.js'
import { regex } from './patterns.js'
import type { Surroundings } from './params.js'
import { setting, type Place, type Server } from './place.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'
import { flag } from './rewrite-flags.js'
import {
  argumentsOf,
  conditionOf,
  filled,
  flagsOf,
  type Around,
  type Maps,
  type RewriteMap,
  type RuleCondition
} from './rewrite-texts.js'

/** What the lines of one place say (mod_rewrite). */
export interface Rewriting {
  on: boolean | undefined
  base: string | undefined
  options: PathRuleOptions | undefined
  conditions: RuleCondition[]
  readonly rules: PathRule[]
  readonly first: Line
  /** What rules hand to another server, by the rule. */
  readonly handed: Map<PathRule, string>
}

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
      rewritingOf(line, place, reader).conditions.push(conditionOf(line, aroundOf(place, reader)))
      return undefined
    }
  ],
  ['RewriteRule', rule],
  ['RewriteMap', map],
  ['RewriteOptions', options]
]

/** Maps that need no table. */
const mapFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ['int:tolower', 'lower-case'],
  ['int:toupper', 'upper-case'],
  ['int:escape', 'escape-path'],
  ['int:unescape', 'unescape']
])

/** `RewriteMap name txt:/etc/map`, `int:tolower`; without a type it is a file too. */
function map(line: Line, place: Place, reader: Reader): Said {
  const [name = '', source = ''] = line.words.map((word) => word.value)
  const maps = new Map(reader.rewriteMaps.get(place.server))
  const add = (made: RewriteMap): void => {
    reader.rewriteMaps.set(place.server, maps.set(name, made))
  }
  const [, type, rest = ''] = /^(txt|rnd|dbm|dbm=\w+|dbd|fastdbd|prg|int):([^]*)$/i.exec(source) ?? []
  if (type?.toLowerCase() === 'int') {
    const made = mapFunctions.get(source.toLowerCase())
    if (made === undefined) {
      const hint = 'there are `tolower`, `toupper`, `escape` and `unescape`'
      reader.report.refuse(
        'unknown-map',
        line.words[1]?.span ?? line.span,
        `There is no function \`${rest}\``,
        hint
      )
      return undefined
    }
    add({ kind: 'function', name: made })
    return undefined
  }
  // A program may have arguments; what the files of a database are called hangs on its kind.
  const file = type?.toLowerCase() === 'prg' ? /\S*/.exec(rest)?.[0] : type === undefined ? source : rest
  const path = reader.path(file ?? '')
  if (/^(?:txt|rnd|prg)$/i.test(type ?? 'txt') && reader.io.kind(path) === 'missing') {
    const message = `The file of the map \`${name}\` is not there: \`${path}\``
    reader.report.refuseHere('no-map', line.words[1]?.span ?? line.span, message, 'correct the path')
  }
  if (type !== undefined && type.toLowerCase() !== 'txt') {
    add(undefined)
    return notReadYet
  }
  add({ kind: 'file', path })
  return undefined
}

const rewriteOptions: ReadonlyMap<string, PathRuleOptions> = new Map<string, PathRuleOptions>([
  ['inherit', { inherits: 'behind' }],
  ['inheritbefore', { inherits: 'ahead' }],
  ['inheritdown', { handsDown: 'behind' }],
  ['inheritdownbefore', { handsDown: 'ahead' }],
  ['ignoreinherit', { refuses: true }],
  ['allownoslash', { bareFolder: true }],
  ['mergebase', { inheritsBase: true }],
  ['ignorecontextinfo', { keepsTarget: true }],
  // Of targets that are no paths, and of files that only seem to be there: both are left to the system here.
  ['allowanyuri', {}],
  ['legacyprefixdocroot', {}],
  ['unsafeprefixstat', {}]
])

function options(line: Line, place: Place, reader: Reader): Said {
  const rewriting = rewritingOf(line, place, reader)
  for (const word of line.words) {
    const name = word.value.toLowerCase()
    const option = name.startsWith('maxredirects=') ? {} : rewriteOptions.get(name)
    if (option === undefined) {
      reader.report.refuse('unknown-option', word.span, `\`RewriteOptions\` has no \`${word.value}\``)
      return undefined
    }
    // Behind goes before ahead where both are said.
    rewriting.options = {
      ...rewriting.options,
      ...option,
      ...(rewriting.options?.inherits === 'behind' && { inherits: 'behind' }),
      ...(rewriting.options?.handsDown === 'behind' && { handsDown: 'behind' })
    }
  }
  return undefined
}

function aroundOf(place: Place, reader: Reader): Around {
  return { place, maps: mapsOf(place.server, reader) }
}

/** A host has its own maps, and those of the main server where it inherits its rules. */
function mapsOf(server: Server, reader: Reader): Maps {
  return reader.rewriteMaps.get(server) ?? noMaps
}

const noMaps: Maps = new Map()

function rewritingOf(line: Line, place: Place, reader: Reader): Rewriting {
  const of = place.section ?? place
  const known = reader.rewriting.get(of) ?? {
    on: undefined,
    base: undefined,
    options: undefined,
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

/**
 * The folder that rules of a place are about. Of other sections than `<Directory>` with a plain path it is what stands in
 * the section's head, which no file's name begins with: their rules see the whole name.
 */
function folderOf(place: Place): Pick<PathRules, 'folder' | 'sees'> {
  const { context, path } = place
  if ((context === 'directory' || context === 'htaccess') && path !== undefined) return { folder: path }
  return { folder: path ?? place.about ?? '', sees: 'whole-name' }
}

function rule(line: Line, place: Place, reader: Reader): Said {
  const rewriting = rewritingOf(line, place, reader)
  const { conditions } = rewriting
  rewriting.conditions = []
  const around = aroundOf(place, reader)
  const [pattern = '', written = '', flagged = ''] = argumentsOf(line.text)
  const negated = pattern.startsWith('!')
  const flags = flagsOf(flagged)
  const ignoreCase = flags.some(([name]) => name === 'nc' || name === 'nocase')
  const { target, query } = queryOf(written, flags)
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
  const to = target === '-' ? undefined : filled(target, around)
  const handed = flags.some(([name]) => name === 'p' || name === 'proxy')
  const isKnown = target === '-' || to !== undefined
  const withTarget: PathRule = {
    ...made,
    ...(to === undefined ? {} : { to }),
    ...(isKnown && (!handed || originOf(target, takesWholePath(made, place)) !== undefined)
      ? {}
      : { unsupported: `the target \`${target}\`` })
  }
  const changed = flags.reduce((so, [name, text]) => ({ ...so, ...flag(so, name, text, around) }), withTarget)
  // What a condition that is not understood would let pass is not known.
  const told: PathRule = { ...changed, ...query }
  // What is handed over unescaped has its query in the path, which hangs on the kind of application.
  const asItIs = handed && !told.escaped ? ['the flags `P` and `NE` together'] : []
  const open = [...unread, ...asItIs]
  const whole = open.length > 0 ? { ...told, unsupported: open.join(', ') } : told
  rewriting.rules.push(whole)
  if (handed) rewriting.handed.set(whole, target)
  if (whole.label !== undefined) reader.useLabel(whole.label, line.span)
  return whole.unsupported === undefined ? undefined : notReadYet
}

/** A `?` at the end says that no query is wanted, as QSD does; with QSA it is only the last one (`cmd_rewriterule`). */
function queryOf(
  written: string,
  flags: readonly (readonly [name: string, text: string])[]
): { readonly target: string; readonly query: Partial<Pick<PathRule, 'query' | 'lastMark'>> } {
  const has = (...names: readonly string[]): boolean => flags.some(([name]) => names.includes(name))
  if (written.endsWith('?')) {
    return has('qsa', 'qsappend')
      ? { target: written, query: { lastMark: true } }
      : { target: written.slice(0, -1), query: { query: 'dropped' } }
  }
  const isDropped = has('qsd', 'qsdiscard') && !written.includes('?')
  return { target: written, query: isDropped ? { query: 'dropped' } : {} }
}

/** Once every line is read: the rules of each place. */
export function finishRewriting(reader: Reader, around: (server: Server) => Surroundings): void {
  const { main, hosts, rewriting } = reader
  for (const [place, said] of rewriting) {
    const { first, on } = said
    if (on !== undefined) place.settings.push(setting('pathRulesOn', on, first.span))
    if (isServer(place)) {
      if (said.options !== undefined)
        place.settings.push(setting('folderRules', { rules: [], options: said.options }, first.span))
      continue
    }
    const rules = rulesOf(said, place, reader, around)
    if (
      rules.length + (said.base === undefined ? 0 : 1) + (on === undefined ? 0 : 1) === 0 &&
      said.options === undefined
    )
      continue
    const all: PathRules = {
      ...folderOf(place),
      rules,
      ...(said.base === undefined ? {} : { base: said.base }),
      ...(said.options === undefined ? {} : { options: said.options })
    }
    place.settings.push({
      ...setting('folderRules', all, first.span),
      parts: rules.map(({ origin }) => origin)
    })
  }
  const ofMain = rewriting.get(main)
  const mainRules = ofMain === undefined ? [] : rulesOf(ofMain, main, reader, around)
  if (rewriting.size > 0) pushUrlRules(main, mainRules, ofMain?.first ?? firstOf(reader, main))
  // A host has its own rules, or those of the main server too where either wants it.
  for (const host of hosts) {
    const said = rewriting.get(host)
    const own = said === undefined ? [] : rulesOf(said, host, reader, around)
    const how = inheritance(said?.options, ofMain?.options)
    const inherited = how === undefined || ofMain === undefined ? [] : rulesOf(ofMain, host, reader, around)
    const rules = how === 'ahead' ? [...inherited, ...own] : [...own, ...inherited]
    pushUrlRules(host, rules, said?.first ?? firstOf(reader, host))
  }
}

/** The first line about rewriting in any place of a server: without one a host is never looked at (`hook_uri2file`). */
function firstOf({ rewriting }: Reader, server: Server): Line | undefined {
  return [...rewriting].find(([place]) => place.server === server)?.[1].first
}

const noUrlRules: Setting = { ...setting('urlRules', { rules: [] }), parts: [] }

function pushUrlRules(server: Server, rules: readonly PathRule[], first: Line | undefined): void {
  const parts = rules.map(({ origin }) => origin)
  const isMain = server.context === 'main'
  server.settings.push(
    rules.length === 0 && first === undefined && !isMain
      ? noUrlRules
      : { ...setting('urlRules', { rules, told: scriptVariables }, first?.span), parts }
  )
}

/** `config_server_merge` */
function inheritance(
  own: PathRuleOptions | undefined,
  outer: PathRuleOptions | undefined
): 'ahead' | 'behind' | undefined {
  const options = own ?? outer
  return options?.inherits ?? (options?.refuses === true ? undefined : outer?.handsDown)
}

function rulesOf(
  { rules, handed }: Rewriting,
  place: Place,
  reader: Reader,
  around: (server: Server) => Surroundings
): readonly PathRule[] {
  return rules.map((rule) => handedOver(rule, handed.get(rule), place, reader, around))
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
  const seesAll = isServer(place) || folderOf(place).sees === 'whole-name'
  return seesAll && !negated && /^\^\((?:\.\*|\/[^()]*)\)\$$/.test(match.source)
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
  const origin = originOf(target, takesWholePath(rule, place))
  if (origin === undefined) return rule
  // Where the path begins in the request's part of the target, nothing of it is known before.
  const url = target.startsWith(`${origin}$`) ? origin : target
  const server = reader.proxyOf(place.server, around)
  return { ...rule, application: server.targets(url, rule.origin, isServer(place) ? 'url' : 'file') }
}

/** Told with every request to a server that rewrites; the URL that was asked for first. */
const asked: Template = variable('request.path')
const scriptVariables = [
  { name: 'SCRIPT_URL', value: asked },
  { name: 'SCRIPT_URI', value: [...variable('site.origin'), ...asked] }
] as const
