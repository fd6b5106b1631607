import { unreachable } from '../../diagnostics/index.js'
import type { LoginFile, PasswordForm, SettingOf } from '../../model/index.js'
import { evaluate } from '../condition.js'
import { tell } from '../environment.js'
import { answer, statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { readBasicLogin, type BasicLogin } from '../variables.js'
import { askGuards, challenge } from './guards.js'

/** Logins that are neither asked of a file of names and passwords nor of a guard. */
export const unknownLoginText = 'a login other than one with name and password from a file'

type Rules = SettingOf<'authentication'>

/** Asks for a name and a password where the site wants them (RFC 7617), then whether that user may pass. */
export function authenticate(state: State): StepResult {
  const setting = state.settings.authentication
  if (setting === undefined || setting.value.method === 'none') return undefined
  const { when, logins, unreadable } = setting.value
  if (!evaluate(when, state).holds) return undefined
  if (setting.value.knownUser !== undefined) {
    if (isKnownUser(state, setting.value.users)) return undefined
    if (setting.value.knownUser === 'only')
      return statusAnswer(401, 'nobody has said who the user is', setting.origin)
  }
  if (setting.value.method === 'guard') return vouched(state, setting)
  if (logins === undefined) throw new Unsupported(unknownLoginText, setting.origin)
  if (logins.kind === 'unset')
    return statusAnswer(logins.status, 'nothing says who has a login', setting.origin)
  const login = readBasicLogin(state)
  if (typeof login === 'object') {
    state.user = login.user
    return identified(state, login, logins, setting) ?? authorized(state, login, setting)
  }
  return login === 'unreadable' && unreadable !== undefined
    ? statusAnswer(unreadable, 'the login cannot be read', setting.origin)
    : loginWanted(state, 'a name and a password are needed', setting)
}

function isKnownUser({ environment }: State, users: readonly string[] | undefined): boolean {
  const user = environment.findLast(([name]) => name === 'REMOTE_USER')?.[1]
  return user !== undefined && (users === undefined || users.includes(user))
}

/** Whether the name and the password are those of a user; where the file does not know the name, others may. */
function identified(
  state: State,
  login: BasicLogin,
  file: LoginFile | { readonly kind: 'guards' },
  rules: Rules
): StepResult {
  if (file.kind === 'guards') return knownToOthers(state, rules)
  const found = storedPassword(state, login.user, file)
  switch (found.kind) {
    case 'unusable':
      return statusAnswer(found.status, 'the file of logins cannot be read', rules.origin)
    case 'nobody':
      return rules.value.unknownUser === 'left-to-others'
        ? knownToOthers(state, rules)
        : loginWanted(state, 'name or password is wrong', rules)
    case 'stored':
      return compared(state, login, found.stored, file, rules)
    default:
      return unreachable(found)
  }
}

/** No name is asked for: whom a guard lets in has the name that is made of the request then. */
function vouched(state: State, rules: Rules): StepResult {
  const refused = knownToOthers(state, rules)
  if (refused !== undefined) return refused
  const { user = [], otherwise = '' } = rules.value.vouched ?? {}
  const told = renderText(user, { state })
  const name = told === '' ? otherwise : told
  if (name === '') return statusAnswer(500, 'nobody says who the user is', rules.origin)
  state.user = name
  return authorized(state, { user: name, password: '' }, rules)
}

function knownToOthers(state: State, rules: Rules): StepResult {
  const heard = askGuards(state, 'login')
  if (heard.kind === 'end') return heard.result
  return heard.kind === 'yes' ? undefined : statusAnswer(500, 'nobody says who the user is', rules.origin)
}

/** Whether a user that is known may pass. An authorizer takes the place of what else is wanted of him. */
function authorized(state: State, { user }: BasicLogin, rules: Rules): StepResult {
  const { users, letsIn, refused, intoEnvironment } = rules.value
  const heard = askGuards(state, 'authorize')
  if (heard.kind === 'end') return heard.result
  const isLetIn = users?.includes(user) !== false && (letsIn === undefined || evaluate(letsIn, state).holds)
  if (heard.kind === 'silent' && !isLetIn) {
    const why = 'this user is not let in'
    return refused === undefined ? loginWanted(state, why, rules) : statusAnswer(refused, why, rules.origin)
  }
  if (intoEnvironment === true) {
    tell(state, 'REMOTE_USER', user)
    tell(state, 'AUTH_TYPE', 'Basic')
  }
  return undefined
}

function compared(
  state: State,
  login: BasicLogin,
  stored: string,
  file: LoginFile,
  rules: Rules
): StepResult {
  const known = state.history.passwords?.find(
    (each) => each.stored === stored && each.given === login.password
  )
  switch (known?.verdict) {
    case undefined:
      return answer({
        kind: 'password',
        user: login.user,
        given: login.password,
        stored,
        form: formOf(stored, file.forms),
        ...(rules.origin === undefined ? {} : { origin: rules.origin })
      })
    case 'unknown-form':
      throw new Unsupported(
        `the form in which the password of \`${login.user}\` is stored (a hash made by \`htpasswd -B\` or \`openssl passwd -6\` is understood)`,
        rules.origin
      )
    case 'no':
      return loginWanted(state, 'name or password is wrong', rules)
    case 'yes':
      return undefined
  }
}

type Found =
  | { readonly kind: 'stored'; readonly stored: string }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unusable'; readonly status: number }

function storedPassword(state: State, user: string, file: LoginFile): Found {
  const path = renderText(file.path, { state })
  const { files } = state.surroundings
  const text = files.readText(path)
  if (text === undefined) {
    const status = files.kind(path) === 'missing' ? file.missing : file.unreadable
    return status === undefined ? { kind: 'nobody' } : { kind: 'unusable', status }
  }
  const sign = `${user}:`
  const lines = text.split('\n').map((each) => (file.trimmed === true ? each.trim() : each))
  const line = lines.find((each) => each.startsWith(sign) && !each.startsWith('#'))
  if (line === undefined) return { kind: 'nobody' }
  const stored = line.slice(sign.length).replace(/\r$/, '')
  return { kind: 'stored', stored: file.endsAtColon ? stored.replace(/:.*$/s, '') : stored }
}

const signs: Readonly<Record<PasswordForm, string>> = {
  plain: '',
  'marked-plain': '{PLAIN}',
  sha1: '{SHA}',
  'salted-sha1': '{SSHA}',
  apr1: '$apr1$',
  crypt: ''
}

function formOf(stored: string, forms: readonly PasswordForm[]): PasswordForm {
  return forms.find((form) => stored.startsWith(signs[form])) ?? 'crypt'
}

function loginWanted(state: State, why: string, { origin }: Rules): StepResult {
  const headers = challenge(state)
  return answer({ kind: 'status', status: 401, why, headers, ...(origin === undefined ? {} : { origin }) })
}
