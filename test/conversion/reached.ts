import { decideAll } from '../../src/cli/route.js'
import { compile } from '../../src/decide/index.js'
import type { Decision } from '../../src/decide/types.js'
import type { Member, Pool, Scope, Site } from '../../src/model/index.js'
import { diskFiles } from '../../src/runtime/files.js'
import { folderFiles } from '../../src/runtime/folder-files.js'
import type { Span } from '../../src/diagnostics/index.js'
import type { ReadResult } from '../../src/dialects/index.js'
import type { Observation, RecordedRequest } from '../conformance/cases.js'
import { headersOf } from '../conformance/client.js'
import type { Place } from '../conformance/place.js'

/** Where a request comes to. */
export interface Reaches {
  /** Whether a directive can have a part in what becomes of it. */
  readonly span: (span: Span) => boolean
  /** The path that was asked for, and those that it became on the way. */
  readonly paths: readonly string[]
  /** An error's page stands in for another answer. */
  readonly error: boolean
}

/** Every directive, where nobody can tell which blocks a request comes to. */
export function everywhere(paths: readonly string[]): Reaches {
  return { span: () => true, paths, error: false }
}

/** What is decided of a recorded request, step by step; nothing where no listener of the site takes it. */
export async function decisionsOn(
  request: RecordedRequest,
  { site, folderFile }: Pick<ReadResult, 'site' | 'folderFile'>,
  place: Place
): Promise<readonly Decision[]> {
  const port = place.ports[request.port - 1]
  const listener = site.listeners.find(({ address }) => address.kind === 'tcp' && address.port === port)
  if (listener === undefined) return []
  return decideAll(
    compile(site),
    {
      listener: listener.id,
      method: request.method,
      target: place.fill(request.target),
      protocol: 'HTTP/1.1',
      headers: headersOf(request, (text) => place.fill(text)),
      body: request.body === undefined ? { kind: 'none' } : { kind: 'length', bytes: request.body.length },
      remote: { address: '127.0.0.1', port: 50000 },
      local: { address: '127.0.0.1', port: port ?? 0 },
      tls: false
    },
    {
      files: diskFiles,
      pick: first,
      ...(folderFile && { folderFile: folderFiles(folderFile, diskFiles, () => undefined) })
    },
    true
  )
}

/**
 * The directives of the source that a request comes to: what stands in a block (a location, a condition, a section) that
 * it never enters is not about it.
 */
export async function reachedBy(
  request: RecordedRequest,
  read: Pick<ReadResult, 'site' | 'folderFile'>,
  expected: Observation,
  place: Place
): Promise<Reaches> {
  const decisions = await decisionsOn(request, read, place)
  const paths = pathsOf(request, place)
  if (decisions.length === 0 || decisions.some(({ outcome }) => outcome.kind === 'unsupported'))
    return everywhere(paths)
  const entered = new Set(
    decisions.flatMap(({ scopes, trace }) => [
      ...scopes.flatMap(({ head }) => (head === undefined ? [] : [keyOf(head)])),
      ...trace.flatMap(({ step, origin }) =>
        step === 'scopes' && origin !== undefined ? [keyOf(origin)] : []
      )
    ])
  )
  const closed = scopesOf(read.site).filter(({ head }) => head !== undefined && !entered.has(keyOf(head)))
  // What a block asks for decides who enters it, and so is about those who do not as well.
  const told = decisions.flatMap(({ outcome }) =>
    outcome.kind === 'fastcgi'
      ? outcome.params.flatMap(({ name, value }) => (name === 'SCRIPT_NAME' ? [value] : []))
      : []
  )
  return {
    span: (span) =>
      !closed.some(
        ({ origin, head }) =>
          origin !== undefined && contains(origin, span) && !(head !== undefined && contains(span, head))
      ),
    paths: [...paths, ...told],
    error:
      decisions.some(({ inPlaceOf }) => inPlaceOf !== undefined) || isLedOn(decisions.at(-1), expected, place)
  }
}

/** Another answers than the application that was asked: it was not there, or something took its answer's place. */
function isLedOn(decided: Decision | undefined, { fastcgi, answered }: Observation, place: Place): boolean {
  if (decided?.outcome.kind !== 'fastcgi' || answered !== undefined || fastcgi === undefined) return false
  const places = [place.fill(`@UNIX:${fastcgi.name}@`), place.fill(`@TCPPORT:${fastcgi.name}@`)]
  return !decided.outcome.pool.members.some(
    ({ address, process }) =>
      process !== undefined || places.includes(address.kind === 'unix' ? address.path : String(address.port))
  )
}

/** The path that was asked for, as it came and decoded. */
export function pathsOf(request: RecordedRequest, place: Place): readonly string[] {
  const [path = ''] = place
    .fill(request.target)
    .replace(/^https?:\/\/[^/]*/i, '')
    .split('?')
  return [path, path.replaceAll(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)))]
}

function first({ members }: Pool): Member | undefined {
  return members[0]
}

function scopesOf({ root }: Site): readonly Scope[] {
  const all = (scope: Scope): readonly Scope[] => [scope, ...scope.children.flatMap(all)]
  return root.children.flatMap(all)
}

function contains(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end
}

function keyOf({ file, start, end }: Span): string {
  return `${file}:${String(start)}-${String(end)}`
}
