import type { Binding, InForce, Note, Regex } from '../../../model/index.js'
import { literalText } from '../../../model/index.js'
import { bindingFields, markFields, poolFields, poolOrigins } from '../../account.js'
import { handedOnNote, withheldNote } from '../../answer-rules.js'
import { actionsInForce, answering, splitsAtFile } from '../../answering.js'
import type { Context } from './context.js'
import { hostList } from './pools.js'
import { addedParams } from './params.js'
import type { AddedParams } from './params.js'
import { questions } from './questions.js'
import { isAllPathInfo, ownRoot, partsAtSlash, prefixOf } from './splits.js'
import type { Alternatives } from './questions.js'
import type { List, Value } from './statements.js'

/** One entry of `fastcgi.server`, with what must hold besides its key. */
export interface Entry {
  readonly key: string
  readonly hosts: List
  readonly role: 'responder' | 'authorizer'
  /** Blocks it must stand in; none: it holds for the whole place. */
  readonly within: Alternatives | undefined
  readonly params: AddedParams
  readonly balance: string | undefined
}

type Fastcgi = Binding & { readonly target: Extract<Binding['target'], { kind: 'fastcgi' }> }

/** The entries for a place's bindings, in the order they are tried. */
export function entriesOf(
  settings: InForce,
  balance: (id: string) => string | undefined,
  context: Context
): readonly Entry[] {
  const found = [...answering(settings), ...byAction(settings, context)]
  return found.flatMap((binding) => entriesOfBinding(binding, settings, balance, context))
}

/** An action hands requests to a URL: whatever answers there answers for them. */
function byAction(settings: InForce, context: Context): readonly Binding[] {
  return actionsInForce(settings).flatMap(({ action, matches }) => {
    const file = mappedFile(action.to, settings)
    const answer = answering(settings).find(
      ({ match }) => match.kind === 'file-prefix' && file !== undefined && below(file, match.value)
    )
    if (answer?.target.kind !== 'fastcgi') return []
    const script = {
      split: { kind: 'file' as const },
      root: { kind: 'filename' as const },
      keepPathInfo: false,
      documentRootFollows: false
    }
    const target = { ...answer.target, mustExist: !action.virtual, script }
    context.ledger.mark(action.origin, 'approx', {
      message: 'the application is told of the file that was asked for, not of the URL that the action names',
      affects: ['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO']
    })
    return matches.map((match) => ({
      ...answer,
      match,
      target,
      at: ['file' as const],
      origin: action.origin
    }))
  })
}

