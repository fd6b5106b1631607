import type { Span } from '../diagnostics/index.js'
import type {
  InForce,
  Instruction,
  Ledger,
  Note,
  Plan,
  PlannedRule,
  Pool,
  RequestKind,
  Scope,
  Setting,
  Step,
  Verdict
} from '../model/index.js'
import { origins, settingsOf } from '../model/index.js'

/** What options of a binding become. */
export const bindingFields = [
  'binding',
  'bindings',
  'mustExist',
  'role',
  'script',
  'target',
  'params',
  'sendfile',
  'roots',
  'checks'
]

/** What options of a pool and its members become. */
export const poolFields = [
  'pool',
  'members',
  'balance',
  'connection',
  'retry',
  'sessions',
  'allOut',
  'member',
  'address',
  'failure',
  'process'
]

/** One verdict for all options within some directives that became one of these fields. */
export function markFields(
  ledger: Ledger,
  origins: readonly (Span | undefined)[],
  fields: readonly string[],
  verdict: Verdict,
  note?: Note
): void {
  for (const origin of origins) for (const field of fields) ledger.markPart(origin, field, verdict, note)
}

/** The directives that a pool and its members came from. */
export function poolOrigins(pool: Pool): readonly Span[] {
  return [pool.origin, ...(pool.also ?? []), ...pool.members.map((member) => member.origin)]
}

/** What a pool knows of sessions and of failing statuses, for a server whose pools know neither. */
export function markSessionsLost(pool: Pool, ledger: Ledger, server: string): void {
  const origins = poolOrigins(pool)
  if (pool.sessions !== undefined) {
    const note: Note = {
      message: `${server} does not keep sessions with the application that they began at: they go wherever the balance leads`,
      affects: ['balance'],
      advice: 'let the applications share their sessions, or choose among them by the address of the client'
    }
    markFields(ledger, origins, ['sessions', 'member.route', 'member.standIn'], 'lost', note)
  }
  if (
    pool.members.some(({ failure }) => failure.kind === 'disable' && (failure.statuses ?? failure.silence))
  ) {
    const message = `${server} takes no application out for what it answers`
    markFields(ledger, [pool.origin, ...(pool.also ?? [])], ['member.failure'], 'lost', {
      message,
      affects: ['balance', 'status']
    })
  }
}

/** A step that the source's requests go through. */
export function stepOf<K extends Step['step']>(plan: Plan, step: K): Extract<Step, { step: K }> | undefined {
  return plan.site.pipeline.find((each): each is Extract<Step, { step: K }> => each.step === step)
}

/** Requests that each server takes in its own way, whatever its configuration says. */
export const oddRequests: readonly RequestKind[] = [
  'odd-target',
  'odd-host',
  'odd-header',
  'repeated-header',
  'other-method',
  'odd-body'
]

/** The same, and what is asked of files. */
export const anyOddity: readonly RequestKind[] = [
  ...oddRequests,
  'post-to-file',
  'path-behind-file',
  'folder',
  'taken-path'
]

/** How a request line and its headers are checked and normalised is every server's own affair. */
export const ownReading: Note = {
  message: 'how a request is read, and which are refused for their form, is the target’s own',
  affects: ['status', 'routing', 'QUERY_STRING', 'HTTP_HOST'],
  only: oddRequests
}

/** Who applications run as is said where they are started; a server's own account is no part of how it answers. */
export function markAccount(
  ledger: Ledger,
  plan: Plan,
  fields: readonly string[] = ['member.process.user', 'member.process.group']
): void {
  markDirectives(ledger, plan, fields, 'manual', {
    message: 'the account of the server and its applications is for whoever starts them to set',
    affects: ['process-model']
  })
}

/** How much a server says of itself is each server's own to say. */
export function markOwnName(ledger: Ledger, plan: Plan): void {
  markDirectives(ledger, plan, ['serverSoftware.detail'], 'approx', {
    message: 'the target names itself in its own words',
    affects: ['SERVER_SOFTWARE', 'Server']
  })
}

