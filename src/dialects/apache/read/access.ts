import {
  always,
  anyOf,
  literal,
  never,
  not,
  type Access,
  type Authentication,
  type Condition
} from '../../../model/index.js'
import type { Span } from '../../../diagnostics/index.js'
import { passwordForms } from '../passwords.js'
import type { Provider } from './authnz.js'
import { finishCompat, resetCompat } from './compat.js'
import { parseExpression } from './expression.js'
import { closePlace } from './gates.js'
import type { Line } from './line.js'
import { test } from './patterns.js'
import { setting, type Place } from './place.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'
import { granted, newGroup, usersOf, type Group, type Requirement } from './requirements.js'

/** What the lines of one place say of logins (mod_authn_core, mod_auth_basic, mod_authn_file). */
export interface Login {
  type?: string
  realm?: string
  provider?: string
  providerSpan?: Span
  userFile?: string
  unknownUser?: NonNullable<Authentication['unknownUser']>
}

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''

/** Who may ask. */
export const accessHandlers: readonly (readonly [string, Handler])[] = [
  ['Require', require],
  ['AuthType', login('type', (line) => value(line).toLowerCase())],
  ['AuthName', login('realm', (line) => value(line))],
  [
    'AuthBasicProvider',
    (line, place, reader) => {
      login('providerSpan', () => line.span)(line, place, reader)
      const names = line.words.map((word) => word.value.toLowerCase()).join(' ')
      return login('provider', () => names)(line, place, reader)
    }
  ],
  // Groups are asked by a `Require` that lets nobody in here.
  ['AuthGroupFile', () => notReadYet],
  ['AuthUserFile', login('userFile', (line, reader) => reader.path(value(line)))],
  [
    'Satisfy',
    (line, place, reader) => {
      if (value(line).toLowerCase() !== 'all') return closed(line, place, reader)
      resetCompat(line, place.section ?? place, reader)
      return undefined
    }
  ],
  [
    'AuthMerging',
    (line, place, reader) => (value(line).toLowerCase() === 'off' ? undefined : closed(line, place, reader))
  ],
  [
    'AuthBasicAuthoritative',
    login('unknownUser', (line) => (value(line).toLowerCase() === 'on' ? 'wrong' : 'left-to-others'))
  ]
]

function closed(line: Line, place: Place, reader: Reader): Said {
  closePlace(line, place.section ?? place, reader)
  return notReadYet
}

function login<K extends keyof Login>(
  key: K,
  read: (line: Line, reader: Reader) => NonNullable<Login[K]>
): Handler {
  return (line, place, reader) => {
    const of = place.section ?? place
    const known = reader.logins.get(of) ?? {}
    known[key] = read(line, reader)
    reader.logins.set(of, known)
    return undefined
  }
}

/** The place that a `<RequireAll>`, `<Limit>` or one of their kin is; undefined for other sections. */
export function accessPlace(line: Line, place: Place, reader: Reader): Place | undefined {
  const around = groupOf(place, reader)
  const group = groupFor(line)
  if (group === undefined) return undefined
  if (line.name === 'RequireNone') refuseNegative(line, around, reader)
  const isEmpty = !line.body.some(({ name }) => name.startsWith('Require'))
  if (isEmpty && line.name.startsWith('Require')) {
    const message = `\`<${line.name}>\` holds nothing to require`
    reader.report.refuse('empty-require', line.span, message, 'write a `Require` line in it, or remove it')
  }
  around.of.push(group)
  return { ...place, section: place.section ?? place, group }
}

function groupFor(line: Line): Group | undefined {
  switch (line.name) {
    case 'RequireAll':
      return newGroup('all')
    case 'RequireAny':
      return newGroup('any')
    case 'RequireNone':
      return newGroup('none')
    case 'Limit':
      return newGroup('any', methodsOf(line))
    case 'LimitExcept':
      return newGroup('any', not(methodsOf(line)))
    default:
      return undefined
  }
}

/** GET stands for HEAD as well. */
function methodsOf(line: Line): Condition {
  const names = line.words.flatMap((word) => (word.value === 'GET' ? ['GET', 'HEAD'] : [word.value]))
  return anyOf(names.map((name) => test({ of: 'method' }, { kind: 'equals', value: name })))
}

function groupOf(place: Place, reader: Reader): Group {
  if (place.group !== undefined) return place.group
  const known = reader.requirements.get(place) ?? newGroup('any')
  reader.requirements.set(place, known)
  return known
}

