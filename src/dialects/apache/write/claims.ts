import type {
  Binding,
  ConditionRule,
  FastcgiTarget,
  InForce,
  Listener,
  LocationRule,
  Params,
  PlannedRule,
  Pool
} from '../../../model/index.js'
import { inside, literalText } from '../../../model/index.js'
import { unreachable } from '../../../diagnostics/index.js'
import { bindingFields, markFields, markParams, poolFields, poolOrigins } from '../../account.js'
import { withheldNote } from '../../answer-rules.js'
import { answering } from '../../answering.js'
import { unguarded } from '../../guarded.js'
import { originsOf, refusedBy, widened } from '../../closing.js'
import { canAsk } from './conditions.js'
import { directive, quoted } from './entries.js'
import type { Entry } from './entries.js'
import { locationOrder } from '../../precedence.js'
import { grant } from './files.js'
import { locationWhere } from './locations.js'
import { closed } from './module.js'
import type { Context, FastcgiModule } from './module.js'
import { escapeRegex, expressionRegex, inlineRegex } from './patterns.js'
import { everywhere, narrowed, withExpression, withFile, withPath } from './places.js'
import type { Claim, Where } from './places.js'
import { isRequirement } from './requirements.js'
import { sendfileEntries } from './sendfile.js'
import { placeSettings } from './settings.js'
import { checksExistence, fallbackEntries, namedFallback } from './try-files.js'

export interface Claimed {
  /** From the weakest to the strongest. */
  readonly claims: readonly Claim[]
  /** What stands beside the sections. */
  readonly beside: readonly Entry[]
}

interface Place {
  readonly where: Where
  readonly settings: InForce
  readonly listeners: readonly Listener[]
  /** Ends of paths that stronger bindings take for existing files alone, and leave to nobody else where there is none. */
  readonly taken?: readonly string[]
  /** Whether something weaker answers here already, so that no answer must be said. */
  readonly covered: boolean
}

/** Who answers at a host: its own bindings first, then what its rules change, weakest first. */
export class ClaimWriter {
  readonly #claims: Claim[] = []
  readonly #beside: Entry[] = []
  #root: InForce['root']

  constructor(
    private readonly module: FastcgiModule,
    private readonly pools: ReadonlyMap<string, Pool>,
    private readonly context: Context
  ) {}

  host(settings: InForce, rules: readonly PlannedRule[], listeners: readonly Listener[]): Claimed {
    this.#root = settings.root
    const place = { where: everywhere, settings, listeners, covered: false }
    this.#accountAnswers(settings)
    this.#refused(place)
    this.#bindings(place)
    this.#fallback(settings.tryFiles, place, rules)
    this.#rules(rules, place, rules)
    return { claims: this.#claims, beside: this.#beside }
  }

  #rules(rules: readonly PlannedRule[], place: Place, siblings: readonly PlannedRule[]): void {
    const locations = rules.filter((rule) => rule.kind === 'location')
    for (const rule of rules) if (rule.kind === 'condition') this.#condition(rule, place)
    for (const { rule, shadows } of locationOrder(locations)) this.#location(rule, place, shadows, siblings)
  }

