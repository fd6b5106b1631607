import { literal, variable } from '../../model/index.js'
import type { Access, Alias, Scope, Setting, SettingKey, SettingOf, Template } from '../../model/index.js'
import type { FastcgiReader } from './bindings.js'
import { besideOf } from './beside.js'
import type { Blocks, Part } from './beside.js'
import type { Block, Held, Place } from './blocks.js'
import {
  readDelivery,
  readEnvironment,
  readErrorPages,
  readRequestHeaders,
  readResponseHeaders,
  readResponseRules
} from './answers.js'
import { elsewhere, groupOf, readElsewhere } from './elsewhere.js'
import { endsIn, isLowerCase } from './letters.js'
import { flagOf, numberOf } from './options.js'
import type { Modules } from './modules.js'
import type { Problems } from './problems.js'
import { readRedirects, readRewrites, rewriteDirectives } from './rules.js'
import { readRoot, rootDirectives } from './vhosts.js'
import type { Entry, Value } from './values.js'

/** What readers of settings need besides the place they read. */
export interface SettingContext {
  readonly modules: Modules
  readonly fastcgi: FastcgiReader
  readonly problems: Problems
}

/** Turns what a block holds into settings of the model. One reader a setting; each looks at the directives it is made of. */
export function settingsOf(block: Place, context: SettingContext): readonly Setting[] {
  return readers.flatMap((reader) => readIn(block, reader, context))
}

/** Scopes for what is made of directives of this block and of others beside it. */
export function besideSettings(
  block: Block,
  blocks: Blocks,
  rank: number,
  context: SettingContext
): readonly Scope[] {
  return readers.flatMap((reader) =>
    besideOf(block, blocks, reader.parts ?? reader.from.map((name) => [name]), {
      rank,
      ...(reader.capturing && { capturing: reader.capturing }),
      read: (place) => readIn(place, reader, context),
      scopes: () => []
    })
  )
}

function readIn(
  block: Place,
  { from, module, read }: SettingReader,
  context: SettingContext
): readonly Setting[] {
  if (module !== undefined && !context.modules.isLoaded(module)) return []
  const held = from.flatMap((name) => block.held.get(name) ?? [])
  const last = held.at(-1)
  if (last === undefined) return []
  const around = (name: string): Held | undefined => block.find(name)
  return read({ ...context, last, around, block }).map((setting) => ({
    ...setting,
    origin: setting.origin ?? last.origin,
    parts: held.flatMap(({ parts }) => parts)
  }))
}

interface Given extends SettingContext {
  /** Of the directives it is made of, the one this block holds. */
  readonly last: Held
  /** The value in force here, also where an outer block set it. */
  readonly around: (name: string) => Held | undefined
  readonly block: Place
}

interface SettingReader {
  readonly from: readonly string[]
  /** Which of them take each other's place; each its own where absent. */
  readonly parts?: readonly Part[]
  /** Those with places for what the block they stand in captured. */
  readonly capturing?: readonly string[]
  readonly module?: string
  readonly read: (given: Given) => readonly Setting[]
}

function setting<K extends SettingKey>(key: K, value: SettingOf<K>['value']): SettingOf<K> {
  return { key, value, reach: 'inherited' } as const satisfies SettingOf<K>
}

const handlers = elsewhere.map((handler): SettingReader => ({
  from: handler.from,
  parts: [handler.from],
  module: handler.module,
  read: ({ block, last }) => [
    { ...setting('bindings', readElsewhere(handler, block, last)), groups: [groupOf(handler)] }
  ]
}))