/** `Require all granted`, `Require ip 10.0.0.0/8`, `Require not env X`, `Require valid-user`. */
function require(line: Line, place: Place, reader: Reader): Said {
  const words = line.words.map((word) => word.value)
  const negated = words[0]?.toLowerCase() === 'not'
  const [kind = '', ...rest] = negated ? words.slice(1) : words
  if (negated) refuseNegative(line, groupOf(place, reader), reader)
  const provided = negated ? undefined : reader.providers.get(kind.toLowerCase())
  if (provided !== undefined && provided.type !== 'authn')
    return requireProvider(line, place, reader, provided)
  const requirement = requirementOf(kind.toLowerCase(), rest, negated, line)
  if (requirement === undefined) return closed(line, place, reader)
  groupOf(place, reader).of.push(requirement)
  return undefined
}

/** A user that an application lets in; one that answers for logins as well has said so with them. */
function requireProvider(line: Line, place: Place, reader: Reader, provider: Provider): Said {
  groupOf(place, reader).of.push({ kind: 'user', names: undefined, span: line.span })
  if (provider.type === 'authz') addGuard(reader, place.section ?? place, 'authorizer', provider, line.span)
  return undefined
}

function addGuard(
  reader: Reader,
  place: Place,
  role: 'authenticator' | 'authorizer',
  provider: Provider,
  span: Span,
  checks?: true
): void {
  reader.guards.push({
    module: 'mod_authnz_fcgi',
    role,
    place,
    rank: place.rank ?? 0,
    span,
    says: {
      kind: 'application',
      application: {
        module: 'mod_authnz_fcgi',
        pool: provider.pool.id,
        tellsRole: provider.type !== 'authnz',
        checks: checks === true
      }
    }
  })
}

/** What can only keep out says nothing where one line that lets in is enough. */
function refuseNegative(line: Line, around: Group, { report }: Reader): void {
  if (around.kind === 'all') return
  const where = around.kind === 'none' ? '<RequireNone>' : '<RequireAny>'
  const message = `\`${line.name === 'Require' ? 'Require not' : '<RequireNone>'}\` has no effect in \`${where}\``
  const hint =
    'put `<RequireAll>` around it and a line that lets others in; without a section around it, `<RequireAny>` is meant'
  report.refuse('negative-require', line.span, message, hint)
}

function requirementOf(
  kind: string,
  words: readonly string[],
  negated: boolean,
  line: Line
): Requirement | undefined {
  const { span } = line
  if (kind === 'valid-user' || kind === 'user') {
    return negated ? undefined : { kind: 'user', names: kind === 'user' ? words : undefined, span }
  }
  const when = conditionOf(kind, words)
  return when && { kind: 'test', when, negated, span }
}

function conditionOf(kind: string, words: readonly string[]): Condition | undefined {
  const each = (one: (word: string) => Condition): Condition => anyOf(words.map(one))
  const inside = (network: string): Condition => test({ of: 'remote-address' }, { kind: 'address', network })
  switch (kind) {
    case 'all':
      return words[0]?.toLowerCase() === 'granted' ? always : never
    case 'ip':
      return each(inside)
    case 'local':
      return anyOf(['127.0.0.0/8', '::1'].map(inside))
    case 'env':
      return each((name) =>
        not(test({ of: 'text', template: [{ kind: 'environment', name }] }, { kind: 'equals', value: '' }))
      )
    case 'method':
      return each((method) =>
        // They are one method to httpd.
        anyOf(
          (method === 'GET' || method === 'HEAD' ? ['GET', 'HEAD'] : [method]).map((value) =>
            test({ of: 'method' }, { kind: 'equals', value })
          )
        )
      )
    case 'expr': {
      const read = parseExpression(words.join(' '))
      return 'condition' in read ? read.condition : undefined
    }
    default:
      return undefined
  }
}

/** Once every line is read. */
export function finishAccess(reader: Reader): void {
  finishPlaces(reader)
  finishCompat(reader)
}

