import type { Span } from '../../../diagnostics/index.js'
import {
  allOf,
  always,
  literal,
  not,
  type AuthorizerRules,
  type Binding,
  type Condition,
  type FastcgiTarget,
  type GuardStage,
  type ParamEntry,
  type Params,
  type Role
} from '../../../model/index.js'
import { fileScript } from './behaviour.js'
import { fastcgiParams, fcgidParams, type Surroundings } from './params.js'
import type { Place, Server } from './place.js'

export type GuardRole = Exclude<Role, 'responder'>

/** Where an application of a guard comes from. */
export type GuardApplication =
  /** A definition of mod_fastcgi; without a path, the program is started as FastCgiConfig says. */
  | {
      readonly module: 'mod_fastcgi'
      readonly pool: string
      readonly program?: string
      readonly passed: readonly ParamEntry[]
      readonly compat: boolean
    }
  | { readonly module: 'mod_fcgid'; readonly command: readonly string[] }
  /** `checks`: it is asked about the request alone, and what it says of a no is the answer. */
  | {
      readonly module: 'mod_authnz_fcgi'
      readonly pool: string
      readonly tellsRole: boolean
      readonly checks: boolean
    }

/** One line of a role in a section: who is asked, or whether a no is final. */
export interface Guard {
  readonly module: 'mod_fastcgi' | 'mod_fcgid' | 'mod_authnz_fcgi'
  readonly role: GuardRole
  readonly place: Place
  /** In the order sections are folded. */
  readonly rank: number
  readonly span: Span
  readonly says:
    | { readonly kind: 'application'; readonly application: GuardApplication }
    | { readonly kind: 'authoritative'; readonly value: boolean }
    /** What it says is not understood; it replaces what outer sections say all the same. */
    | { readonly kind: 'nothing' }
}

/** The role of a directive of either module (`FastCgiAuthorizer`, `FcgidAuthorizerAuthoritative`). */
export function roleOf(directive: string): GuardRole {
  if (/AccessChecker/i.test(directive)) return 'access-checker'
  return /Authenticator/i.test(directive) ? 'authenticator' : 'authorizer'
}

const stages: Readonly<Record<GuardRole, GuardStage>> = {
  'access-checker': 'access',
  authenticator: 'login',
  authorizer: 'authorize'
}

const apacheRoles: Readonly<Record<GuardRole, string>> = {
  'access-checker': 'ACCESS_CHECKER',
  authenticator: 'AUTHENTICATOR',
  authorizer: 'AUTHORIZER'
}

/** The pool of a program of mod_fcgid, by its command. */
export type PoolOfCommand = (command: readonly string[]) => string

/**
 * Who is asked whether a request may pass. mod_fastcgi has no merger for these directives: a section that holds any of
 * them replaces all that outer ones say. mod_fcgid merges them one by one.
 */
export function guardBindings(
  guards: readonly Guard[],
  servers: readonly Server[],
  around: Surroundings,
  poolOf: PoolOfCommand
): readonly Binding[] {
  const here = guards.filter(({ place }) => servers.includes(place.server))
  return here.flatMap((guard) => {
    const { says } = guard
    if (says.kind !== 'application' || isReplaced(guard, here)) return []
    const when = allOf([guard.place.condition, ...hiding(guard, here).map((each) => not(each))])
    return finalities(guard, here).map(({ when: also, final }) => ({
      match: { kind: 'any' as const },
      when: allOf([when, also]),
      at: [stages[guard.role]],
      origin: guard.span,
      target: target(guard.role, says.application, final, around, poolOf)
    }))
  })
}

/** Of several lines in one section the last counts. */
function isReplaced(guard: Guard, here: readonly Guard[]): boolean {
  const at = here.indexOf(guard)
  return here.some((other, index) => index > at && other.place === guard.place && isSameKind(other, guard))
}

function isSameKind(one: Guard, other: Guard): boolean {
  return one.module === other.module && one.role === other.role && one.says.kind === other.says.kind
}

/** Where sections further in say something else. */
function hiding(guard: Guard, here: readonly Guard[]): readonly Condition[] {
  const hides = (other: Guard): boolean =>
    other.module === guard.module && (guard.module === 'mod_fastcgi' || isSameKind(other, guard))
  return here
    .filter((other) => hides(other) && isInner(other, guard, here))
    .map(({ place }) => place.condition)
}

function isInner(other: Guard, guard: Guard, here: readonly Guard[]): boolean {
  if (other.place === guard.place) return false
  return other.rank > guard.rank || (other.rank === guard.rank && here.indexOf(other) > here.indexOf(guard))
}

/** Where a no of the application is final, and where it is not. */
function finalities(
  guard: Guard,
  here: readonly Guard[]
): readonly { readonly when: Condition; readonly final: boolean }[] {
  const said = here.filter(
    (other) =>
      other.says.kind === 'authoritative' &&
      other.module === guard.module &&
      other.role === guard.role &&
      (guard.module === 'mod_fcgid' || other.place === guard.place) &&
      !isReplaced(other, here)
  )
  if (guard.module === 'mod_fastcgi') {
    const own = said.at(-1)
    return [{ when: always, final: own?.says.kind !== 'authoritative' || own.says.value }]
  }
  const of = said.flatMap((other) =>
    other.says.kind === 'authoritative' ? [{ other, final: other.says.value }] : []
  )
  return [
    ...of.map(({ other, final }) => ({
      when: allOf([
        other.place.condition,
        ...said.filter((each) => isInner(each, other, here)).map((each) => not(each.place.condition))
      ]),
      final
    })),
    { when: allOf(of.map(({ other }) => not(other.place.condition))), final: true }
  ]
}

