import { inQuotes, quote } from '../quote.js'
import type { Binding, FastcgiTarget, InForce, Match, Note } from '../../../model/index.js'
import { handedOnNote } from '../../answer-rules.js'
import { splitsAtFile, urlsOf } from '../../answering.js'
import { block, commented, directive, type Item } from './document.js'
import type { Output } from './output.js'
import { paramItems } from './params.js'
import { escaped } from './patterns.js'
import { limitItems, passTarget } from './pools.js'
import { shared } from './shared.js'
import { templateText, type Surroundings } from './templates.js'

/** Where a FastCGI location stands. */
export interface Place {
  readonly settings: InForce
  /** The URL prefix in front of it; its files are found through an alias. */
  readonly aliased: boolean
  /** The folder that stands in for the prefix, where they are such. */
  readonly alias?: { readonly prefix: string; readonly folder: string }
}

const allPathInfo = '^()(.*)$'

/** What a location holds that hands its requests to an application. */
export function answerItems(
  binding: Binding,
  target: FastcgiTarget,
  place: Place,
  out: Output
): readonly Item[] {
  const split = splitPattern(binding, target)
  const native = isNative(binding, target)
  const checks = target.mustExist || (target.checks ?? []).some(({ must }) => must === 'exist')
  const named = checks && !isTried(binding.match) ? place.alias : undefined
  const at: Surroundings = {
    settings: place.settings,
    script: target.script,
    scriptName: '$fastcgi_script_name',
    pathInfo: native ? '$fastcgi_path_info' : '$path_info',
    ...(split === allPathInfo ? { emptyName: true } : {}),
    // Once `try_files` has found the file, `$request_filename` names it, behind an alias as below a root.
    ...(named !== undefined
      ? { mapped: { file: '$script_file', root: '$document_root' } }
      : place.aliased || (checks && isTried(binding.match))
        ? { mapped: { file: '$request_filename', root: '$document_root' } }
        : {})
  }
  markBinding(binding, target, out)
  if (target.program !== undefined) markPrograms(binding, out)
  if (place.aliased && !checks) {
    out.ledger.mark(binding.origin, 'approx', {
      message:
        'behind an alias the name of the file keeps the path info, and the root is the alias of the location',
      affects: ['SCRIPT_FILENAME', 'DOCUMENT_ROOT', 'PATH_TRANSLATED']
    })
  }
  const index = target.script.index === undefined ? undefined : templateText(target.script.index, at, out)
  return [
    ...(split === undefined ? [] : [directive('fastcgi_split_path_info', quote(split))]),
    ...(native ? [] : [directive('set', '$path_info', split === undefined ? '""' : '$fastcgi_path_info')]),
    ...(checks ? existenceItems(binding.match, target, named) : []),
    ...(index === undefined ? [] : [directive('fastcgi_index', quote(index))]),
    ...headerItems(target, at),
    ...(target.withholdsBody === true ? [directive('fastcgi_pass_request_body', 'off')] : []),
    shared('params', paramItems(target, at, out)),
    ...passItems(target, out)
  ]
}

/** The source starts whatever file is asked for, each on a socket of its own. */
function markPrograms({ origin }: Binding, out: Output): void {
  const note: Note = {
    message:
      'nginx starts no processes, and the source starts each file that is asked for as a program of its own',
    affects: ['process-model', 'routing', 'status', 'body'],
    advice: 'Start a program that runs them (fcgiwrap) at the address of the upstream.'
  }
  out.ledger.mark(origin, 'manual', note)
}

/** Unasked every header of the request is told. */
function headerItems(target: FastcgiTarget, { settings }: Surroundings): readonly Item[] {
  const params = target.params ?? settings.params?.value
  const tells = params?.entries.some(({ kind }) => kind === 'headers') ?? true
  return tells ? [] : [directive('fastcgi_pass_request_headers', 'off')]
}

export function passItems(target: FastcgiTarget, out: Output): readonly Item[] {
  if (target.pool.kind === 'computed') {
    const at: Surroundings = {
      settings: {},
      scriptName: '$fastcgi_script_name',
      pathInfo: '$fastcgi_path_info'
    }
    const text = templateText(target.pool.from, at, out)
    // Any of them may be meant, by its name.
    for (const pool of out.pools.values()) {
      if (pool.name === undefined || pool.members.length === 0) continue
      out.used.add(pool.id)
      passTarget(pool, out)
    }
    return text === undefined ? [directive('return', '503')] : [directive('fastcgi_pass', quote(text))]
  }
  const pool = out.pools.get(target.pool.id)
  if (pool === undefined) return [directive('return', '503')]
  out.used.add(pool.id)
  if (pool.members.length === 0) {
    const message = 'nginx does not start with an upstream without servers; what it is asked for is refused'
    out.ledger.mark(pool.origin, 'lost', { message, affects: ['status', 'routing'] })
    return [directive('return', '502')]
  }
  const { word, comments } = passTarget(pool, out)
  return [shared('limits', limitItems(pool)), commented(directive('fastcgi_pass', word), comments)]
}

/** As an nginx configuration says it: nothing looked at, the location's own split. */
function isNative(binding: Binding, target: FastcgiTarget): boolean {
  const { kind } = target.script.split
  return (
    binding.at.every((stage) => stage === 'content') &&
    !target.mustExist &&
    (kind === 'regex' || kind === 'whole')
  )
}

/**
 * The pattern that parts script name and path info. Servers that walk the disk part where the file ends; nginx can only
 * look at the text, so the part up to the extension is taken for the file.
 */
