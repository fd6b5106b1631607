import type { Access, Condition, Setting } from '../../../model/index.js'
import { refuseValue } from './check.js'
import { resolvePath } from './files.js'
import type { Level } from './level.js'
import { nameOf, type Session } from './session.js'
import { setting } from './setting.js'
import { readTemplate, readText } from './variables.js'

const network =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,3}(?:\.\d{1,3}){0,3})?|[0-9a-f]*:[0-9a-f:.]*(?:\/\d{1,3})?)$/i

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
    if (text === 'unix:') session.notReadYet(item)
    return [{ when, allow: nameOf(item.directive) === 'allow', origin: session.span(item) }]
  })
  return setting('access', { rules, otherwise: 'allow' }, 'inherited', session.spans(items))
}

function addressCondition(text: string): Condition | undefined {
  if (text === 'all') return { kind: 'always' }
  if (text === 'unix:') return { kind: 'never' }
  if (!network.test(text)) return undefined
  return { kind: 'test', subject: { of: 'remote-address' }, test: { kind: 'address', network: text } }
}

/** Without a file of logins `auth_basic` asks for none. */
export function readAuthentication(session: Session, level: Level): Setting | undefined {
  if (!level.says('auth_basic', 'auth_basic_user_file')) return undefined
  const [realm, file] = [level.inForce('auth_basic').at(-1), level.inForce('auth_basic_user_file').at(-1)]
  const origins = session.spans([realm, file].filter((item) => item !== undefined))
  const word = realm?.directive.args[0]
  const path = file?.directive.args[0]
  if (
    realm === undefined ||
    word === undefined ||
    word.value === 'off' ||
    file === undefined ||
    path === undefined
  ) {
    return setting(
      'authentication',
      { method: 'none', realm: [], when: { kind: 'always' } },
      'inherited',
      origins
    )
  }
  const text = path.value.startsWith('$') ? path.value : resolvePath(session.folder, path.value)
  const [name, logins] = [
    readTemplate(session, realm, word),
    readText(session, text, session.word(file, path))
  ]
  const value = {
    method: 'basic',
    realm: name.template,
    userFile: logins.template,
    when: { kind: 'always' }
  } as const
  return setting('authentication', value, 'inherited', origins)
}
