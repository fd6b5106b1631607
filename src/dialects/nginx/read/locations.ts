import type { Binding, LocationMatch, Scope, Setting, Target } from '../../../model/index.js'
import { checkBuffers } from './buffers.js'
import { forListedMethods, readExceptions } from './exceptions.js'
import { checkRegex } from './check.js'
import { define, readInstructions, refuseVariable } from './instructions.js'
import { readLevel, recordUnread, type Level } from './level.js'
import { lastWord, poolDirectives, type PoolsByProtocol } from './pools.js'
import { readHttpTarget } from './proxy.js'
import { headText, nameOf, type Item, type Session } from './session.js'
import { setting } from './setting.js'
import { readReferers } from './referers.js'
import { readScript } from './script.js'
import { readSettings } from './settings.js'
import { checkZones } from './zones.js'
import { parseFlag } from './values.js'

/** What a level of a server or location gives: its settings, what answers, and the locations in it. */
export function readPlace(
  session: Session,
  level: Level,
  pools: PoolsByProtocol
): { readonly settings: readonly Setting[]; readonly children: readonly Scope[] } {
  const settings: Setting[] = [...readSettings(session, level)]
  const referers = readReferers(session, level)
  const own = readInstructions(session, level, (inner) => [
    ...readSettings(session, inner),
    ...handlerSettings(session, inner, pools)
  ])
  const instructions = [...referers, ...forListedMethods(session, level, own)]
  if (instructions.length > 0) {
    const origins = instructions.map((each) => (each.kind === 'rewrite' ? each.rewrite.origin : each.origin))
    settings.push(setting('instructions', instructions, 'own', origins))
  }
  settings.push(...handlerSettings(session, level, pools))
  settings.push(...readExceptions(session, level, settings))
  defineAnswers(session, level)
  checkBuffers(session, level)
  checkZones(session, level)
  return { settings, children: readLocations(session, level, pools) }
}

/** What a block says that answers for its requests. */
function handlerSettings(session: Session, level: Level, pools: PoolsByProtocol): readonly Setting[] {
  const binding = readBinding(session, level, pools)
  if (binding === undefined) return []
  const origins = [binding.origin]
  if (binding.target.kind === 'fastcgi')
    for (const name of havingPart) for (const { span } of level.inForce(name)) origins.push(span)
  return [setting('bindings', [binding], 'own', origins)]
}

/** What has a part in how an application is asked. */
const havingPart = [
  'fastcgi_index',
  'fastcgi_split_path_info',
  'fastcgi_pass_request_body',
  ...poolDirectives
]

export function defineAnswers(session: Session, level: Level): void {
  for (const item of level.own('auth_request_set')) defineAnswer(session, item)
}

/** `auth_request_set $name value;` */
function defineAnswer(session: Session, item: Item): void {
  const word = item.directive.args[0]
  const name = /^\$(\w+)$/.exec(word?.value ?? '')?.[1]
  if (name !== undefined) define(session, item, name)
  else if (word !== undefined) refuseVariable(session, item, word)
}

const passes = /^(?:fastcgi|proxy|uwsgi|scgi|memcached|grpc)_pass$/

/** What else answers for a location. */
const otherHandlers =
  /^(?:proxy_pass|uwsgi_pass|scgi_pass|memcached_pass|grpc_pass|perl|js_content|empty_gif|stub_status|flv|mp4|\w*content_by_lua\w*|redis2?_pass|echo|echo_exec|echo_location|report_uploads|vhost_traffic_status_display)$/

/** Of several handlers the last one answers. */
function readBinding(session: Session, level: Level, pools: PoolsByProtocol): Binding | undefined {
  if (level.context !== 'location' && level.context !== 'if-in-location') return undefined
  const item = level.lastNamed(answers)
  if (item === undefined) return undefined
  const target = readTarget(session, level, item, pools)
  if (target === undefined) return undefined
  return {
    match: { kind: 'any' },
    when: { kind: 'always' },
    target,
    at: ['content'],
    origin: session.span(item)
  }
}

function answers(name: string): boolean {
  return name === 'fastcgi_pass' || otherHandlers.test(name)
}

function readTarget(session: Session, level: Level, item: Item, pools: PoolsByProtocol): Target | undefined {
  const name = nameOf(item.directive)
  if (name === 'proxy_pass') return readHttpTarget(session, level, item, pools.proxy)
  if (name !== 'fastcgi_pass') return { kind: 'unsupported', what: headText(item) }
  const pool = pools.fastcgi.choose(item, level)
  if (pool === undefined || pool.kind === 'unsupported') return pool
  const sends = parseFlag(lastWord(level, 'fastcgi_pass_request_body') ?? 'on') !== false
  const buffers = parseFlag(lastWord(level, 'fastcgi_request_buffering') ?? 'on') !== false
  return {
    kind: 'fastcgi',
    role: 'responder',
    pool,
    script: readScript(level),
    mustExist: false,
    ...(sends ? {} : { withholdsBody: true }),
    ...(buffers ? {} : { streamsBody: true })
  }
}

