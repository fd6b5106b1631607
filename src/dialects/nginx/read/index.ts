import type { Instruction, Scope, Setting, Site, Template } from '../../../model/index.js'
import type { ReadIo, ReadOptions, ReadResult } from '../../dialect.js'
import { nearest } from '../../../diagnostics/index.js'
import { checkBuffers } from './buffers.js'
import { readCacheZones } from './cache.js'
import { ownAnswers, pipeline } from './constants.js'
import { contextOf, fileContexts } from './context.js'
import type { FileContext } from './context.js'
import { expand, folderOf } from './files.js'
import { Listeners, readNames } from './hosts.js'
import { define, refuseVariable } from './instructions.js'
import { Level, levelOf, readLevel } from './level.js'
import { readLimitZones } from './limits.js'
import { defineAnswers, readPlace } from './locations.js'
import { checkZones, reportZones } from './zones.js'
import { readMaps } from './maps.js'
import { Pools, type PoolsByProtocol } from './pools.js'
import { readReading, siteRules } from './reading.js'
import { Session, type Item } from './session.js'
import { setting } from './setting.js'
import { defaultSettings, readSettings } from './settings.js'
import { readUpstreams } from './upstreams.js'
import { isBuiltIn } from './variables.js'

/** The release that is followed where none is asked for. */
export const usualVersion = '1.22.1'

/** Where Debian's nginx looks for relative paths (`nginx -V`, `--prefix`). */
const usualPrefix = '/usr/share/nginx'

/**
 * Reads a configuration, or a part of one in the context it belongs in. The main file is found under its own name;
 * what it includes is relative to its folder.
 */
export function readNginx(main: string, io: ReadIo, options: ReadOptions): ReadResult {
  const { prefix = usualPrefix, version = usualVersion } = options
  const session = new Session(io, folderOf(main), prefix, version, options)
  const file = io.readFile(main)
  if (file.kind === 'failed') {
    session.refused = true
    session.report({
      code: 'input/unreadable',
      severity: 'error',
      message: `The file \`${main}\` cannot be read: ${file.message}`,
      hint: 'check its name and its rights'
    })
  }
  const tree = session.open(main, file.kind === 'text' ? file.text : '')
  // Whether it is a whole configuration shows in the file itself; includes may only hide that.
  const stated = fileContexts.find((context) => context === options.context)
  session.fragment =
    stated === undefined ? tree.body.length > 0 && contextOf(tree.body) !== 'main' : stated !== 'main'
  const site = new SiteReader(session, stated).read(expand(session, tree.body, main))
  const { diagnostics, texts, refused } = session
  return { site, diagnostics, texts, refused }
}

class SiteReader {
  private readonly listeners: Listeners

  constructor(
    private readonly session: Session,
    private readonly stated: FileContext | undefined
  ) {
    this.listeners = new Listeners(session)
  }

  read(items: readonly Item[]): Site {
    const { session } = this
    const context = this.stated ?? contextOf(items.map(({ directive }) => directive))
    session.fragment = context !== 'main'
    const http = this.readHttp(items, context)
    for (const name of ['map', 'geo', 'split_clients', 'js_set', 'js_var', 'perl_set']) {
      for (const item of http.own(name)) this.defineMapped(item)
    }
    defineAnswers(session, http)
    checkZones(session, http)
    const upstreams = readUpstreams(session, http)
    const pools = {
      fastcgi: new Pools(session, upstreams, 'fastcgi'),
      proxy: new Pools(session, upstreams, 'proxy')
    }
    const settings: Setting[] = [...defaultSettings(session), ...readSettings(session, http)]
    const servers = this.serverLevels(http, items, context)
    checkBuffers(session, http)
    const hosts = servers.map((level) => this.readServer(level, pools))
    const mapped = readMaps(session, http)
    const children =
      mapped.instructions.length === 0
        ? hosts
        : hosts.map((host) => withInstructions(host, mapped.instructions))
    this.checkVariables()
    this.listeners.checkCertificates()
    const cacheZones = readCacheZones(session, http)
    reportZones(session, cacheZones)
    const limitZones = readLimitZones(session, http)
    const httpPools = pools.proxy.all()
    return {
      schema: 1,
      sources: session.sources,
      listeners: this.listeners.all(),
      request: siteRules(http),
      ownAnswers,
      pipeline,
      root: {
        name: 'http',
        when: { kind: 'always' },
        choose: { kind: 'host', precedence: 'specific' },
        settings,
        children,
        rank: 0,
        ...(http.head === undefined ? {} : { origin: session.span(http.head), head: session.head(http.head) })
      },
      pools: pools.fastcgi.all(),
      ...(httpPools.length === 0 ? {} : { httpPools }),
      ...(mapped.computed.length === 0 ? {} : { computed: mapped.computed }),
      ...(cacheZones.length === 0 ? {} : { cacheZones }),
      ...(limitZones.length === 0 ? {} : { limitZones }),
      directives: session.recorded()
    }
  }