/** One verdict for every directive that became one of these fields and has no origin of its own in the model. */
export function markDirectives(
  ledger: Ledger,
  plan: Plan,
  fields: readonly string[],
  verdict: Verdict,
  note?: Note
): void {
  for (const { state, span } of plan.site.directives) {
    const as = state.kind === 'read' ? state.as : undefined
    if (as !== undefined && fields.some((field) => as === field || as.startsWith(`${field}.`)))
      ledger.mark(span, verdict, note)
  }
}

const unreached: Note = {
  message: 'no request is affected by it: another setting hides it, or nothing refers to it'
}

/** What is in force for no request, and pools that no binding names, change nothing by being left out. */
export function markUnreached(ledger: Ledger, plan: Plan, usedPools: ReadonlySet<string>): void {
  const known = new Set<string>()
  for (const host of plan.hosts) {
    note(host.settings, known)
    noteRules(host.rules, known)
  }
  markHidden(plan.site.root, known, ledger)
  const computed = plan.site.pools.filter((pool) => !usedPools.has(pool.id))
  for (const pool of computed) {
    for (const origin of poolOrigins(pool)) ledger.mark(origin, 'exact', unreached)
    markFields(ledger, poolOrigins(pool), [...poolFields, ...bindingFields], 'exact', unreached)
  }
}

/** What a rule says and another one has the last word on, where both hold. */
export function markReplaced(ledger: Ledger, said: InForce, inForce: InForce): void {
  const final = new Set<string>()
  note(inForce, final)
  for (const origin of settingsOf(said).flatMap(origins))
    if (!final.has(keyOf(origin))) ledger.mark(origin, 'exact')
}

function note(settings: InForce, known: Set<string>): void {
  for (const setting of settingsOf(settings)) for (const origin of origins(setting)) known.add(keyOf(origin))
}

function noteRules(rules: readonly PlannedRule[], known: Set<string>): void {
  for (const rule of rules) {
    note(rule.settings, known)
    noteRules(rule.rules, known)
  }
}

function markHidden(scope: Scope, known: ReadonlySet<string>, ledger: Ledger): void {
  for (const setting of scope.settings) {
    for (const origin of origins(setting)) if (!known.has(keyOf(origin))) markSetting(ledger, setting, origin)
  }
  for (const child of scope.children) markHidden(child, known, ledger)
}

function markSetting(ledger: Ledger, setting: Setting, origin: Span): void {
  ledger.mark(origin, 'exact', unreached)
  if (setting.key === 'params') markParams(ledger, setting.value.entries, unreached)
  if (setting.key === 'instructions') markInstructions(ledger, setting.value, 'exact', unreached)
}

function keyOf({ file, start, end }: Span): string {
  return `${file}:${String(start)}-${String(end)}`
}

/** Params that no application of the place is told; those that are have verdicts of their own, and the worst counts. */
export function markParams(
  ledger: Ledger,
  entries: readonly { readonly kind: string; readonly origin?: Span }[],
  message?: Note
): void {
  for (const { origin } of entries) ledger.mark(origin, 'exact', message)
}

/** One verdict for rules and all inside them. */
export function markInstructions(
  ledger: Ledger,
  rules: readonly Instruction[],
  verdict: Verdict,
  message?: Note
): void {
  for (const rule of rules) {
    ledger.mark(rule.kind === 'rewrite' ? rule.rewrite.origin : rule.origin, verdict, message)
    if (rule.kind === 'if') markInstructions(ledger, rule.then, verdict, message)
  }
}

/** The directives that single entries of a setting's value came from. */
export function entryOrigins(setting: Setting): readonly Span[] {
  switch (setting.key) {
    case 'access':
    case 'furtherAccess':
      return setting.value.rules.map((rule) => rule.origin)
    case 'rewrites':
    case 'missingRewrites':
    case 'redirects':
    case 'fileRedirects':
    case 'errorPages':
      return setting.value.map((entry) => entry.origin)
    default:
      return []
  }
}
