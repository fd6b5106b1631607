import type { Authentication } from '../../model/index.js'
import { evaluate } from '../condition.js'
import { answer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { basicLogin } from '../variables.js'

/** Asks for a name and a password where the site wants them (RFC 7617). */
export function authenticate(state: State): StepResult {
  const setting = state.settings.authentication
  if (setting === undefined || setting.value.method === 'none') return undefined
  const rules = setting.value
  if (!evaluate(rules.when, state).holds) return undefined
  if (rules.passwords !== 'plain' || rules.userFile === undefined) {
    throw new Unsupported('a login with name and password', setting.origin)
  }
  const login = basicLogin(state)
  if (login !== undefined && isLetIn(login, rules, state)) {
    if (rules.intoEnvironment === true) {
      const told = [['REMOTE_USER', login.user] as const, ['AUTH_TYPE', 'Basic'] as const]
      state.environment = [...state.environment, ...told]
    }
    return undefined
  }
  const realm = renderText(rules.realm, { state }).replaceAll(/["\\]/g, '\\$&')
  const charset = rules.charset === undefined ? '' : `, charset="${rules.charset}"`
  return answer({
    kind: 'status',
    status: 401,
    why: login === undefined ? 'a name and a password are needed' : 'name or password is wrong',
    headers: [['WWW-Authenticate', `Basic realm="${realm}"${charset}`]],
    ...(setting.origin === undefined ? {} : { origin: setting.origin })
  })
}

function isLetIn(
  { user, password }: { readonly user: string; readonly password: string },
  rules: Authentication,
  state: State
): boolean {
  if (rules.users !== undefined && !rules.users.includes(user)) return false
  const file = renderText(rules.userFile ?? [], { state })
  const lines = state.surroundings.files.readText(file)?.split(/\r?\n/) ?? []
  return lines.includes(`${user}:${password}`) && !user.includes(':')
}
