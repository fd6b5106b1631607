import { literalText } from '../../../model/index.js'
import type { ConditionRule, InForce, LocationRule, PlannedRule, SettingKey } from '../../../model/index.js'
import { inside } from '../../../model/index.js'
import { bindingFields, markFields, markInstructions, markParams, poolFields } from '../../account.js'
import { unguarded } from '../../guarded.js'
import { originsOf, refusedBy, widened } from '../../closing.js'
import { locationOrder } from '../../precedence.js'
import { markAll } from './context.js'
import type { Context } from './context.js'
import { entriesOf, serverList, suffixesOf } from './keys.js'
import type { Entry } from './keys.js'
import { balanceWord } from './pools.js'
import { paramStatements } from './environment.js'
import { instructionKeys, instructions, type InstructionPlace } from './instructions.js'
import { canAsk, onUrl, questions } from './questions.js'
import { resetOf, settingStatements } from './settings.js'
import { assignments } from './texts.js'
import { withoutNames } from './splits.js'
import { leadsOn, rewritten } from './try-files.js'
import { closing } from './written.js'
import { assign, commentedAll, list, nest, pairs } from './statements.js'
import type { Statement } from './statements.js'

/** What stands in one block: its settings, its applications, and blocks for some of its requests, weakest first. */
export function placeStatements(
  own: InForce,
  effective: InForce,
  given: readonly PlannedRule[],
  outer: readonly Entry[] | undefined,
  context: Context
): readonly Statement[] {
  const rules = given.map((rule) => (rule.kind === 'location' ? withoutNames(rule) : rule))
  const locations = rules.filter((rule) => rule.kind === 'location')
  const entries = answersAt(effective, locations, context)
  const says =
    own.bindings !== undefined || own.label !== undefined || own.labels !== undefined || entries.length > 0
  const aliased = locationAliases(own, effective, locations)
  const comments =
    says && own.bindings?.origin !== undefined ? context.ledger.takeComments(own.bindings.origin) : []
  if (own.bindings !== undefined) markAll(context, own.bindings, 'exact')
  for (const key of ['label', 'labels', 'actions', 'params'] as const) markAll(context, own[key], 'exact')
  markParams(context.ledger, own.params?.value.entries ?? [])
  const all = [
    ...settingStatements({ ...own, ...aliased }, context),
    ...(says ? commentedAll(serverStatements(entries, outer !== undefined), comments) : []),
    ...rules.flatMap((rule) =>
      rule.kind === 'condition' ? conditionBlocks(rule, effective, entries, context) : []
    ),
    ...locationOrder(locations).flatMap(({ rule }) =>
      locationBlocks(rule, effective, locations, entries, context)
    ),
    ...(context.allowOpen ? [] : rules).flatMap((rule) =>
      rule.kind === 'condition' ? closedBlocks(rule, effective) : []
    )
  ]
  return [...all, ...slashRedirects(locations, all, context)]
}

/** A place that is asked for without its final slash is redirected to it, whatever other places say of that URL; but for its own. */
function slashRedirects(
  locations: readonly LocationRule[],
  statements: readonly Statement[],
  context: Context
): readonly Statement[] {
  return locations.flatMap(({ match, settings: { slashRedirect } }): readonly Statement[] => {
    if (match.kind !== 'prefix' && match.kind !== 'exact') return []
    if (slashRedirect?.value !== true || !match.value.endsWith('/')) return []
    const url = match.value.slice(0, -1)
    if (url === '' || locations.some((other) => other.match.kind === 'exact' && other.match.value === url))
      return []
    context.ledger.mark(slashRedirect.origin, 'approx', {
      message: 'a redirect to the final slash of a place is a path, not a whole URL',
      affects: ['Location']
    })
    const keys = new Set(assignments(statements).map(({ key }) => key))
    const lists = ['url.rewrite-once', 'url.rewrite-if-not-file'].filter((key) => keys.has(key))
    const body = [
      assign('url.redirect', pairs([['', `${match.value}\${qsa}`]])),
      ...(keys.has('url.redirect-code') ? [assign('url.redirect-code', 301)] : []),
      ...lists.map((key) => assign(key, list()))
    ]
    return [nest([{ object: 'HTTP', field: 'url', operator: '==', value: url }], body)]
  })
}

