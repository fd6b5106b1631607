import type { Span } from '../../diagnostics/index.js'
import type { Authentication, Condition, Logins, Scope, Setting } from '../../model/index.js'
import { always, literal } from '../../model/index.js'
import type { Place } from './blocks.js'
import { passwordForms } from './passwords.js'
import { beginsWith, isLowerCase } from './letters.js'
import { flagOf } from './options.js'
import type { Problems } from './problems.js'
import type { Entry, Value } from './values.js'

/** Each is in force by itself. */
export const authParts: readonly (readonly string[])[] = [
  ['auth.require'],
  ['auth.backend'],
  ['auth.backend.plain.userfile'],
  ['auth.backend.htpasswd.userfile'],
  ['auth.extern-authn']
]

/**
 * `auth.require` guards paths: the first entry whose key begins the path counts. Its scopes stand inside that of the
 * block, and the last of them lets everybody in, since the list takes the place of one further out.
 */
export function guardsOf(block: Place, rank: number, problems: Problems): readonly Scope[] {
  if (!authParts.flat().some((name) => block.held.has(name))) return []
  const held = block.find('auth.require')
  if (held?.value.kind !== 'list') return []
  const ignoreCase = isLowerCase(block)
  const guarded = held.value.entries.map((entry) => {
    const path = beginsWith(entry.key ?? '', ignoreCase)
    return scope(
      `auth.require "${entry.key ?? ''}"`,
      path,
      readGuard(entry, block, problems),
      entry.span,
      rank
    )
  })
  const open: Authentication = { method: 'none', realm: [], when: always }
  return [
    {
      name: 'auth.require',
      when: always,
      choose: { kind: 'first' },
      settings: [],
      children: [...guarded, scope('auth.require, no path', always, open, held.origin, rank)],
      rank,
      origin: held.origin,
      head: held.origin
    }
  ]
}

function scope(name: string, when: Condition, value: Authentication, origin: Span, rank: number): Scope {
  const setting: Setting = { key: 'authentication', value, reach: 'inherited', origin }
  return {
    name,
    when,
    choose: { kind: 'all' },
    settings: [setting],
    children: [],
    rank,
    origin,
    head: origin
  }
}

function readGuard(entry: Entry, block: Place, problems: Problems): Authentication {
  const options = new Map<string, Value>(
    entry.value.kind === 'list' ? entry.value.entries.map(({ key, value }) => [key ?? '', value]) : []
  )
  const text = (name: string): string => {
    const value = options.get(name)
    return value?.kind === 'string' ? value.text : ''
  }
  for (const name of ['method', 'realm', 'require']) {
    if (text(name) === '') {
      problems.refuse('auth-require', entry.span, `\`${entry.key ?? ''}\` says no \`${name}\``, {
        hint: 'each path needs `( "method" => "basic", "realm" => "…", "require" => "valid-user" )`'
      })
    }
  }
  const method = text('method')
  if (method !== '' && !['basic', 'digest', 'extern'].includes(method)) {
    problems.refuse('auth-require', entry.span, `Unexpected method \`${method}\``, {
      hint: 'write `"basic"`, `"digest"` or `"extern"`'
    })
  }
  const rules = text('require').split('|')
  const users = rules.flatMap((rule) => (rule.startsWith('user=') ? [rule.slice('user='.length)] : []))
  const anybody = rules.includes('valid-user')
  const known = rules.every((rule) => rule === 'valid-user' || rule.startsWith('user='))
  const readable = method === 'basic' && known
  const extern = block.find('auth.extern-authn')
  const isEnough = extern !== undefined && flagOf(extern.value) === true
  const knownUser = method === 'extern' && known ? 'only' : isEnough && known ? 'enough' : undefined
  const logins = readable ? loginsOf(block) : undefined
  return {
    method: 'basic',
    realm: literal(text('realm')),
    ...(logins && { logins }),
    unreadable: 400,
    ...(anybody ? {} : { users }),
    charset: 'UTF-8',
    intoEnvironment: true,
    ...(knownUser && { knownUser }),
    when: always
  }
}

/** None for backends other than files: such a login is known to be there, and not decided yet. */
function loginsOf(block: Place): Logins | undefined {
  const backend = block.find('auth.backend')?.value
  const kind = backend?.kind === 'string' ? backend.text : ''
  if (kind === '') return { kind: 'unset', status: 500 }
  if (kind !== 'plain' && kind !== 'htpasswd') return undefined
  const file = block.find(`auth.backend.${kind}.userfile`)?.value
  return {
    kind: 'file',
    path: literal(file?.kind === 'string' ? file.text : ''),
    forms: passwordForms[kind],
    endsAtColon: false
  }
}
