import type { Authentication, LoginFile, PasswordForm, SettingOf } from '../../model/index.js'
import { evaluate } from '../condition.js'
import { answer, statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { readBasicLogin, type BasicLogin } from '../variables.js'

/** Asks for a name and a password where the site wants them (RFC 7617). */
export function authenticate(state: State): StepResult {
  const setting = state.settings.authentication
  if (setting === undefined || setting.value.method === 'none') return undefined
  const { when, logins, unreadable } = setting.value
  if (!evaluate(when, state).holds) return undefined
  if (logins === undefined) throw new Unsupported('a login with name and password', setting.origin)
  if (logins.kind === 'unset')
    return statusAnswer(logins.status, 'nothing says who has a login', setting.origin)
  const login = readBasicLogin(state)
  if (typeof login === 'object') return checked(state, login, logins, setting)
  return login === 'unreadable' && unreadable !== undefined
    ? statusAnswer(unreadable, 'the login cannot be read', setting.origin)
    : challenge(state, 'a name and a password are needed', setting)
}

type Rules = SettingOf<'authentication'>

function checked(state: State, login: BasicLogin, file: LoginFile, rules: Rules): StepResult {
  const { users, intoEnvironment } = rules.value
  const found = storedPassword(state, login.user, file)
  if (found.kind === 'unusable')
    return statusAnswer(found.status, 'the file of logins cannot be read', rules.origin)
  const isAsked = users === undefined || users.includes(login.user)
  if (!isAsked || found.kind === 'nobody') return challenge(state, 'name or password is wrong', rules)
  const { stored } = found
  const compared = state.history.passwords?.find(
    (each) => each.stored === stored && each.given === login.password
  )
  switch (compared?.verdict) {
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
      return challenge(state, 'name or password is wrong', rules)
    case 'yes':
      if (intoEnvironment === true) {
        const told = [['REMOTE_USER', login.user] as const, ['AUTH_TYPE', 'Basic'] as const]
        state.environment = [...state.environment, ...told]
      }
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

function challenge(state: State, why: string, { value, origin }: Rules): StepResult {
  return answer({
    kind: 'status',
    status: 401,
    why,
    headers: [['WWW-Authenticate', challengeText(state, value)]],
    ...(origin === undefined ? {} : { origin })
  })
}

function challengeText(state: State, { realm, charset }: Authentication): string {
  const name = renderText(realm, { state }).replaceAll(/["\\]/g, '\\$&')
  return `Basic realm="${name}"${charset === undefined ? '' : `, charset="${charset}"`}`
}