  #condition(rule: ConditionRule, place: Place): void {
    const where = narrowed(place.where, rule.when)
    if (where === undefined) {
      this.#closed(rule, place)
      return
    }
    const settings = inside(place.settings, rule.settings)
    this.context.ledger.mark(rule.origin, 'exact')
    this.#own(rule, { ...place, where, settings, covered: this.#answersSomewhere() })
    this.#rules(rule.rules, { ...place, where, settings }, rule.rules)
  }

  /** What a rule refuses, or hands to a program, is refused though its condition cannot be asked. */
  #closed(rule: ConditionRule, place: Place): void {
    const refused = widened(refusedBy(rule, place.settings), (subject, test) => canAsk(subject, test))
    const where = refused.kind === 'never' ? undefined : (narrowed(place.where, refused) ?? place.where)
    const { allowOpen } = this.context
    const message = `httpd has no expression for \`${rule.name}\``
    const advice = 'write the test by hand, with mod_rewrite or mod_lua'
    const note =
      where === undefined
        ? { message: `${message}; what it holds was left out`, affects: ['routing', 'status'], advice }
        : unguarded(message, allowOpen, advice)
    const origins = originsOf(rule)
    for (const origin of origins) this.context.ledger.mark(origin, 'lost', note)
    markFields(this.context.ledger, origins, [...bindingFields, ...poolFields], 'lost', note)
    if (where === undefined || allowOpen) return
    const entries = [directive('Require', 'all', 'denied')]
    this.#claims.push({ where, entries, comments: [], decides: false, closes: true })
  }

  #location(
    rule: LocationRule,
    place: Place,
    shadows: readonly string[],
    siblings: readonly PlannedRule[]
  ): void {
    if (rule.match.kind === 'named') return
    const where = locationWhere(place.where, rule.match, shadows)
    const settings = inside(place.settings, rule.settings)
    this.context.ledger.mark(rule.origin, 'exact')
    this.#own(rule, { ...place, where, settings, covered: this.#answersSomewhere() }, siblings)
    this.#rules(rule.rules, { ...place, where, settings }, rule.rules)
  }

  /** The lists themselves are structure: each binding in them has a verdict of its own. */
  #accountAnswers(settings: InForce): void {
    const { ledger } = this.context
    for (const key of ['bindings', 'label', 'labels', 'actions', 'params'] as const) {
      const setting = settings[key]
      for (const origin of [setting?.origin, ...(setting?.parts ?? [])]) ledger.mark(origin, 'exact')
    }
    markParams(ledger, settings.params?.value.entries ?? [])
  }

  /** Files that must not be sent where no application takes them. */
  #refused({ where, settings }: Place): void {
    const taken = answering(settings).flatMap(({ match }) => (match.kind === 'suffix' ? [match.value] : []))
    for (const suffix of settings.staticRefused?.value ?? []) {
      if (taken.includes(suffix)) continue
      this.#claims.push({
        where: withFile(where, `${escapeRegex(suffix)}$`),
        entries: [directive('Require', 'all', 'denied')],
        comments: [],
        decides: false,
        closes: true
      })
    }
  }

  /** The root of a place that has one of its own, as DOCUMENT_ROOT tells it. */
  #ownRoot({ root }: InForce): string | undefined {
    if (root === this.#root || root === undefined) return undefined
    return literalText(root.value.path)
  }

  /** A location has only its own list of files to try, while httpd's sections add up. */
  #mustStopFallback(rule: PlannedRule): boolean {
    if (
      rule.kind !== 'location' ||
      rule.settings.tryFiles !== undefined ||
      rule.settings.bindings !== undefined
    )
      return false
    return this.#claims.some(({ entries }) =>
      entries.some((entry) => entry.kind === 'directive' && entry.name === 'FallbackResource')
    )
  }

  #answersSomewhere(): boolean {
    return this.#claims.some((claim) => claim.decides)
  }

  #own(rule: PlannedRule, place: Place, siblings: readonly PlannedRule[] = []): void {
    const { context } = this
    const comments = context.ledger.takeComments(rule.origin)
    context.ledger.mark(rule.settings.serverName?.origin, 'lost', {
      message: 'httpd has one ServerName for a host, not one for some of its URLs',
      affects: ['SERVER_NAME']
    })
    const fallback = fallbackEntries(rule.settings.tryFiles, siblings, context)
    const plain = [
      ...placeSettings(rule.settings, place.settings, context),
      ...fallback,
      ...(this.#mustStopFallback(rule) ? [directive('FallbackResource', 'disabled')] : [])
    ]
    if (plain.some(isAnswer) && siblings.some((other) => other !== rule && canShare(rule, other)))
      context.ledger.unasked('approx', answersBeside)
    // Requirements of files would give way to those of any Location.
    const closes = place.where.file !== undefined && plain.some(isRequirement)
    this.#claims.push({ where: place.where, entries: plain, comments, decides: false, closes })
    const handed = rule.settings.label?.value ?? undefined
    const isAction = handed !== undefined && context.actions.has(handed)
    if (isAction) {
      this.#claims.push({
        where: place.where,
        entries: [directive('SetHandler', quoted(handed))],
        comments: [],
        decides: true
      })
    }
    const replaces = rule.settings.bindings !== undefined || (rule.settings.label !== undefined && !isAction)
    if (place.covered && (replaces || rule.kind === 'location') && !takesAll(place.settings, rule)) {
      // What is said further out, or for other URLs that overlap, must not answer here.
      this.#claims.push({
        where: place.where,
        entries: [directive('SetHandler', 'None')],
        comments: plain.length === 0 ? comments : [],
        decides: true
      })
    }
    this.#accountAnswers(rule.settings)
    if (replaces || rule.settings.staticRefused !== undefined) this.#refused(place)
    if (replaces) this.#bindings(place)
    this.#fallback(rule.settings.tryFiles, place, siblings)
  }

  /** A named place that answers for what is missing: its application in a section that asks for that. */
  #fallback(tryFiles: InForce['tryFiles'], place: Place, siblings: readonly PlannedRule[]): void {
    const found = namedFallback(tryFiles, siblings)
    if (found === undefined) return
    const { rule, missing } = found
    const { tryFiles: _done, ...rest } = place.settings
    const settings = inside(rest, rule.settings)
    this.#accountAnswers(rule.settings)
    if (rule.settings.bindings === undefined) return
    this.#bindings({ ...place, where: withExpression(place.where, missing), settings })
  }

  /** An authorizer with a root of its own: what it lets through is sent from there. */
  #guardedFiles({ match, target }: Binding & { readonly target: FastcgiTarget }): readonly Entry[] {
    const { root } = target.script
    const path = root.kind === 'template' ? literalText(root.template) : undefined
    if (path === undefined || match.kind !== 'prefix' || !target.script.documentRootFollows) return []
    const folder = path.replace(/\/$/, '') + match.value
    return [directive('Alias', quoted(match.value), quoted(folder)), grant(folder, this.context)]
  }

  /** The first binding that fits wins in the model, the last section in httpd. */
  #bindings(place: Place): void {
    const all = answering(place.settings)
    for (const binding of [...all].reverse())
      this.#binding(binding, { ...place, taken: takenBefore(binding, all) })
  }

  #binding(binding: Binding, place: Place): void {
    const found = bindingWhere(binding, place)
    const where = found === undefined ? undefined : narrowed(found, binding.when)
    const { context } = this
    if (where === undefined) {
      context.ledger.mark(binding.origin, 'lost', {
        message: 'httpd cannot ask this of a request; the binding was left out',
        affects: ['routing', 'status']
      })
      return
    }
    const comments = context.ledger.takeComments(binding.origin)
    const decides = binding.target.kind !== 'fastcgi' || binding.target.role === 'responder'
    const push = (at: Where, entries: readonly Entry[]): void => {
      if (entries.some(isClosing) && place.where.path !== undefined)
        context.ledger.unasked('lost', closedBeside)
      this.#claims.push({ where: at, entries, comments, decides, closes: entries.some(isClosing) })
    }
    const { target } = binding
    switch (target.kind) {
      case 'none':
        push(where, [directive('SetHandler', 'None')])
        context.ledger.mark(binding.origin, 'exact')
        return
      case 'status':
        push(where, [directive('Redirect', String(target.status))])
        context.ledger.mark(binding.origin, target.body === undefined ? 'exact' : 'approx', {
          message: "the status is sent with httpd's own text",
          affects: ['body']
        })
        return
      case 'redirect':
      case 'internal':
      case 'counters':
      case 'http':
      case 'unsupported':
        context.ledger.mark(binding.origin, 'lost', {
          message: 'not written for Apache yet',
          affects: ['status', 'routing'],
          advice: 'add a RewriteRule by hand'
        })
        return
      case 'fastcgi':
        this.#fastcgi({ ...binding, target }, where, place, push)
        return
      default:
        unreachable(target)
    }
  }

  #fastcgi(
    binding: Binding & { readonly target: Extract<Binding['target'], { kind: 'fastcgi' }> },
    where: Where,
    place: Place,
    push: (where: Where, entries: readonly Entry[]) => void
  ): void {
    const { target } = binding
    const { context } = this
    const pool = target.pool.kind === 'pool' ? this.pools.get(target.pool.id) : undefined
    if (pool === undefined) {
      context.ledger.mark(binding.origin, 'lost', {
        message: 'httpd cannot choose the application by a variable; these URLs are closed',
        affects: ['routing', 'status'],
        advice: 'write one section for each address'
      })
      push(where, closed().here)
      return
    }
    context.used.add(pool.id)
    const params: Params | undefined = target.params ?? place.settings.params?.value
    const mustExist = target.mustExist || checksExistence(place.settings.tryFiles)
    const root = this.#ownRoot(place.settings)
    const use = {
      binding,
      target,
      pool,
      settings: place.settings,
      params,
      ...(root !== undefined && { root }),
      listeners: place.listeners,
      mustExist,
      unconditional: where.also.length === 0 && place.where.path === undefined
    }
    context.ledger.mark(binding.origin, 'exact')
    const fields = bindingFields
    markFields(context.ledger, [binding.origin, ...poolOrigins(pool)], fields, 'exact')
    const withheld = withheldNote(target)
    if (withheld !== undefined) context.ledger.mark(binding.origin, 'approx', withheld)
    if (target.program !== undefined && !this.module.startsRequested) {
      context.ledger.mark(binding.origin, 'lost', {
        message:
          'each requested file is a program of its own, which the target cannot start; these URLs are closed',
        affects: ['routing', 'status', 'process-model'],
        advice: 'start each program by hand and give it a section, or convert to apache-fcgid'
      })
      markFields(context.ledger, [binding.origin, ...poolOrigins(pool)], poolFields, 'lost')
      context.accounted.add(pool.id)
      push(where, closed().here)
      return
    }
    const answer =
      target.role === 'responder' ? this.module.respond(use, context) : this.module.guard(use, context)
    if (target.role !== 'responder') this.#beside.push(...this.#guardedFiles({ ...binding, target }))
    this.#beside.push(
      ...answer.beside,
      ...sendfileEntries(target.sendfile ?? place.settings.sendfile?.value, context)
    )
    const byPrefix = where.path === undefined || where.path.kind === 'prefix'
    const takesFolders = where.file === undefined && byPrefix && answer.byFile !== true
    const slash = target.role === 'responder' && !mustExist && takesFolders
    // A folder of that name must not be answered with its index or a redirect to its slash.
    const here = slash ? [...answer.here, directive('DirectoryCheckHandler', 'On')] : answer.here
    const asked = mustExist && !answer.checksFile ? withExpression(where, '-f %{REQUEST_FILENAME}') : where
    if (answer.byFile === true)
      this.#claims.push({ where: asked, entries: here, comments: [], decides: false })
    else push(asked, here)
  }
}

