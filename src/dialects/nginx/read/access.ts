import type { Access, Authentication, Condition, Permission, Setting } from '../../../model/index.js'
import { passwordForms } from '../passwords.js'
import { refuseValue } from './check.js'
import { resolvePath } from './files.js'
import { assignment } from './instructions.js'
import type { Level } from './level.js'
import { nameOf, type Session } from './session.js'
import { setting } from './setting.js'
import { isBuiltIn, readTemplate, readText } from './variables.js'

/** An address, or one with the length of its network behind a slash. */
export function isNetwork(text: string): boolean {
  const [, address = '', length = ''] = /^([^/]*)(?:\/(\d+))?$/.exec(text) ?? []
  if (!isAddress(address)) return false
  return Number(length) <= (address.includes(':') ? 128 : 32)
}

function isAddress(text: string): boolean {
  if (!text.includes(':'))
    return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) < 256)
  const halves = text.replace(/(?<=:)\d+(?:\.\d+){3}$/, '0:0').split('::')
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  return (
    groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) &&
    (halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8)
  )
}

/** The first that fits decides; what none fits is allowed. */
export function readAccess(session: Session, level: Level): Setting | undefined {
  const items = level.items.filter(({ directive }) => ['allow', 'deny'].includes(nameOf(directive)))
  if (items.length === 0) return undefined
  const rules = items.flatMap((item): Access['rules'] => {
    const text = item.directive.args[0]?.value ?? ''
    const when = addressCondition(text)
    if (when === undefined) {
      refuseValue(session, item, text, 'an address, a network such as `10.0.0.0/8`, `unix:` or `all`')
      return []
    }
    return [{ when, allow: nameOf(item.directive) === 'allow', origin: session.span(item) }]
  })
  return setting('access', { rules, otherwise: 'allow' }, 'inherited', session.spans(items))
}

function addressCondition(text: string): Condition | undefined {
  if (text === 'all') return { kind: 'always' }
  // Connections over a socket of the file system have no address.
  if (text === 'unix:')
    return { kind: 'test', subject: { of: 'remote-address' }, test: { kind: 'equals', value: '' } }
  if (!isNetwork(text)) return undefined
  return { kind: 'test', subject: { of: 'remote-address' }, test: { kind: 'address', network: text } }
}

export const guards = ['auth_basic', 'auth_basic_user_file', 'auth_request', 'auth_request_set', 'satisfy']

/** The login and the URL that is asked, which are inherited apart from each other. */
export function readAuthentication(session: Session, level: Level): Setting | undefined {
  const login = readLogin(session, level)
  const asked = readPermission(session, level)
  const satisfy = level.inForce('satisfy').at(-1)
  const isAny = satisfy?.directive.args[0]?.value.toLowerCase() === 'any'
  const items = guards.flatMap((name) => level.inForce(name))
  const value: Authentication = {
    ...login,
    ...(asked === undefined ? {} : { permission: asked }),
    ...(isAny ? { enough: 'any' } : {})
  }
  return setting('authentication', value, 'inherited', session.spans(items))
}

/** `auth_request /ask;` with the variables that `auth_request_set` makes of the answer. */
function readPermission(session: Session, level: Level): Permission | undefined {
  const item = level.inForce('auth_request').at(-1)
  const to = item?.directive.args[0]?.value
  if (item === undefined || to === undefined || to === 'off') return undefined
  const sets = level.inForce('auth_request_set').flatMap((line): Permission['sets'] => {
    const [variable, word] = line.directive.args
    const name = /^\$(\w+)$/.exec(variable?.value ?? '')?.[1]
    if (name === undefined || word === undefined) return []
    const { template } = readTemplate(session, line, word)
    if (template.some((part) => part.kind === 'user' && isBuiltIn(part.name))) session.notReadYet(line)
    const set = assignment(name, template, session.span(line))
    if (set === undefined) session.notReadYet(line)
    return set === undefined ? [] : [set]
  })
  return { to, sets, origin: session.span(item) }
}

/** Without a file of logins `auth_basic` asks for none. */
function readLogin(session: Session, level: Level): Authentication {
  const [realm, file] = [level.inForce('auth_basic').at(-1), level.inForce('auth_basic_user_file').at(-1)]
  const word = realm?.directive.args[0]
  const path = file?.directive.args[0]
  const name = realm && word && readTemplate(session, realm, word)
  const text = path && resolvePath(session.folder, path.value)
  const logins = file && path && text !== undefined && readText(session, text, session.word(file, path))
  if (
    name === undefined ||
    word === undefined ||
    word.value === 'off' ||
    logins === undefined ||
    logins === false
  ) {
    return { method: 'none', realm: [], when: { kind: 'always' } }
  }
  return {
    method: 'basic',
    realm: name.template,
    logins: {
      kind: 'file',
      path: logins.template,
      forms: passwordForms,
      endsAtColon: true,
      missing: 403,
      unreadable: 500
    },
    when: { kind: 'always' }
  }
}