/** `fastcgi.server` for some entries, then a block for each that needs a condition, with the whole list in it. */
function serverStatements(entries: readonly Entry[], replaces: boolean): readonly Statement[] {
  const open = entries.filter(({ within }) => within === undefined)
  const statements: Statement[] =
    open.length > 0 || replaces ? [assign('fastcgi.server', serverList(open))] : []
  const balance = open.map((entry) => entry.balance).find((word) => word !== undefined)
  if (balance !== undefined) statements.push(assign('fastcgi.balance', balance))
  statements.push(...paramStatements(open))
  // The first that fits wins in the model, the last block here.
  for (const entry of entries.filter(({ within }) => within !== undefined).reverse()) {
    const at = entries.indexOf(entry)
    const list = entries.filter(
      (other, index) => other === entry || (other.within === undefined && index !== at)
    )
    const params = paramStatements(list)
    for (const asked of entry.within ?? [])
      statements.push(nest(asked, [assign('fastcgi.server', serverList(list)), ...params]))
  }
  return statements
}

/** The applications of a place, and of those locations in it that a key of lighttpd says whole. */
function answersAt(
  effective: InForce,
  locations: readonly LocationRule[],
  context: Context
): readonly Entry[] {
  const strongest = [...locationOrder(locations)].reverse()
  const keyed = strongest.flatMap(({ rule }) => {
    const suffixes = keyedBySuffix(rule)
    if (suffixes === undefined) return []
    const settings = inside(effective, rule.settings)
    markAll(context, rule.settings.bindings, 'exact')
    const checked = checks(rule.settings)
    return entries(asSuffix(settings, rule, checked), context)
  })
  return [...keyed, ...entries(effective, context)]
}

function entries(settings: InForce, context: Context): readonly Entry[] {
  return entriesOf(settings, (id) => balanceOf(id, context), context)
}

function balanceOf(id: string, context: Context): string | undefined {
  const pool = context.pools.get(id)
  return pool === undefined || pool.members.length < 2 ? undefined : balanceWord(pool.balance)
}

/** A location on the end of the path that holds an application: lighttpd has keys for that. */
function keyedBySuffix(rule: LocationRule): readonly string[] | undefined {
  if (rule.match.kind !== 'regex' || rule.settings.bindings === undefined) return undefined
  const found = suffixesOf(rule.match.regex)
  return found === undefined || rule.match.regex.ignoreCase ? undefined : found.suffixes
}

/** The location's bindings with its own pattern in place of "any". */
function asSuffix(settings: InForce, rule: LocationRule, checked: boolean): InForce {
  const { bindings } = settings
  if (bindings === undefined || rule.match.kind !== 'regex') return settings
  const { regex } = rule.match
  const value = bindings.value.map((binding) => {
    const target =
      binding.target.kind === 'fastcgi'
        ? { ...binding.target, mustExist: binding.target.mustExist || checked }
        : binding.target
    return binding.match.kind === 'any'
      ? { ...binding, target, match: { kind: 'regex' as const, regex } }
      : { ...binding, target }
  })
  return { ...settings, bindings: { ...bindings, value } }
}

/** The place answers for existing files only. */
function checks(settings: InForce): boolean {
  return settings.tryFiles?.value.last.kind === 'status'
}

function conditionBlocks(
  rule: ConditionRule,
  outer: InForce,
  around: readonly Entry[],
  context: Context
): readonly Statement[] {
  const asked = questions(rule.when)
  if (asked === undefined) {
    accountForUnasked(rule, outer, context)
    return []
  }
  context.ledger.mark(rule.origin, 'exact')
  const comments = context.ledger.takeComments(rule.origin)
  const body = placeStatements(rule.settings, changed(outer, rule.settings), rule.rules, around, context)
  return commentedAll(
    asked.map((each) => nest(each, body)),
    comments
  )
}