/** Whether one of a place's bindings takes every request, so that nothing from further out can answer. */
function takesAll(settings: InForce, rule: PlannedRule): boolean {
  if (rule.settings.bindings === undefined) return false
  return answering(settings).some(
    ({ match, when, target }) =>
      match.kind === 'any' &&
      when.kind === 'always' &&
      target.kind === 'fastcgi' &&
      target.role === 'responder' &&
      !target.mustExist
  )
}

/** An answer that a section gives by itself, whatever another one says of the same request. */
function isAnswer(entry: Entry): boolean {
  return entry.kind === 'directive' && entry.name === 'Redirect'
}

/** Whether a URL can be in both locations, and the other one answers it in the source. */
function canShare(rule: PlannedRule, other: PlannedRule): boolean {
  if (rule.kind !== 'location' || other.kind !== 'location') return false
  return rule.match.kind === 'regex' && other.match.kind === 'regex'
}

const answersBeside = {
  message:
    'what a section answers by itself it answers for URLs as well that another one takes in the source',
  affects: ['status', 'routing', 'body', 'Location']
}

const closedBeside = {
  message:
    'what is closed because httpd cannot hand it to its application is closed for other places as well that have a part of the same URLs',
  affects: ['status', 'routing', 'body']
}

/** The source looks for the first key that fits before it looks for the file: keys behind it are not tried. */
function takenBefore(binding: Binding, all: readonly Binding[]): readonly string[] {
  if (binding.target.kind !== 'fastcgi' || binding.target.mustExist || !binding.at.includes('url')) return []
  return all
    .slice(0, all.indexOf(binding))
    .flatMap(({ match, target, at }) =>
      match.kind === 'suffix' &&
      match.value !== '' &&
      at.includes('url') &&
      target.kind === 'fastcgi' &&
      target.mustExist
        ? [match.value]
        : []
    )
}

