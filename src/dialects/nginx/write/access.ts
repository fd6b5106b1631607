import { unguarded } from '../../guarded.js'
import { unknownForms, writableLogin } from '../../logins.js'
import { passwordForms } from '../passwords.js'
import { inQuotes, quote } from '../quote.js'
import type { Authentication, Condition, Note, Setting } from '../../../model/index.js'
import { directive, type Item } from './document.js'
import { assignedName } from './instructions.js'
import { markSetting } from './marks.js'
import type { Output } from './output.js'
import { patternOf } from './patterns.js'
import { templateText, type Surroundings } from './templates.js'

/** A login that cannot be asked for closes what it guards: `return` comes before every other rule of the place. */
export function loginItems(
  setting: Extract<Setting, { key: 'authentication' }>,
  at: Surroundings,
  out: Output
): readonly Item[] {
  const { permission, enough, ...value } = setting.value
  if (permission !== undefined || enough !== undefined) {
    const asked = permissionItems(permission, at, out)
    if (asked !== undefined) {
      const login = { ...setting, value }
      const items = value.method === 'none' ? [] : loginItems(login, at, out)
      markSetting(setting, 'exact', out)
      return [...(enough === undefined ? [] : [directive('satisfy', 'any')]), ...items, ...asked]
    }
  }
  const { method, realm } = value
  if (method === 'none' && permission === undefined) {
    markSetting(setting, 'exact', out)
    return [directive('auth_basic', 'off')]
  }
  const name = templateText(realm, at, out)
  const login = writableLogin(setting.value, passwordForms)
  const file = templateText(login?.path ?? [], at, out)
  if (login !== undefined && name !== undefined && name !== '' && file !== undefined && file !== '') {
    if (login.unknown.length === 0) markSetting(setting, 'exact', out)
    else {
      const message = unknownForms(login.unknown, 'nginx')
      markSetting(setting, 'approx', out, { message, affects: ['status'] })
    }
    return [directive('auth_basic', inQuotes(name)), directive('auth_basic_user_file', quote(file))]
  }
  const advice =
    'Write auth_basic with auth_basic_user_file, or auth_request, by hand, then remove the lines that refuse.'
  markSetting(setting, 'lost', out, unguarded('nginx cannot ask for this login', out.allowOpen, advice))
  if (out.allowOpen) return []
  // A file that cannot be read lets nobody in, and unlike `deny` no location inside replaces it by rules of its own.
  return [directive('auth_basic', 'closed'), directive('auth_basic_user_file', '/nonexistent/logins')]
}

/** Another URL of the site that must say yes, and what is kept of its answer. */
function permissionItems(
  permission: Authentication['permission'],
  at: Surroundings,
  out: Output
): readonly Item[] | undefined {
  if (permission === undefined) return []
  const sets = permission.sets.map((set) => {
    const text = templateText(set.value, at, out)
    return text === undefined ? undefined : directive('auth_request_set', assignedName(set), quote(text))
  })
  const known = sets.filter((item) => item !== undefined)
  if (known.length < sets.length) return undefined
  for (const { origin } of [permission, ...permission.sets]) out.ledger.mark(origin, 'exact')
  return [directive('auth_request', quote(permission.to)), ...known]
}

/** Rules on the URL are locations of their own; here stand those on the client's address. What cannot be asked is refused. */
export function accessItems(setting: Extract<Setting, { key: 'access' }>, out: Output): readonly Item[] {
  const items: Item[] = []
  for (const { when, allow, origin } of setting.value.rules) {
    if (when.kind === 'never') {
      out.ledger.mark(origin, 'exact')
      continue
    }
    const asked = networksOf(when)
    const isWhole = asked.unknown === 0
    if (asked.networks.length > 0 && (isWhole || allow)) {
      for (const network of asked.networks) items.push(directive(allow ? 'allow' : 'deny', quote(network)))
      out.ledger.mark(origin, isWhole ? 'exact' : 'approx', ...(isWhole ? [] : [keptOut]))
    } else if (!allow && patternOf(when, true) !== undefined) {
      continue
    } else {
      for (const rule of setting.value.rules)
        out.ledger.mark(rule.origin, rule.origin === origin ? 'lost' : 'exact')
      const advice = 'Guard the location in another way, then remove `deny all`.'
      const note = unguarded('nginx cannot ask this before it answers', out.allowOpen, advice)
      out.ledger.mark(origin, 'lost', note)
      return out.allowOpen ? items : [...items, directive('deny', 'all')]
    }
  }
  markSetting(setting, 'exact', out)
  const closes = setting.value.otherwise === 'deny' && items.at(-1)?.words[1] !== 'all'
  return closes ? [...items, directive('deny', 'all')] : items
}

/** nginx cannot ask for all that let clients in: those it asks for are, and nobody else. */
const keptOut: Note = {
  message: 'clients that are let in for another reason than their address alone are kept out',
  affects: ['status', 'routing', 'body']
}

/** The networks of which any is enough, and how much else would be. */
function networksOf(when: Condition): { readonly networks: readonly string[]; readonly unknown: number } {
  const alternatives = when.kind === 'any' ? when.of : [when]
  const networks = alternatives.flatMap((one) => networkOf(one) ?? [])
  return { networks, unknown: alternatives.length - networks.length }
}

export function networkOf(when: Condition): string | undefined {
  if (when.kind === 'always') return 'all'
  if (when.kind !== 'test' || when.subject.of !== 'remote-address') return undefined
  if (when.test.kind === 'address') return when.test.network
  return when.test.kind === 'equals' ? when.test.value : undefined
}