function accountForUnasked(rule: ConditionRule, outer: InForce, context: Context): void {
  const closes = closedBlocks(rule, outer).length > 0
  const message = `lighttpd cannot ask \`${rule.name}\``
  const advice = 'use mod_magnet, or another condition'
  const note = closes
    ? unguarded(message, context.allowOpen, advice)
    : { message: `${message}; what it holds was left out`, affects: ['routing', 'status'], advice }
  const origins = originsOf(rule)
  for (const origin of origins) context.ledger.mark(origin, 'lost', note)
  markFields(context.ledger, origins, [...bindingFields, ...poolFields], 'lost', note)
}

/** What a rule refuses, or hands to a program, is refused though its condition cannot be asked; behind all else, so that it wins. */
function closedBlocks(rule: ConditionRule, outer: InForce): readonly Statement[] {
  if (questions(rule.when) !== undefined) return []
  const refused = widened(onUrl(refusedBy(rule, outer)), (subject, test) => canAsk(subject, test))
  return (questions(refused) ?? [[]]).map((asked) => nest(asked, [closing]))
}

/** What is in force inside, but only with answers where the inner place says something about them. */
function changed(outer: InForce, inner: InForce): InForce {
  const all = inside(outer, inner)
  const answers: readonly SettingKey[] = ['bindings', 'label', 'labels', 'actions']
  if (answers.some((key) => inner[key] !== undefined)) return all
  const { bindings: _bindings, ...rest } = all
  return rest
}

function locationBlocks(
  rule: LocationRule,
  outer: InForce,
  siblings: readonly LocationRule[],
  around: readonly Entry[],
  context: Context
): readonly Statement[] {
  const asked = locationQuestion(rule)
  if (asked === undefined) {
    // Said with the lists of files that end in it.
    if (rewritten(rule) !== undefined) {
      context.ledger.mark(rule.origin, 'exact')
      markInstructions(context.ledger, rule.settings.instructions?.value ?? [], 'exact')
    }
    return []
  }
  context.ledger.mark(rule.origin, 'exact')
  if (rule.settings.root !== undefined && siblings.some((other) => takesFrom(other, rule))) {
    context.ledger.unasked('approx', {
      message:
        'the folder of a block holds for all of its URLs, those that a pattern takes in the source as well',
      affects: ['DOCUMENT_ROOT', 'SCRIPT_FILENAME', 'SCRIPT_NAME']
    })
  }
  if (rule.match.kind === 'prefix' && rule.rules.some(isPattern) && siblings.some(isPattern)) {
    context.ledger.mark(rule.origin, 'approx', {
      message: 'a pattern beside the block wins over one within it',
      affects: ['status', 'routing', 'body', 'DOCUMENT_ROOT', 'SCRIPT_FILENAME']
    })
  }
  const comments = context.ledger.takeComments(rule.origin)
  const keyed = keyedBySuffix(rule) !== undefined
  const { bindings, ...rest } = rule.settings
  const own = keyed ? rest : rule.settings
  const everything = rule.match.kind === 'prefix' && rule.match.value === '/'
  const effective = withChecked(changed(outer, own), checks(rule.settings))
  const { place } = context
  context.place = placeOf(rule, context)
  const statements = placeStatements(own, effective, rule.rules, undefined, context)
  context.place = place
  // A prefix that lets patterns win keeps their keys in front of its own.
  const strong = rule.match.kind === 'prefix' && !rule.match.noRegex ? around : []
  const mapped = [...exactAlias(rule), ...opened(rule, outer, siblings, statements, context)]
  const body = withServer(
    [...mapped, ...statements],
    strong,
    bindings === undefined || keyed,
    siblings,
    rule,
    outer,
    around
  )
  if (body.length === 0) return comments.map((text) => ({ kind: 'comment', text }))
  return everything && siblings.length > 0 && bindings === undefined
    ? commentedAll(body, comments)
    : commentedAll([nest([asked], body)], comments)
}

function isPattern(rule: PlannedRule): boolean {
  return rule.kind === 'location' && rule.match.kind === 'regex'
}