function below(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`)
}

/** The file a URL path is mapped to by plain aliases and the root. */
function mappedFile(url: string, settings: InForce): string | undefined {
  for (const { match, to } of settings.aliases?.value ?? []) {
    if (match.kind === 'prefix' && url.startsWith(match.value)) {
      const target = literalText(to)
      return target === undefined ? undefined : target + url.slice(match.value.length)
    }
  }
  const root = literalText(settings.root?.value.path ?? [])
  return root === undefined ? undefined : root.replace(/\/$/, '') + url
}

/** The URL prefixes that lead to a file name. */
function urlsOf(path: string, settings: InForce): readonly string[] {
  const found: string[] = []
  for (const { match, to } of settings.aliases?.value ?? []) {
    const target = literalText(to)
    if (match.kind === 'prefix' && target !== undefined && below(path, target.replace(/\/$/, ''))) {
      found.push(match.value.replace(/\/$/, '') + path.slice(target.replace(/\/$/, '').length))
    }
  }
  const root = literalText(settings.root?.value.path ?? [])?.replace(/\/$/, '')
  if (root !== undefined && below(path, root)) found.push(path.slice(root.length))
  return found.map((url) => (url === '' ? '/' : url))
}

function entriesOfBinding(
  binding: Binding,
  settings: InForce,
  balance: (id: string) => string | undefined,
  context: Context
): readonly Entry[] {
  const { origin } = binding
  if (binding.target.kind !== 'fastcgi') {
    if (binding.target.kind !== 'none') {
      context.ledger.mark(origin, 'lost', {
        message: 'not written for lighttpd yet',
        affects: ['routing', 'status'],
        advice: 'add url.redirect or url.rewrite lines by hand'
      })
    }
    return []
  }
  const all = binding.target.params ?? settings.params?.value
  const { target, params } = ownRoot(binding.target, all, settings)
  const pool = target.pool.kind === 'pool' ? context.pools.get(target.pool.id) : undefined
  const within = questions(binding.when)
  const keys = keysOf({ ...binding, target }, settings, context)
  if (pool === undefined || within === undefined || keys === undefined || keys.length === 0) {
    context.ledger.mark(origin, 'lost', {
      message:
        pool === undefined
          ? 'lighttpd cannot choose the application by a variable'
          : 'lighttpd has no key or condition for these requests',
      affects: ['routing', 'status'],
      advice: 'write a condition by hand'
    })
    return []
  }
  context.used.add(pool.id)
  if (target.program !== undefined) {
    const note = {
      message:
        'each requested file is a program of its own, which lighttpd cannot start; these URLs are not answered',
      affects: ['routing', 'status', 'process-model'],
      advice: 'name each program in a bin-path of its own'
    }
    context.ledger.mark(origin, 'lost', note)
    const lostFields = [...bindingFields, ...poolFields]
    markFields(context.ledger, [origin, ...poolOrigins(pool)], lostFields, 'lost', note)
    return []
  }
  const pathInfo = keys.some(({ key, checkLocal }) => checkLocal || key.startsWith('/'))
  const added = addedParams(params, settings, { pathInfo }, context)
  return keys.map((key) => {
    account({ ...binding, target }, key, context)
    return {
      key: key.key,
      hosts: hostList(pool, target, key.checkLocal, context),
      role: target.role === 'responder' ? 'responder' : 'authorizer',
      within:
        key.pattern === undefined && within.length === 1 && within[0]?.length === 0
          ? undefined
          : asked(within, key.pattern),
      params: added,
      balance: balance(pool.id)
    }
  })
}

/** The place's own questions, and the pattern that a key could not say. */
function asked(within: Alternatives, pattern: Regex | undefined): Alternatives {
  if (pattern === undefined) return within
  const value = (pattern.ignoreCase ? '(?i)' : '') + pattern.source
  return within.map((each) => [...each, { object: 'HTTP', field: 'url', operator: '=~', value }])
}

interface Key {
  readonly key: string
  readonly checkLocal: boolean
  /** Must be asked as a condition, since no key says it. */
  readonly pattern?: Regex
  /** What differs. */
  readonly differs: readonly string[]
}

const nameOfFile: Note = {
  message:
    'the application answers wherever the URL begins so; in the source the folder of its name must be there, and its name ends with a segment',
  affects: ['status', 'routing', 'body', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO']
}

function keysOf(binding: Fastcgi, settings: InForce, context: Context): readonly Key[] | undefined {
  const { match, target } = binding
  const checkLocal = target.mustExist
  switch (match.kind) {
    case 'suffix':
      if (match.value.startsWith('/'))
        return [{ key: '', checkLocal, pattern: suffixRegex(match.value), differs: ['routing'] }]
      return [{ key: match.value, checkLocal, differs: [] }]
    case 'prefix': {
      const open = match.segments && !match.value.endsWith('/')
      return [{ key: match.value, checkLocal, differs: open ? ['routing'] : [] }]
    }
    case 'any':
      return [
        {
          key: anyKey(target.script.split, checkLocal),
          checkLocal,
          differs: splitDiffers(target.script.split, checkLocal)
        }
      ]
    case 'exact': {
      const source = `^${escape(match.value)}$`
      return [{ key: '', checkLocal, pattern: { source, ignoreCase: false }, differs: [] }]
    }
    case 'regex': {
      const simple = suffixesOf(match.regex)
      if (simple === undefined) return [{ key: '', checkLocal, pattern: match.regex, differs: ['routing'] }]
      return simple.suffixes.map((key) => suffixKey(key, simple.pathInfo, binding))
    }
    case 'file-prefix': {
      const urls = urlsOf(match.value, settings)
      // Of other URLs too, where an action leads there.
      context.ledger.mark(binding.origin, 'approx', { ...nameOfFile, only: ['folder', 'not-found'] })
      context.ledger.mark(binding.origin, 'approx', {
        ...nameOfFile,
        urls: urls.map((value) => ({ kind: 'prefix', value }))
      })
      return urls.map((key) => ({ key, checkLocal: false, differs: [] }))
    }
    case 'label':
      return undefined
  }
}

/** A suffix as lighttpd knows it; where path info may follow, the file must be looked for, or nothing with path info fits. */
export function suffixKey(key: string, pathInfo: boolean, binding: Fastcgi): Key {
  const { target } = binding
  const splits = target.script.split.kind === 'regex' || pathInfo
  const checkLocal = target.mustExist || splits
  return {
    key,
    checkLocal,
    differs: checkLocal && !target.mustExist ? ['status', 'routing', 'body', 'PATH_INFO'] : []
  }
}

function anyKey(split: Fastcgi['target']['script']['split'], checkLocal: boolean): string {
  if (isAllPathInfo(split)) return '/'
  if (split.kind === 'regex' && !checkLocal) return prefixOf(split.regex) ?? ''
  return split.kind === 'after-prefix' ? '/' : ''
}

function splitDiffers(split: Fastcgi['target']['script']['split'], checkLocal: boolean): readonly string[] {
  return split.kind === 'regex' && !checkLocal && !isAllPathInfo(split) && prefixOf(split.regex) === undefined
    ? ['SCRIPT_NAME', 'PATH_INFO', 'SCRIPT_FILENAME', 'PATH_TRANSLATED']
    : []
}

function suffixRegex(value: string): Regex {
  return { source: `${escape(value)}$`, ignoreCase: false }
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)
}

/**
 * The suffixes that a pattern on the end of the path stands for: `\.php$`, `\.(php|phtml)$`, `[^/]\.php(/|$)`, and what
 * handler names on extensions become.
 */
export function suffixesOf(
  regex: Regex
): { readonly suffixes: readonly string[]; readonly pathInfo: boolean } | undefined {
  const found =
    /^(?:\^?\.[*+]\??)?(?:\[\^\/\])?((?:\\\.|[\w-])*?)(?:\((?:\?:)?([\w|]+)\)|([\w-]+))(\$|\((?:\?:)?\/\|\$\)|\((?:\?:)?\$\|\/\)|\(\?:\\\.\[\^\/\]\*\)\?\$|\(\/\.\*\)\?\$)$/.exec(
      regex.source
    )
  if (found === null) return undefined
  const [, front = '', several, one = '', end = '$'] = found
  const plain = front.replaceAll('\\.', '.')
  if (!plain.startsWith('.')) return undefined
  return {
    suffixes: (several ?? one).split('|').map((word) => plain + word),
    pathInfo: end.includes('/') && !end.includes('[')
  }
}

const takenApart =
  'lighttpd takes paths apart where the file ends or the key does, and finds requests by the plain beginning or end of the path'

const behindName: Pick<Note, 'only'> = { only: ['taken-path', 'path-behind-file', 'folder'] }

function account(binding: Fastcgi, key: Key, context: Context): void {
  const { ledger } = context
  const { target, origin } = binding
  const { script } = target
  const differs = [...key.differs]
  if (script.filenamePrefix !== undefined) differs.push('SCRIPT_FILENAME')
  if (script.keepPathInfo) differs.push('SCRIPT_FILENAME')
  // A pattern may part the path where no file ends.
  const told = ['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO']
  if (
    script.split.kind === 'regex' &&
    !isAllPathInfo(script.split) &&
    prefixOf(script.split.regex) === undefined
  ) {
    const only = key.checkLocal && partsAtSlash(script.split.regex) ? behindName : {}
    ledger.mark(origin, 'approx', { message: takenApart, affects: told, ...only })
  }
  // A key parts it without a look at the files.
  if (splitsAtFile(script, target.mustExist) && !key.checkLocal)
    differs.push('SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO')
  if (
    script.root.kind === 'whole' ||
    (script.root.kind === 'template' && literalText(script.root.template) === undefined)
  ) {
    differs.push('SCRIPT_FILENAME', 'DOCUMENT_ROOT')
  }
  if (target.role === 'authenticator' || target.role === 'access-checker')
    differs.push('status', 'FCGI_APACHE_ROLE', 'REMOTE_PASSWD')
  if (script.index !== undefined)
    ledger.mark(origin, 'approx', {
      message: 'lighttpd appends no index to a path that an application takes',
      affects: ['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO'],
      only: ['folder']
    })
  const fields = [...bindingFields, ...poolFields]
  const handedOn = handedOnNote(target)
  if (handedOn !== undefined) ledger.mark(origin, 'approx', handedOn)
  const withheld = withheldNote(target)
  if (withheld !== undefined) ledger.mark(origin, 'approx', withheld)
  if (differs.length === 0) {
    ledger.mark(origin, 'exact')
    markFields(ledger, [origin], fields, 'exact')
    return
  }
  const note = { message: takenApart, affects: [...new Set(differs)] }
  ledger.mark(origin, 'approx', note)
  markFields(ledger, [origin], fields, 'approx', note)
}

/** Entries under one key are one list: hosts of both roles may stand in it, a second answer for a key is never reached. */
export function serverList(entries: readonly Entry[]): Value {
  const byKey = new Map<string, { readonly key: string; readonly role: Entry['role']; hosts: List }>()
  for (const { key, hosts, role } of entries) {
    const known = byKey.get(key.toLowerCase())
    if (known === undefined) byKey.set(key.toLowerCase(), { key, role, hosts })
    else if (known.role !== role) known.hosts = { items: [...known.hosts.items, ...hosts.items] }
  }
  return { items: [...byKey.values()].map(({ key, hosts }) => ({ key, value: hosts })) }
}