/** What each place asks, and of whom it wants a name. */
function finishPlaces(reader: Reader): void {
  for (const [place, group] of reader.requirements) {
    if (group.of.length === 0) continue
    const whole = withMethods(group)
    const users = usersOf(whole)
    const origin = firstSpan(whole)
    const access: Access = {
      rules: simpleRules(whole) ?? [
        {
          when: granted(whole, true),
          allow: true,
          origin: origin ?? place.server.names[0]?.origin ?? nowhere
        }
      ],
      otherwise: 'deny'
    }
    place.settings.push(setting('access', access, origin))
    if (users.length === 0) {
      place.settings.push(setting('authentication', { method: 'none', realm: [], when: always }, origin))
      continue
    }
    reader.asksLogin = true
    const authentication = loginOf(place, reader, users, not(granted(whole, false)))
    if (authentication !== undefined) {
      place.settings.push(setting('authentication', authentication, origin))
      continue
    }
    const [first] = users
    if (first !== undefined) closeFor(place, reader, first)
  }
}

const nowhere = { file: '', start: 0, end: 0 }

function closeFor(place: Place, reader: Reader, user: Extract<Requirement, { kind: 'user' }>): void {
  const what = 'a login that no file of users is given for in its own section'
  reader.gates.push({ server: place.server, when: place.condition, what, span: user.span })
  if (!reader.closed.has(place)) reader.closed.set(place, user.span)
}

/** Lines of `<Limit>` alone ask nothing of other methods. */
function withMethods(group: Group): Group {
  const limited = group.of.filter((each) => each.kind === 'any' && each.when.kind !== 'always')
  if (limited.length < group.of.length) return group
  const when = anyOf(limited.map((each) => (each.kind === 'any' ? each.when : never)))
  return { ...group, when }
}

/** Lines that stand alone are rules of their own. */
function simpleRules(group: Group): Access['rules'] | undefined {
  if (group.when.kind !== 'always') return undefined
  const rules = group.of.map((each) =>
    each.kind === 'test' && !each.negated
      ? { when: each.when, allow: true, origin: each.span }
      : each.kind === 'user'
        ? { when: always, allow: true, origin: each.span }
        : undefined
  )
  const known = rules.filter((rule) => rule !== undefined)
  return known.length === rules.length ? known : undefined
}

function firstSpan(group: Group): Access['rules'][number]['origin'] | undefined {
  for (const each of group.of) {
    const span = each.kind === 'test' || each.kind === 'user' ? each.span : firstSpan(each)
    if (span !== undefined) return span
  }
  return undefined
}

/** Basic, with the file named in the same section; undefined for every other login. */
function loginOf(
  place: Place,
  reader: Reader,
  users: readonly Extract<Requirement, { kind: 'user' }>[],
  when: Condition
): Authentication | undefined {
  const {
    type,
    realm,
    provider = 'file',
    providerSpan,
    userFile,
    unknownUser
  } = reader.logins.get(place) ?? {}
  const check = reader.checks.get(place)
  const limits = allowedUsers(users)
  if (limits === undefined) return undefined
  if (check !== undefined) {
    addGuard(reader, place, 'authenticator', check.provider, check.span, true)
    const { user, otherwise } = check
    const vouched = { user, ...(otherwise === undefined ? {} : { otherwise }) }
    return { method: 'guard', realm: [], vouched, ...limits, when }
  }
  const known = reader.providers.get(provider)
  if (type === 'basic' && realm !== undefined && known !== undefined && known.type !== 'authz') {
    addGuard(reader, place, 'authenticator', known, providerSpan ?? known.span)
    return { method: 'basic', realm: literal(realm), logins: { kind: 'guards' }, ...limits, when }
  }
  if (type !== 'basic' || realm === undefined || provider !== 'file') return undefined
  return {
    method: 'basic',
    realm: literal(realm),
    logins: {
      kind: 'file',
      // Without a file every name that is given is an error.
      path: literal(userFile ?? ''),
      forms: passwordForms,
      endsAtColon: true,
      trimmed: true,
      missing: 500,
      unreadable: 500
    },
    ...(unknownUser === undefined ? {} : { unknownUser }),
    ...limits,
    when
  }
}

/** Lines inside RequireAll would have to agree on the user: undefined where that is not known. */
function allowedUsers(
  users: readonly Extract<Requirement, { kind: 'user' }>[]
): Pick<Authentication, 'users'> | undefined {
  const anybody = users.some(({ names }) => names === undefined)
  if (!anybody && users.length > 1) return undefined
  if (anybody && users.length > 1 && users.some(({ names }) => names !== undefined)) return undefined
  return anybody ? {} : { users: users.flatMap(({ names }) => names ?? []) }
}