function placeOf({ match, settings }: LocationRule, { ofHost, place }: Context): InstructionPlace {
  const internal = settings.internalOnly?.value === true
  const aliased = settings.root?.value.kind === 'alias'
  return { ...place, before: ofHost, onPattern: match.kind === 'regex', internal, aliased }
}

/** What the blocks of others say that a location's URLs are in as well is taken back where it says nothing itself. */
function opened(
  rule: LocationRule,
  outer: InForce,
  siblings: readonly LocationRule[],
  statements: readonly Statement[],
  context: Context
): readonly Statement[] {
  const said = new Set(statements.flatMap((each) => (each.kind === 'assign' ? [each.key] : [])))
  const around = refusing.some((key) => outer[key] !== undefined)
  // Later blocks win, so that only those written before reach in.
  const order = locationOrder(siblings).map((each) => each.rule)
  const others = order.slice(0, order.indexOf(rule)).filter((other) => overlaps(other, rule))
  const keys = new Set(others.flatMap((other) => actingKeys(other, context)))
  // What the host does holds here as well.
  const ofHost =
    rule.settings.instructions === undefined
      ? instructions([], { ...context.place, before: context.ofHost }).statements
      : []
  return [...keys].flatMap((key): readonly Statement[] => {
    if (said.has(key) || (key === 'url.access-deny' && around)) return []
    const own = ofHost.filter((each) => each.kind === 'assign' && each.key === key)
    if (own.length > 0) return own
    if (key !== 'url.redirect-code') return [assign(key, list())]
    return redirects(statements) ? [assign(key, 301)] : []
  })
}

function redirects(statements: readonly Statement[]): boolean {
  return statements.some(
    (each) =>
      each.kind === 'assign' &&
      each.key === 'url.redirect' &&
      typeof each.value === 'object' &&
      each.value.items.length > 0
  )
}

/** The directives of a location that send its requests elsewhere or refuse them. */
function actingKeys(rule: LocationRule, context: Context): readonly string[] {
  const { settings } = rule
  const own = settings.instructions?.value
  return [
    ...(refusing.some((key) => settings[key] !== undefined) ? ['url.access-deny'] : []),
    ...(settings.internalOnly?.value === true ? ['url.redirect', 'url.redirect-code'] : []),
    ...(own === undefined ? [] : instructionKeys(own, placeOf(rule, context))),
    ...(leadsOn(settings.tryFiles?.value) ? ['url.rewrite-if-not-file'] : [])
  ]
}

/** A pattern that wins over a prefix takes URLs of it, and has the folder of neither. */
function takesFrom(other: LocationRule, rule: LocationRule): boolean {
  const isOpen = rule.match.kind === 'prefix' && !rule.match.noRegex
  return isOpen && other.match.kind === 'regex' && other.settings.root === undefined
}

/** Settings that may become a refusal of the whole block. */
const refusing = ['access', 'authentication'] as const

/** Whether a URL can be in both; exact ones are in no other. */
function overlaps(other: LocationRule, rule: LocationRule): boolean {
  if (other.match.kind === 'exact' || other.match.kind === 'named') return false
  if (other.match.kind === 'regex' || rule.match.kind === 'regex') return true
  return rule.match.kind !== 'named' && rule.match.value.startsWith(other.match.value)
}

/** One URL that stands for one file. Its block asks for no other. */
function exactAlias({ match, settings: { root } }: LocationRule): readonly Statement[] {
  if (match.kind !== 'exact' || root?.value.kind !== 'alias') return []
  const to = literalText(root.value.path)
  return to === undefined ? [] : [assign('alias.url', pairs([[match.value, to]]))]
}

function withChecked(settings: InForce, checked: boolean): InForce {
  const { bindings } = settings
  if (bindings === undefined || !checked) return settings
  const value = bindings.value.map((binding) =>
    binding.target.kind === 'fastcgi'
      ? { ...binding, target: { ...binding.target, mustExist: true } }
      : binding
  )
  return { ...settings, bindings: { ...bindings, value } }
}