function readLocations(session: Session, level: Level, pools: PoolsByProtocol): readonly Scope[] {
  const known = new Map<string, Item>()
  return level.own('location').flatMap((item) => {
    const match = readMatch(session, item)
    if (match === undefined) {
      recordUnread(session, item)
      return []
    }
    checkNesting(session, level, item, match)
    checkTwice(session, item, match, known)
    return [readLocation(session, level, item, match, pools)]
  })
}

function readLocation(
  session: Session,
  around: Level,
  item: Item,
  match: LocationMatch,
  pools: PoolsByProtocol
): Scope {
  const { body } = item.directive
  const level = readLevel(
    session,
    body.kind === 'block' ? body.statements : [],
    item.file,
    'location',
    around,
    item
  )
  const alias = level.last('alias')
  if (alias !== undefined && match.kind === 'named') {
    const message = '`alias` cannot be used in a named location'
    session.refuse(
      'nginx/wrong-context',
      session.head(alias),
      message,
      'use `root`: a named location has no prefix to take away'
    )
  }
  const { settings, children } = readPlace(session, level, pools)
  const slash = level.lastNamed((name) => passes.test(name))
  const redirects =
    slash !== undefined && (match.kind === 'prefix' || match.kind === 'exact') && match.value.endsWith('/')
  return {
    name: headText(item),
    when: { kind: 'always' },
    choose: { kind: 'location' },
    settings: redirects
      ? [...settings, setting('slashRedirect', true, 'own', [session.span(slash)])]
      : settings,
    children,
    rank: 0,
    location: match,
    origin: session.span(item),
    head: session.head(item)
  }
}

/** The modifier may stand apart or be glued to the name. */
function readMatch(session: Session, item: Item): LocationMatch | undefined {
  const [first, second] = item.directive.args
  if (first === undefined) return undefined
  const glued = second === undefined ? /^(=|\^~|~\*|~|)([^]*)$/.exec(first.value) : null
  const modifier = second === undefined ? (glued?.[1] ?? '') : first.value
  const value = second === undefined ? (glued?.[2] ?? '') : second.value
  switch (modifier) {
    case '':
      return value.startsWith('@')
        ? { kind: 'named', name: value }
        : { kind: 'prefix', value, noRegex: false }
    case '=':
      return { kind: 'exact', value }
    case '^~':
      return { kind: 'prefix', value, noRegex: true }
    case '~':
    case '~*':
      if (!checkRegex(session, item, value, session.head(item))) return undefined
      return { kind: 'regex', regex: { source: value, ignoreCase: modifier === '~*' } }
    default: {
      const message = `Invalid modifier \`${modifier}\` of a location`
      session.refuse(
        'nginx/invalid-value',
        session.word(item, first),
        message,
        'known are `=`, `^~`, `~` and `~*`'
      )
      return undefined
    }
  }
}

function textOf(match: LocationMatch): string {
  return match.kind === 'regex' ? match.regex.source : match.kind === 'named' ? match.name : match.value
}

/** A location inside another must begin with its text; exact and named ones hold none. */
function checkNesting(session: Session, around: Level, item: Item, match: LocationMatch): void {
  const outer = around.context === 'location' && around.head !== undefined ? around.head : undefined
  const parent = outer === undefined ? undefined : readMatch(session, outer)
  if (outer === undefined || parent === undefined) return
  const refuse = (message: string, hint: string): void => {
    const related = [{ span: session.head(outer), message: 'the location around it' }]
    session.refuse('nginx/wrong-nesting', session.head(item), message, hint, related)
  }
  const name = textOf(match)
  if (parent.kind === 'exact' || parent.kind === 'named') {
    refuse(`A location inside \`${headText(outer)}\`, which can hold none`, 'move it to the server')
  } else if (match.kind === 'named') {
    refuse(
      `The named location \`${name}\` stands inside another`,
      'move it to the server: named locations stand there only'
    )
  } else if (match.kind !== 'regex' && !name.startsWith(textOf(parent))) {
    refuse(
      `The location \`${name}\` lies outside of \`${textOf(parent)}\`, in which it stands`,
      'its name must begin with that of the location around it'
    )
  }
}

function checkTwice(session: Session, item: Item, match: LocationMatch, known: Map<string, Item>): void {
  if (match.kind !== 'exact' && match.kind !== 'prefix') return
  const key = `${match.kind} ${match.value}`
  const first = known.get(key)
  if (first === undefined) {
    known.set(key, item)
    return
  }
  const related = [{ span: session.head(first), message: 'it stands here first' }]
  session.refuse(
    'nginx/duplicate-location',
    session.head(item),
    `The location \`${match.value}\` stands twice`,
    'join the two',
    related
  )
}
