import type { Access, Condition, Instruction, Setting } from '../../../model/index.js'
import { guards, readAccess, readAuthentication } from './access.js'
import { readLevel, recordUnread, type Level } from './level.js'
import { nameOf, type Item, type Session } from './session.js'
import { setting } from './setting.js'

/**
 * `limit_except GET { deny all; }`: the rules inside hold for all other methods, in place of those around it; HEAD goes
 * with GET. Only access rules and logins are read.
 */
export function readExceptions(
  session: Session,
  level: Level,
  around: readonly Setting[]
): readonly Setting[] {
  const item = level.last('limit_except')
  if (item === undefined) return []
  const { body, args } = item.directive
  const inner = readLevel(
    session,
    body.kind === 'block' ? body.statements : [],
    item.file,
    'limit_except',
    level,
    item
  )
  if (!inner.items.every(isRead)) {
    recordUnread(session, item)
    return []
  }
  const others = otherMethods(args.map(({ value }) => value))
  return [
    ...accessSettings(session, level, inner, others, around),
    ...loginSettings(session, level, inner, others, item)
  ]
}

function isRead({ directive }: Item): boolean {
  return ['allow', 'deny', 'auth_basic', 'auth_basic_user_file', 'include'].includes(nameOf(directive))
}

/** Instructions of a location are done only for the methods that its `limit_except` lists. */
export function forListedMethods(
  session: Session,
  level: Level,
  instructions: readonly Instruction[]
): readonly Instruction[] {
  const item = level.last('limit_except')
  if (item === undefined || instructions.length === 0) return instructions
  const when = listedMethods(item.directive.args.map(({ value }) => value))
  return [{ kind: 'if', when, then: instructions, origin: session.head(item) }]
}

function otherMethods(listed: readonly string[]): Condition {
  return { kind: 'not', of: listedMethods(listed) }
}

function listedMethods(listed: readonly string[]): Condition {
  const methods = listed.includes('GET') ? [...listed, 'HEAD'] : listed
  const of = methods.map((value): Condition => ({
    kind: 'test',
    subject: { of: 'method' },
    test: { kind: 'equals', value }
  }))
  return { kind: 'any', of }
}

function accessSettings(
  session: Session,
  level: Level,
  inner: Level,
  others: Condition,
  around: readonly Setting[]
): readonly Setting[] {
  const own = readAccess(session, inner)
  if (own?.key !== 'access' || own.origin === undefined) return []
  const { origin } = own
  const outer = around.findLast((each) => each.key === 'access') ?? outerAccess(session, level)
  const before: Access['rules'] = outer?.key === 'access' ? outer.value.rules : []
  const rules: Access['rules'] = [
    ...own.value.rules.map((rule) => ({ ...rule, when: { kind: 'all', of: [others, rule.when] } as const })),
    { when: others, allow: true, origin },
    ...before
  ]
  const origins = [origin, ...(own.parts ?? []), ...(outer?.origin === undefined ? [] : [outer.origin])]
  // Locations inside have the rules around, not these.
  return [setting('access', { rules, otherwise: 'allow' }, 'own', origins)]
}

function outerAccess(session: Session, level: Level): Setting | undefined {
  for (let at = level.parent; at !== undefined; at = at.parent) {
    const found = readAccess(session, at)
    if (found !== undefined) return found
  }
  return undefined
}

/** Two logins, one for some methods and one for the others, have no place in the model yet. */
function loginSettings(
  session: Session,
  level: Level,
  inner: Level,
  others: Condition,
  item: Item
): readonly Setting[] {
  const login = inner.says(...guards) ? readAuthentication(session, inner) : undefined
  if (login?.key !== 'authentication') return []
  const outside = [...level.inForce('auth_basic')].at(-1)?.directive.args[0]?.value
  if (outside !== undefined && outside !== 'off') {
    recordUnread(session, item)
    return []
  }
  return [{ ...login, reach: 'own', value: { ...login.value, when: others } }]
}