/** The list of a location's block: keys of patterns that win over it, then its own; or none where others must not reach in. */
function withServer(
  statements: readonly Statement[],
  strong: readonly Entry[],
  answersElsewhere: boolean,
  siblings: readonly LocationRule[],
  rule: LocationRule,
  outer: InForce,
  around: readonly Entry[]
): readonly Statement[] {
  const at = statements.findIndex((each) => each.kind === 'assign' && each.key === 'fastcgi.server')
  const found = statements[at]
  if (found?.kind === 'assign' && typeof found.value === 'object') {
    const front = serverList(strong)
    const items = typeof front === 'object' ? front.items : []
    const value = { items: [...items, ...found.value.items] }
    return statements.map((each, index) => (index === at ? { ...found, value } : each))
  }
  if (!answersElsewhere) return statements
  const stops =
    (rule.match.kind !== 'prefix' || rule.match.noRegex) &&
    !(rule.match.kind === 'regex' && keyedBySuffix(rule) !== undefined)
  if (stops && around.length > 0) return [...statements, assign('fastcgi.server', { items: [] })]
  // A shorter prefix that answers, or the block around, must not answer for this one.
  const shadowed =
    rule.match.kind === 'prefix' &&
    (outer.bindings !== undefined || siblings.some((other) => answersFor(other, rule)))
  const keyed = outer.bindings === undefined ? strong : strong.filter(({ key }) => key.startsWith('.'))
  return shadowed ? [...statements, assign('fastcgi.server', serverList(keyed))] : statements
}

function answersFor(other: LocationRule, rule: LocationRule): boolean {
  return (
    other !== rule &&
    other.settings.bindings !== undefined &&
    other.match.kind === 'prefix' &&
    rule.match.kind === 'prefix' &&
    rule.match.value.startsWith(other.match.value)
  )
}

function locationQuestion(rule: LocationRule): Parameters<typeof nest>[0][number] | undefined {
  const left = { object: 'HTTP', field: 'url' } as const
  switch (rule.match.kind) {
    case 'exact':
      return { ...left, operator: '==', value: rule.match.value }
    case 'prefix':
      return { ...left, operator: '=^', value: rule.match.value }
    case 'regex':
      return {
        ...left,
        operator: '=~',
        value: (rule.match.regex.ignoreCase ? '(?i)' : '') + rule.match.regex.source
      }
    case 'named':
      return undefined
  }
}

/** Locations that map their prefix elsewhere become entries of the place's aliases. */
function locationAliases(own: InForce, effective: InForce, locations: readonly LocationRule[]): InForce {
  const found = locations.flatMap(({ match, settings }) => {
    const { root } = settings
    if (root?.value.kind !== 'alias' || match.kind !== 'prefix' || root.origin === undefined) return []
    if (literalText(root.value.path) === undefined) return []
    return [
      {
        match: { kind: 'prefix' as const, value: match.value, segments: false },
        to: root.value.path,
        documentRoot: 'target' as const,
        origin: root.origin
      }
    ]
  })
  if (found.length === 0) return {}
  const before = own.aliases ?? effective.aliases
  return {
    aliases: {
      key: 'aliases',
      reach: 'inherited',
      ...(before ?? {}),
      value: [...found, ...(before?.value ?? [])]
    }
  }
}

/** Settings of a host that differ from those around it, and what takes the others away. */
export function difference(
  outer: InForce,
  inner: InForce
): { readonly own: InForce; readonly gone: readonly Statement[] } {
  const own = Object.fromEntries(
    Object.entries(inner).filter(
      ([key, setting]) => JSON.stringify(valueAt(outer, key)) !== JSON.stringify(setting.value)
    )
  ) as InForce
  const gone = Object.values(outer).filter((setting) => inner[setting.key] === undefined)
  return {
    own,
    gone: gone.flatMap((setting) =>
      setting.key === 'bindings' ? [assign('fastcgi.server', { items: [] })] : resetOf(setting.key)
    )
  }
}

function valueAt(settings: InForce, key: string): unknown {
  return Object.values(settings).find((setting) => setting.key === key)?.value
}