const readers: readonly SettingReader[] = [
  ...handlers,
  {
    from: rootDirectives,
    read: ({ block, modules, problems }) => {
      const root = readRoot(block, modules.names, problems)
      return root === undefined ? [] : [setting('root', root)]
    }
  },
  {
    from: ['server.name'],
    read: ({ last }) => text(last.value, (name) => setting('serverName', serverName(name)))
  },
  { from: ['server.tag'], read: ({ last }) => text(last.value, (tag) => setting('serverSoftware', tag)) },
  {
    from: ['server.max-request-size'],
    read: ({ last }) => {
      const size = numberOf(last.value, 32)
      return size === undefined ? [] : [setting('maxBodySize', size * 1024)]
    }
  },
  {
    from: ['server.stream-request-body'],
    read: ({ last }) => {
      const how = numberOf(last.value, 16)
      return how === undefined ? [] : [setting('streamsBody', how !== 0)]
    }
  },
  {
    from: ['server.range-requests', 'server.error-intercept', 'server.stream-response-body'],
    read: ({ block }) => [
      setting('response', readResponseRules(block)),
      ...(block.held.has('server.range-requests') ? [setting('delivery', readDelivery(block))] : [])
    ]
  },
  {
    from: ['server.errorfile-prefix'],
    read: ({ last }) => text(last.value, (before) => setting('errorFiles', { before, after: '.html' }))
  },
  {
    from: ['server.follow-symlink'],
    read: ({ last }) => {
      const followed = flagOf(last.value)
      return followed === undefined ? [] : [setting('symlinks', followed ? 'followed' : 'refused')]
    }
  },
  {
    from: ['server.force-lowercase-filenames'],
    read: ({ last }) => {
      const lower = flagOf(last.value)
      return lower === undefined ? [] : [setting('lowerCaseFiles', lower)]
    }
  },
  {
    from: ['mimetype.assign'],
    read: ({ last }) => [
      setting(
        'mediaTypes',
        pairs(last.value).map(({ key, text: type }, _, all) => ({
          extension: key,
          type,
          ...(all.length < fewTypes && ({ anyEnd: true } as const))
        }))
      )
    ]
  },
  {
    // In a block that sets both the old name counts (mod_indexfile.c, the order of its keys).
    from: ['index-file.names', 'server.indexfiles'],
    parts: [['index-file.names', 'server.indexfiles']],
    module: 'mod_indexfile',
    read: ({ last }) => [
      setting('index', { names: texts(last.value).map((name) => literal(name)), how: 'append' })
    ]
  },
  {
    from: ['alias.url'],
    module: 'mod_alias',
    read: ({ last }) => [
      setting(
        'aliases',
        pairs(last.value).map(({ key, text: target, entry }): Alias => ({
          match: { kind: 'prefix', value: key, segments: false },
          to: literal(target),
          documentRoot: 'target',
          dotsBehind: 'refused',
          origin: entry.span
        }))
      )
    ]
  },
  {
    from: ['static-file.exclude-extensions'],
    module: 'mod_staticfile',
    read: ({ last }) => [setting('staticRefused', texts(last.value))]
  },
  {
    from: ['static-file.disable-pathinfo'],
    module: 'mod_staticfile',
    read: ({ last }) => {
      const disabled = flagOf(last.value)
      return disabled === undefined ? [] : [setting('pathInfoTaken', disabled ? 'by-programs' : 'by-all')]
    }
  },
  ...(['rewrites', 'missingRewrites'] as const).map((key): SettingReader => ({
    from: rewriteDirectives[key],
    parts: [rewriteDirectives[key]],
    module: 'mod_rewrite',
    read: ({ block, problems }) => [setting(key, readRewrites(block, key, problems))]
  })),
  {
    from: ['url.redirect-code', 'url.redirect'],
    capturing: ['url.redirect'],
    module: 'mod_redirect',
    read: ({ block, problems }) => [setting('redirects', readRedirects(block, problems))]
  },
  {
    from: ['setenv.add-environment', 'setenv.set-environment'],
    module: 'mod_setenv',
    read: ({ block }) => [{ ...setting('environment', readEnvironment(block)), merge: 'replace' }]
  },
  {
    from: ['setenv.add-request-header', 'setenv.set-request-header'],
    module: 'mod_setenv',
    read: ({ block }) => [setting('requestHeaders', readRequestHeaders(block))]
  },
  {
    from: ['setenv.add-response-header', 'setenv.set-response-header'],
    module: 'mod_setenv',
    read: ({ block }) => [setting('responseHeaders', readResponseHeaders(block))]
  },
  {
    from: ['server.error-handler', 'server.error-handler-404', 'server.error-intercept'],
    read: ({ block }) => [setting('errorPages', readErrorPages(block))]
  },
  {
    from: ['fastcgi.debug'],
    module: 'mod_fastcgi',
    read: ({ last }) => {
      const level = numberOf(last.value, 32)
      return level === undefined ? [] : [setting('toldOfApplications', level)]
    }
  },
  {
    from: ['url.access-deny', 'url.access-allow'],
    module: 'mod_access',
    read: ({ around, block }) => [
      setting('access', access(around('url.access-allow'), around('url.access-deny'), isLowerCase(block)))
    ]
  },
  {
    from: ['fastcgi.balance', 'fastcgi.map-extensions', 'fastcgi.server'],
    module: 'mod_fastcgi',
    read: ({ around, fastcgi }) => {
      const server = around('fastcgi.server')
      if (server === undefined) return []
      const map = around('fastcgi.map-extensions')?.value
      const balance = around('fastcgi.balance')?.value
      const value = fastcgi.read({
        server: server.value,
        ...(map && { mapExtensions: map }),
        ...(balance && { balance })
      })
      return [setting('bindings', value)]
    }
  }
]

/** Short lists of media types are searched for the first end of the path that fits, longer ones by extension (stat_cache_mimetype_by_ext). */
const fewTypes = 16

/** SERVER_NAME never has a port; an empty name counts as none. */
function serverName(name: string): Template {
  const bare = name.replace(/^(\[[^\]]*\]|[^:]*):.*$/, '$1')
  return bare === '' ? variable('request.host') : literal(bare)
}

function text(value: Value, make: (text: string) => Setting): readonly Setting[] {
  return value.kind === 'string' ? [make(value.text)] : []
}

function texts(value: Value): readonly string[] {
  if (value.kind !== 'list') return []
  return value.entries.flatMap((entry) => (entry.value.kind === 'string' ? [entry.value.text] : []))
}

interface Pair {
  readonly key: string
  readonly text: string
  readonly entry: Entry
}

function pairs(value: Value): readonly Pair[] {
  if (value.kind !== 'list') return []
  return value.entries.flatMap((entry) =>
    entry.key === undefined || entry.value.kind !== 'string'
      ? []
      : [{ key: entry.key, text: entry.value.text, entry }]
  )
}

/** Where there is a list of what is allowed, only that counts (mod_access_check). */
function access(allow: Held | undefined, deny: Held | undefined, ignoreCase: boolean): Access {
  const rules = (held: Held | undefined, allowed: boolean): Access['rules'] =>
    held?.value.kind !== 'list'
      ? []
      : held.value.entries.flatMap(({ value, span }) =>
          value.kind === 'string'
            ? [{ when: endsIn(value.text, ignoreCase), allow: allowed, origin: span }]
            : []
        )
  const allowed = rules(allow, true)
  return allowed.length > 0
    ? { rules: allowed, otherwise: 'deny' }
    : { rules: rules(deny, false), otherwise: 'allow' }
}