function splitPattern(binding: Binding, target: FastcgiTarget): string | undefined {
  const { split } = target.script
  const onFile = target.mustExist || split.kind === 'file' || split.kind === 'common-tail'
  if (split.kind === 'regex') return split.regex.source
  if (split.kind === 'all-path-info' && !target.mustExist) return allPathInfo
  const { match } = binding
  switch (match.kind) {
    case 'suffix':
      return onFile && match.value !== '' ? `^(.+?${escaped(match.value)})(/.*)$` : undefined
    case 'prefix':
      if (match.segments) return `^(${escaped(match.value.replace(/\/$/, ''))})(/.*)$`
      return split.kind === 'whole' && !onFile ? undefined : `^(${escaped(match.value)}[^/]*)(.*)$`
    case 'exact':
      return undefined
    case 'file-prefix':
      return undefined
    case 'regex':
      return onFile ? regexSplit(match.regex.source) : undefined
    case 'any':
    case 'label':
      return onFile ? '^(.+?\\.[^/]+)(/.*)$' : undefined
  }
}

function regexSplit(source: string): string | undefined {
  const end = source.replace(/\$$/, '').replace(/\(\/\|\$\)$/, '')
  return end === '' || end.startsWith('^') ? undefined : `^(.+?${end})(/.*)$`
}

function isTried({ kind }: Match): boolean {
  return kind === 'suffix' || kind === 'regex' || kind === 'any' || kind === 'label'
}

function existenceItems(match: Match, target: FastcgiTarget, alias: Place['alias']): readonly Item[] {
  const status = String(
    target.missing?.status ?? target.checks?.find(({ must }) => must === 'exist')?.status ?? 404
  )
  if (isTried(match)) {
    return [directive('try_files', '$fastcgi_script_name', `=${status}`)]
  }
  if (alias !== undefined) {
    // What follows the prefix is the file's name; `$document_root` is the whole of the alias.
    const source = inQuotes(`^${escaped(alias.prefix)}(?<script_file_name>[^/]*)`)
    return [
      block(
        ['if', '($uri', '~', `${source})`],
        [directive('set', '$script_file', inQuotes(`${alias.folder}$script_file_name`))]
      ),
      block(['if', '(!-e', '$script_file)'], [directive('return', status)])
    ]
  }
  return [block(['if', '(!-e', '$document_root$fastcgi_script_name)'], [directive('return', status)])]
}

/** Patterns say where the file's name ends, the others leave that to the disk. */
function endsInPattern({ kind }: Match): boolean {
  switch (kind) {
    case 'suffix':
    case 'regex':
      return true
    case 'prefix':
    case 'exact':
    case 'file-prefix':
    case 'any':
    case 'label':
      return false
  }
}

/** Which of a binding's options the location above says. */
export function markBinding(binding: Binding, target: FastcgiTarget, out: Output): void {
  const { ledger } = out
  ledger.mark(binding.origin, 'exact')
  for (const field of [
    'bindings',
    'binding',
    'target.role',
    'target.pool',
    'script',
    'target.script',
    'target.params'
  ]) {
    ledger.markPart(binding.origin, field, 'exact')
  }
  const onPrefix = splitsAtFile(target.script, target.mustExist) && !endsInPattern(binding.match)
  const verdict = onPrefix ? 'approx' : 'exact'
  const note = onPrefix
    ? {
        message: 'the path is parted by its text, not where the file ends on disk',
        affects: ['PATH_INFO', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'status', 'routing', 'body'],
        ...(target.role === 'responder' ? deepIn(binding) : urlsOf(binding))
      }
    : undefined
  ledger.markPart(binding.origin, 'target.mustExist', verdict, note)
  if (onPrefix) ledger.mark(binding.origin, 'approx', note)
  if (binding.match.kind === 'suffix' && !target.mustExist && binding.match.value !== '')
    ledger.mark(binding.origin, 'approx', {
      message: 'what goes on behind a file is not for its application',
      affects: ['status', 'routing', 'body'],
      urls: [{ kind: 'contains', value: `${binding.match.value}/` }]
    })
  if (binding.match.kind === 'file-prefix') ledger.mark(binding.origin, 'approx', nameOfFile)
  const handedOn = handedOnNote(target)
  if (handedOn !== undefined) ledger.mark(binding.origin, 'approx', handedOn)
  markSendfile(target, out)
}

/** One name behind the prefix is a file in both; only where others follow can the disk part the path elsewhere. */
function deepIn({ match }: Binding): Pick<Note, 'urls'> {
  return match.kind === 'prefix'
    ? { urls: [{ kind: 'below', value: match.value, names: 2 }] }
    : urlsOf({ match })
}

const nameOfFile: Note = {
  message:
    'the application answers wherever the URL fits; in the source the folder of its name must be there, and a folder of that name itself answers',
  affects: ['status', 'routing', 'body'],
  only: ['folder', 'not-found']
}

export const sendfileNote: Note = {
  message: 'nginx sends files on `X-Accel-Redirect` with a URI, not on a header with a path',
  affects: ['body', 'routing', 'status'],
  only: ['sendfile-answer'],
  advice:
    'Let the application send `X-Accel-Redirect: /URI` and add an `internal` location with an alias for each directory.'
}

function markSendfile(target: FastcgiTarget, out: Output): void {
  if (target.sendfile === undefined) return
  out.ledger.mark(target.sendfile.origin, 'lost', sendfileNote)
  for (const { origin } of target.sendfile.roots) out.ledger.mark(origin, 'lost', sendfileNote)
}
