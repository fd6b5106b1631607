import { literalText } from '../../../model/index.js'
import type { Alias, InForce, LocationMatch, Mapping, PlannedRule } from '../../../model/index.js'
import { inside } from '../../../model/index.js'
import { commentedAll, directive, quoted, section } from './entries.js'
import type { Entry } from './entries.js'
import { locationOrder } from '../../precedence.js'
import type { Context } from './module.js'
import { escapeRegex, inlineRegex } from './patterns.js'
import { isFollowed } from './script.js'

export interface Mapped {
  /** DocumentRoot, then Alias lines, first match first. */
  readonly entries: readonly Entry[]
  /** Folders that must be opened. */
  readonly folders: readonly string[]
}

/** Where the files of a host are. */
export function mapFiles(settings: InForce, rules: readonly PlannedRule[], context: Context): Mapped {
  const folders = new Set<string>()
  const entries: Entry[] = []
  const { root } = settings
  if (root !== undefined) entries.push(...documentRoot(root.value, folders, context, root.origin))
  const inner = ruleAliases(rules, settings, folders, context)
  const own = settings.aliases
  const outer = own === undefined ? [] : own.value.flatMap((alias) => aliasEntry(alias, folders, context))
  for (const part of own?.parts ?? []) context.ledger.mark(part, 'exact')
  context.ledger.mark(own?.origin, 'exact')
  const above = own?.origin === undefined ? [] : context.ledger.takeComments(own.origin)
  return { entries: [...entries, ...inner, ...commentedAll(outer, above)], folders: [...folders] }
}

function documentRoot(
  root: Mapping,
  folders: Set<string>,
  context: Context,
  origin: Parameters<Context['ledger']['mark']>[0]
): readonly Entry[] {
  const path = literalText(root.path)
  if (path === undefined || path === '' || root.kind !== 'root') {
    context.ledger.mark(origin, 'lost', {
      message: 'a document root made of variables has no counterpart',
      affects: ['routing', 'DOCUMENT_ROOT', 'SCRIPT_FILENAME'],
      advice: 'use VirtualDocumentRoot (mod_vhost_alias), or write one virtual host for each name'
    })
    return []
  }
  folders.add(path)
  context.ledger.mark(origin, 'exact')
  if (origin === undefined) {
    context.ledger.unasked('approx', {
      message: `httpd refuses all of a host whose document root is not there; the source looks for \`${path}\` for files alone`,
      affects: ['status', 'routing', 'body', 'balance'],
      advice: 'make the folder, or name another DocumentRoot'
    })
  }
  return commentedAll([directive('DocumentRoot', quoted(path))], context.ledger.takeComments(origin))
}

function aliasEntry(alias: Alias, folders: Set<string>, context: Context): readonly Entry[] {
  const to = literalText(alias.to)
  if (to === undefined) {
    context.ledger.mark(alias.origin, 'lost', {
      message: 'an alias made of variables has no counterpart',
      affects: ['routing']
    })
    return []
  }
  folders.add(to === '/' ? to : to.replace(/\/$/, ''))
  accountAlias(alias, context)
  const comments = context.ledger.takeComments(alias.origin)
  const words = { from: alias.match, to }
  const name = alias.programs !== undefined && !context.proxies ? 'ScriptAlias' : 'Alias'
  return commentedAll([aliasLine(name, words.from, to)], comments)
}

/** mod_proxy_fcgi can be told what the application is to see below it (`script.ts`). */
function accountAlias(alias: Alias, { ledger, proxies }: Context): void {
  const { match } = alias
  if (!isFollowed(alias) || (proxies && match.kind === 'prefix')) ledger.mark(alias.origin, 'exact')
  else {
    ledger.mark(alias.origin, 'approx', {
      message: "DOCUMENT_ROOT stays the host's, CONTEXT_DOCUMENT_ROOT names the folder",
      affects: ['DOCUMENT_ROOT', 'SCRIPT_FILENAME'],
      ...(match.kind === 'prefix' && { urls: [{ kind: 'prefix', value: match.value }] })
    })
  }
}

/** Alias covers whole segments unless it ends in a slash; what follows is glued on as it is. */
function aliasLine(name: 'Alias' | 'ScriptAlias', match: Alias['match'], to: string): Entry {
  if (match.kind === 'regex') return directive(`${name}Match`, quoted(inlineRegex(match.regex)), quoted(to))
  const { value, segments } = match
  if (segments || (value.endsWith('/') && to.endsWith('/'))) return directive(name, quoted(value), quoted(to))
  return directive(`${name}Match`, quoted(`^${escapeRegex(value)}(.*)$`), quoted(`${inTarget(to)}$1`))
}

/** A path in the target of a match, where `$` and backslash would mean something. */
function inTarget(path: string): string {
  return path.replaceAll(/[$\\]/g, String.raw`\$&`)
}

