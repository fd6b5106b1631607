import { always, anyOf, literal, never, not, variable } from '../../../model/index.js'
import type { Authentication, Condition } from '../../../model/index.js'
import { unreachable, type Span } from '../../../diagnostics/index.js'
import { passwordForms } from '../passwords.js'
import type { Provider } from './authnz.js'
import type { Line } from './line.js'
import { test } from './patterns.js'
import type { Place } from './place.js'
import type { Handler, Reader } from './reader.js'
import { granted, usersOf, type Group, type Who } from './requirements.js'

/** What the lines of one place say of logins (mod_authn_core, mod_auth_basic, mod_authn_file). */
export interface Login {
  type?: string
  realm?: string
  provider?: string
  providerSpan?: Span
  userFile?: string
  groupFile?: string
  refused?: 403 | 401
  unknownUser?: NonNullable<Authentication['unknownUser']>
}

const value = (line: Line): string => line.words[0]?.value ?? ''

/** How users say who they are, and who knows them. */
export const loginHandlers: readonly (readonly [string, Handler])[] = [
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
  ['AuthGroupFile', login('groupFile', (line, reader) => reader.path(value(line)))],
  [
    'AuthzSendForbiddenOnFailure',
    login('refused', (line) => (value(line).toLowerCase() === 'on' ? 403 : 401))
  ],
  ['AuthUserFile', login('userFile', (line, reader) => reader.path(value(line)))],
  [
    'AuthBasicAuthoritative',
    login('unknownUser', (line) => (value(line).toLowerCase() === 'on' ? 'wrong' : 'left-to-others'))
  ]
]

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

/** An application of mod_authnz_fcgi is asked as well. */
export function addGuard(
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

/** Basic, with the file named in the same section; undefined for every other login. */
export function loginOf(place: Place, reader: Reader, group: Group): Authentication | undefined {
  const {
    type,
    realm,
    provider = 'file',
    providerSpan,
    userFile,
    groupFile,
    refused,
    unknownUser
  } = reader.logins.get(place) ?? {}
  const check = reader.checks.get(place)
  const when = not(granted(group, 'nobody'))
  const limits = { ...admission(group, groupFile), ...(refused === 403 && { refused }) }
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

/** What is asked of a user who is known: that he is one of the only list there is, or whatever the lines make of it. */
function admission(group: Group, groupFile: string | undefined): Pick<Authentication, 'users' | 'letsIn'> {
  const users = usersOf(group)
  if (users.every(({ who, negated }) => who.kind === 'anybody' && !negated)) return {}
  const [only, ...others] = users
  if (only?.who.kind === 'named' && !only.negated && others.length === 0) return { users: only.who.names }
  return { letsIn: granted(group, { is: (who) => userIs(who, groupFile) }) }
}

function userIs(who: Who, groupFile: string | undefined): Condition {
  const user = { of: 'text', template: variable('auth.user') } as const
  switch (who.kind) {
    case 'anybody':
      return always
    case 'named':
      return anyOf(who.names.map((name) => test(user, { kind: 'equals', value: name })))
    case 'in-group':
      return groupFile === undefined
        ? never
        : test(user, { kind: 'member', file: literal(groupFile), groups: who.groups })
    default:
      return unreachable(who)
  }
}