function withoutEnds(where: Where, ends: readonly string[]): Where {
  return ends.reduce(
    (rest, end) => withExpression(rest, `!(%{REQUEST_URI} =~ ${expressionRegex(`${escapeRegex(end)}$`)})`),
    where
  )
}

function isClosing(entry: Entry): boolean {
  return entry.kind === 'directive' && entry.name === 'Require' && entry.words.includes('denied')
}

/** The requests a binding compares itself with. */
function bindingWhere(binding: Binding, place: Place): Where | undefined {
  const { match, at } = binding
  const onFile = at.includes('file') || at.includes('content')
  const checked = binding.target.kind === 'fastcgi' && binding.target.mustExist
  switch (match.kind) {
    case 'any':
      return place.where
    case 'suffix':
      if (match.value === '') return place.where
      if (onFile && (checked || !at.includes('url')))
        return withFile(place.where, `${escapeRegex(match.value)}$`)
      return withPath(place.where, { kind: 'pattern', source: `${escapeRegex(match.value)}$`, flags: '' })
    case 'regex':
      if (at.includes('file') && !at.includes('url')) return withFile(place.where, inlineRegex(match.regex))
      return withPath(place.where, { kind: 'pattern', source: inlineRegex(match.regex), flags: '' })
    case 'prefix':
      return withoutEnds(
        withPath(place.where, { kind: 'prefix', value: match.value, segments: match.segments }),
        place.taken ?? []
      )
    case 'exact':
      return withPath(place.where, { kind: 'pattern', source: `^${escapeRegex(match.value)}$`, flags: '' })
    case 'file-prefix':
      return withExpression(
        place.where,
        `%{REQUEST_FILENAME} =~ ${expressionRegex(`^${escapeRegex(match.value)}(?:/|$)`)}`
      )
    case 'label':
      return undefined
    default:
      return unreachable(match)
  }
}