  /** The `http` level: of the block of that name, or of a part that belongs in it. */
  private readHttp(items: readonly Item[], context: ReturnType<typeof contextOf>): Level {
    const { session } = this
    if (context === 'http') return levelOf(session, items, 'http')
    if (context !== 'main') return new Level('http', undefined, undefined)
    const top = levelOf(session, items, 'main')
    if (top.own('events').length === 0 && items.length > 0) {
      const head = top.last('http') ?? items[0]
      const hint = 'add `events { }`'
      if (head !== undefined)
        session.refuse('nginx/no-events', session.head(head), 'The configuration has no `events` block', hint)
    }
    for (const item of top.own('events')) this.readBlock(item, 'events')
    const item = top.last('http')
    return item === undefined ? new Level('http', undefined, undefined) : this.readBlock(item, 'http')
  }

  private readBlock(item: Item, context: 'events' | 'http'): Level {
    const { body } = item.directive
    return readLevel(
      this.session,
      body.kind === 'block' ? body.statements : [],
      item.file,
      context,
      undefined,
      item
    )
  }

  private serverLevels(
    http: Level,
    items: readonly Item[],
    context: ReturnType<typeof contextOf>
  ): readonly Level[] {
    const { session } = this
    switch (context) {
      case 'server':
        return [levelOf(session, items, 'server', http)]
      case 'location': {
        // A server around it, which only carries it.
        return [levelOf(session, items, 'location', http)]
      }
      default:
        return http.own('server').map((item) => {
          const { body } = item.directive
          return readLevel(
            session,
            body.kind === 'block' ? body.statements : [],
            item.file,
            'server',
            http,
            item
          )
        })
    }
  }

  private readServer(level: Level, pools: PoolsByProtocol): Scope {
    const { session } = this
    const names = readNames(session, level)
    const { ids, isDefault } = this.listeners.ofServer(level)
    const { settings, children } = readPlace(session, level, pools)
    const origins = level
      .own('server_name')
      .slice(0, 1)
      .map((item) => session.span(item))
    const first = level.own('server_name')[0]?.directive.args[0]?.value
    return {
      name:
        names.length === 0 ? 'server' : `server ${level.own('server_name')[0]?.directive.args[0]?.raw ?? ''}`,
      when: { kind: 'always' },
      choose: { kind: 'location' },
      settings: [
        ...settings,
        setting('serverName', serverName(first), 'inherited', origins),
        ...readReading(session, level)
      ],
      children,
      rank: 0,
      host: { listeners: ids, names, isDefault },
      ...(level.head === undefined
        ? {}
        : { origin: session.span(level.head), head: session.head(level.head) })
    }
  }

  private defineMapped(item: Item): void {
    const variable =
      (item.directive.body.kind === 'block' ? item.directive.args.at(-1) : item.directive.args[0])?.value ??
      ''
    const name = /^\$(\w+)$/.exec(variable)?.[1]
    if (name !== undefined) define(this.session, item, name)
    else if (!variable.startsWith('$')) {
      const word = item.directive.body.kind === 'block' ? item.directive.args.at(-1) : item.directive.args[0]
      if (word !== undefined) refuseVariable(this.session, item, word)
    }
  }

  /** A variable that nobody defines, found only once all has been read: a map may stand behind its use. */
  private checkVariables(): void {
    const { session } = this
    if (session.fragment) return
    for (const [name, span] of session.used) {
      if (session.defined.has(name) || isBuiltIn(name)) continue
      const meant = nearest(name, [
        ...session.defined,
        'fastcgi_script_name',
        'fastcgi_path_info',
        'document_root',
        'request_uri'
      ])
      const hint = meant === undefined ? 'define it with `set` or `map`' : `did you mean \`$${meant}\`?`
      session.refuse('nginx/unknown-variable', span, `No variable \`$${name}\` is known`, hint)
    }
  }
}

/** The scope with instructions that come before its own. */
function withInstructions(scope: Scope, before: readonly Instruction[]): Scope {
  const own = scope.settings.find((each) => each.key === 'instructions')
  const others = scope.settings.filter((each) => each.key !== 'instructions')
  const after = own?.key === 'instructions' ? own.value : []
  const origins = [
    ...new Set(
      [...before, ...after].map((each) => (each.kind === 'rewrite' ? each.rewrite.origin : each.origin))
    )
  ]
  return { ...scope, settings: [...others, setting('instructions', [...before, ...after], 'own', origins)] }
}

/** `$server_name`: the first name in small letters, `.a.com` without its dot; an expression as it is written. */
function serverName(first: string | undefined): Template {
  const text = first?.startsWith('~') === true ? first : (first?.replace(/^\./, '').toLowerCase() ?? '')
  return text === '' ? [] : [{ kind: 'text', text }]
}