function target(
  role: GuardRole,
  application: GuardApplication,
  final: boolean,
  around: Surroundings,
  poolOf: PoolOfCommand
): FastcgiTarget {
  const shared = { kind: 'fastcgi', role, script: fileScript, mustExist: false } as const
  if (application.module === 'mod_fcgid') {
    return {
      ...shared,
      pool: { kind: 'pool', id: poolOf(application.command) },
      params: fcgidGuardParams(role, around),
      verdict: fcgidVerdict(role, final)
    }
  }
  if (application.module === 'mod_authnz_fcgi') {
    const { pool, tellsRole, checks } = application
    return {
      ...shared,
      pool: { kind: 'pool', id: pool },
      params: authnzParams(role, tellsRole, around),
      verdict: {
        allows: [200],
        variables: 'prefixed',
        names: 'as-sent',
        denied: checks ? { kind: 'answer' } : { kind: 'status', status: 401, challenge: true }
      }
    }
  }
  const { pool, program, passed, compat } = application
  return {
    ...shared,
    pool: { kind: 'pool', id: pool },
    ...(program === undefined ? {} : { program: literal(program) }),
    params: fastcgiGuardParams(role, compat, passed, around),
    verdict: fastcgiVerdict(role, compat, final)
  }
}

function roleEntries(role: GuardRole): readonly ParamEntry[] {
  const named: ParamEntry = {
    kind: 'param',
    name: 'FCGI_APACHE_ROLE',
    value: literal(apacheRoles[role]),
    omit: 'never'
  }
  const password: ParamEntry = {
    kind: 'param',
    name: 'REMOTE_PASSWD',
    value: [{ kind: 'variable', name: 'remote.password' }],
    omit: 'absent'
  }
  return role === 'authenticator' ? [password, named] : [named]
}

/** An access checker is asked before anybody knows the user. */
const ofUser: readonly string[] = ['REMOTE_USER', 'AUTH_TYPE']

function without(
  entries: readonly ParamEntry[],
  names: readonly string[],
  role: GuardRole
): readonly ParamEntry[] {
  const left = role === 'access-checker' ? [...names, ...ofUser] : names
  return entries.flatMap((entry): readonly ParamEntry[] => {
    if (entry.kind === 'param') return left.includes(entry.name) ? [] : [entry]
    if (entry.kind !== 'headers' || !names.includes('CONTENT_LENGTH')) return [entry]
    return [{ ...entry, rules: { ...entry.rules, drop: [...entry.rules.drop, 'content-length'] } }]
  })
}

/** Told where the environment ends. PATH_TRANSLATED is never told; with -compat, less of the script and the body. */
function fastcgiGuardParams(
  role: GuardRole,
  compat: boolean,
  passed: readonly ParamEntry[],
  around: Surroundings
): Params {
  const params = fastcgiParams(around, passed)
  const left = ['PATH_TRANSLATED', ...(compat ? ['CONTENT_LENGTH', 'SCRIPT_NAME', 'PATH_INFO'] : [])]
  const behind = params.entries.findLastIndex(({ kind }) => kind === 'environment') + 1
  return {
    ...params,
    entries: [
      ...params.entries.slice(0, behind),
      ...roleEntries(role),
      ...without(params.entries.slice(behind), left, role)
    ]
  }
}

function fcgidGuardParams(role: GuardRole, around: Surroundings): Params {
  const params = fcgidParams(around, [])
  const left = ['CONTENT_LENGTH', 'PATH_INFO', 'PATH_TRANSLATED', 'SCRIPT_NAME']
  const entries = without(params.entries, left, role)
  const connection = entries.filter((entry) => entry.kind === 'param' && entry.name === 'HTTP_CONNECTION')
  const others = entries.filter((entry) => !connection.includes(entry))
  return { ...params, entries: [...others, ...roleEntries(role), ...connection] }
}

/** The role is told twice (`setup_env` of mod_authnz_fcgi). */
function authnzParams(role: GuardRole, tellsRole: boolean, around: Surroundings): Params {
  const params = fastcgiParams(around, [])
  const left = ['CONTENT_LENGTH', 'PATH_INFO', 'PATH_TRANSLATED', 'SCRIPT_NAME']
  const named: ParamEntry = { kind: 'param', name: 'FCGI_ROLE', value: literal('AUTHORIZER'), omit: 'never' }
  const told = roleEntries(role).filter(
    (entry) => tellsRole || entry.kind !== 'param' || entry.name !== 'FCGI_APACHE_ROLE'
  )
  return { ...params, entries: [...without(params.entries, left, role), named, ...told] }
}

/** Every header of a yes becomes a variable, with -compat only those that begin with `Variable-`. */
function fastcgiVerdict(role: GuardRole, compat: boolean, final: boolean): AuthorizerRules {
  return {
    allows: [200],
    variables: compat ? 'prefixed' : 'all',
    names: 'as-sent',
    // The last one counts.
    repeated: 'apart',
    denied:
      role === 'access-checker'
        ? { kind: 'status', status: 403, challenge: false }
        : { kind: 'status', status: 401, challenge: true },
    ...(final ? {} : { refusal: 'left-to-others' })
  }
}

/** Other headers of a yes go to the client; so do those of a no that is not final, with its status. */
function fcgidVerdict(role: GuardRole, final: boolean): AuthorizerRules {
  return {
    allows: [200],
    variables: 'prefixed',
    names: 'as-sent',
    denied: { kind: 'status', status: 401, challenge: role !== 'access-checker' },
    toClient: true,
    refusesLocation: true,
    ...(final ? {} : { refusal: 'left-to-others', leavesStatus: true })
  }
}