/** Other roots for some URLs: an alias each, the strongest rule first, as the first alias that fits wins. */
function ruleAliases(
  rules: readonly PlannedRule[],
  outer: InForce,
  folders: Set<string>,
  context: Context
): readonly Entry[] {
  const locations = rules.filter((rule) => rule.kind === 'location')
  const conditions = rules.filter((rule) => rule.kind === 'condition')
  const ordered: readonly PlannedRule[] = [
    ...conditions,
    ...locationOrder(locations).map(({ rule }) => rule)
  ].reverse()
  return ordered.flatMap((rule) => {
    const settings = inside(outer, rule.settings)
    const nested = ruleAliases(rule.rules, settings, folders, context)
    return [...nested, ...ruleAlias(rule, folders, context)]
  })
}

function ruleAlias(rule: PlannedRule, folders: Set<string>, context: Context): readonly Entry[] {
  const { root, aliases } = rule.settings
  const more = aliases?.value.flatMap((alias) => aliasEntry(alias, folders, context)) ?? []
  if (aliases !== undefined) context.ledger.mark(aliases.origin, 'exact')
  if (root === undefined) return more
  const path = literalText(root.value.path)
  const from = rule.kind === 'location' ? rule.match : pathOf(rule)
  if (path === undefined || path === '' || from === undefined || from.kind === 'named') {
    context.ledger.mark(root.origin, 'lost', {
      message:
        'httpd has one document root for a host, and this change of it has no alias that says the same',
      affects: ['routing', 'status', 'body', 'DOCUMENT_ROOT', 'SCRIPT_FILENAME']
    })
    return more
  }
  folders.add(path === '/' ? path : path.replace(/\/$/, ''))
  if (
    from.kind === 'prefix' &&
    root.value.kind === 'alias' &&
    !from.value.endsWith('/') &&
    !path.endsWith('/')
  ) {
    context.ledger.mark(root.origin, 'approx', {
      message: `what begins as the folder, but lies beside it (\`${path}-old\`), is refused here`,
      affects: ['status', 'body']
    })
  }
  if (context.proxies) context.ledger.mark(root.origin, 'exact')
  else {
    context.ledger.mark(root.origin, 'approx', {
      message: "written as an Alias: DOCUMENT_ROOT stays the host's, CONTEXT_DOCUMENT_ROOT names the folder",
      affects: ['DOCUMENT_ROOT', 'SCRIPT_FILENAME']
    })
  }
  const comments = context.ledger.takeComments(root.origin)
  return [...more, ...commentedAll([rootAlias(from, root.value, path)], comments)]
}

function pathOf(rule: Extract<PlannedRule, { kind: 'condition' }>): LocationMatch | undefined {
  const { when } = rule
  if (when.kind !== 'test' || when.subject.of !== 'path') return undefined
  if (when.test.kind === 'prefix') return { kind: 'prefix', value: when.test.value, noRegex: false }
  if (when.test.kind === 'regex') return { kind: 'regex', regex: when.test.regex }
  if (when.test.kind === 'equals') return { kind: 'exact', value: when.test.value }
  return undefined
}

function rootAlias(from: Exclude<LocationMatch, { kind: 'named' }>, mapping: Mapping, path: string): Entry {
  const base = mapping.kind === 'root' ? path.replace(/\/$/, '') : path
  if (mapping.kind === 'whole') {
    return directive(
      'AliasMatch',
      quoted(from.kind === 'regex' ? inlineRegex(from.regex) : `^${escapeRegex(from.value)}`),
      quoted(inTarget(path))
    )
  }
  switch (from.kind) {
    case 'exact':
      return directive(
        'AliasMatch',
        quoted(`^${escapeRegex(from.value)}$`),
        quoted(inTarget(mapping.kind === 'root' ? base + from.value : base))
      )
    case 'regex': {
      const { source } = from.regex
      const anchored = source.startsWith('^') ? source.slice(1) : `.*?(?:${source})`
      return directive(
        'AliasMatch',
        quoted(`${from.regex.ignoreCase ? '(?i)' : ''}^(?=${anchored})(/.*)$`),
        quoted(`${inTarget(base)}$1`)
      )
    }
    case 'prefix': {
      const to = mapping.kind === 'root' ? base + from.value : base
      if (from.value.endsWith('/') && to.endsWith('/'))
        return directive('Alias', quoted(from.value), quoted(to))
      return directive('AliasMatch', quoted(`^${escapeRegex(from.value)}(.*)$`), quoted(`${inTarget(to)}$1`))
    }
  }
}

/** Opens a folder as other servers do without being told: its files, links followed unless some place refuses them, no .htaccess read. */
export function grant(folder: string, { linksRefused }: Pick<Context, 'linksRefused'>): Entry {
  return section(
    'Directory',
    [quoted(folder)],
    [
      directive('Options', linksRefused ? 'None' : 'FollowSymLinks'),
      directive('AllowOverride', 'None'),
      directive('Require', 'all', 'granted')
    ]
  )
}
