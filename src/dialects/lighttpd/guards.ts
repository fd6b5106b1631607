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
  const options = optionsOf(entry, problems)
  const method = options.get('method') ?? ''
  const who = readRequire(options.get('require') ?? '', entry, problems)
  const logins = method === 'basic' ? loginsOf(block) : undefined
  const extern = block.find('auth.extern-authn')
  const isEnough = extern !== undefined && flagOf(extern.value) === true
  const knownUser = method === 'extern' ? 'only' : isEnough ? 'enough' : undefined
  return {
    method: 'basic',
    realm: literal(options.get('realm') ?? ''),
    ...(logins && { logins }),
    unreadable: 400,
    ...(who !== 'anybody' && { users: who }),
    charset: 'UTF-8',
    intoEnvironment: true,
    ...(knownUser && { knownUser }),
    when: always
  }
}

const methods = ['basic', 'digest', 'extern']
const known = ['method', 'realm', 'require', 'algorithm', 'nonce_secret', 'nonce-secret', 'userhash']
const form = 'each path needs `( "method" => "basic", "realm" => "…", "require" => "valid-user" )`'

function optionsOf({ key, value, span }: Entry, problems: Problems): ReadonlyMap<string, string> {
  const options = new Map<string, string>()
  const refuse = (at: Span, message: string, hint: string = form): void => {
    problems.refuse('auth-require', at, message, { hint })
  }
  for (const option of value.kind === 'list' ? value.entries : []) {
    const name = option.key ?? ''
    if (!known.includes(name))
      refuse(option.span, `Unexpected option \`${name}\``, `known are: ${known.join(', ')}`)
    else if (option.value.kind !== 'string') refuse(option.span, `\`${name}\` wants a text`)
    else options.set(name, option.value.text)
  }
  for (const name of ['method', 'realm', 'require']) {
    const said = options.get(name)
    // A realm may be empty.
    if (said === undefined || (said === '' && name !== 'realm')) {
      refuse(span, `\`${key ?? ''}\` says no \`${name}\``)
    }
  }
  const method = options.get('method') ?? ''
  if (method !== '' && !methods.includes(method)) {
    refuse(span, `Unexpected method \`${method}\``, 'write `"basic"`, `"digest"` or `"extern"`')
  }
  const algorithm = options.get('algorithm') ?? ''
  if (!algorithm.split('|').every((each) => /^(?:(?:md5|sha-256|sha-512-256)(?:-sess)?)?$/i.test(each))) {
    refuse(span, `Unexpected algorithm \`${algorithm}\``, 'write `"MD5"`, `"SHA-256"` or `"MD5|SHA-256"`')
  }
  return options
}

/**
 * `valid-user` alone, or `user=a|user=b`. Files of users say nothing of groups, and hosts are never compared, so that
 * `group=` and `host=` let nobody in.
 */
function readRequire(text: string, entry: Entry, problems: Problems): 'anybody' | readonly string[] {
  if (text === 'valid-user') return 'anybody'
  const refuse = (message: string): void => {
    problems.refuse('auth-require', entry.span, message, {
      hint: 'write `"valid-user"`, or users with a bar between them: `"user=ann|user=bob"`'
    })
  }
  const rules = text.replace(/\|$/, '').split('|')
  for (const rule of text === '' ? [] : rules) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(rule) ?? []
    if (rule === 'valid-user') refuse('`valid-user` cannot stand beside other rules')
    else if (!['user', 'group', 'host'].includes(name)) refuse(`Unexpected rule \`${rule}\``)
    else if (value === '') refuse(`\`${name}=\` names nobody`)
    else if (name !== 'user') {
      problems.warn(
        'auth-require',
        entry.span,
        `\`${rule}\` lets nobody in: ${unmet[name === 'host' ? 'host' : 'group']}`,
        {
          hint: 'name the users: `"user=ann|user=bob"`'
        }
      )
    }
  }
  return rules.flatMap((rule) => (rule.startsWith('user=') ? [rule.slice('user='.length)] : []))
}

const unmet = {
  host: 'lighttpd 1.4 does not compare hosts',
  group: 'a file of users says nothing of groups'
}

/** Whether each path of an `auth.require` asks for a login that is decided here; one that is not lets nobody in. */
export function areGuardsRead(value: Value): boolean {
  const options = value.kind === 'list' ? value.entries.map((entry) => entry.value) : []
  return options.every(
    (one) =>
      one.kind !== 'list' ||
      one.entries.every(({ key, value: said }) => key !== 'method' || !isText(said, 'digest'))
  )
}

function isText(value: Value, text: string): boolean {
  return value.kind === 'string' && value.text === text
}

/** Blank, it leaves what holds further out (mod_auth_set_defaults). */
function backendOf(place: Place): string {
  const value = place.find('auth.backend')?.value
  const text = value?.kind === 'string' ? value.text : ''
  return text === '' && place.parent !== undefined ? backendOf(place.parent) : text
}

/** None for backends other than files: such a login is known to be there, and not decided yet. */
function loginsOf(block: Place): Logins | undefined {
  const kind = backendOf(block)
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
