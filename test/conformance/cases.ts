import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What is started and asked, as fixtures/observed/README.md describes it. */
export interface Setup {
  readonly server: ServerName
  readonly files: ReadonlyMap<string, string>
  readonly config: string
  readonly configs: ReadonlyMap<string, string>
  readonly backends: ReadonlyMap<string, 'unix' | 'tcp'>
  readonly requests: readonly RecordedRequest[]
}

/** A recorded case. */
export interface Case extends Setup {
  /** `lighttpd/match-order`. */
  readonly id: string
  readonly name: string
  readonly about: string
  readonly observed: 'refused' | readonly Observation[]
}

export const serverNames = ['lighttpd', 'nginx', 'mod_fastcgi', 'mod_fcgid', 'mod_proxy_fcgi'] as const
export type ServerName = (typeof serverNames)[number]

export interface RecordedRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | undefined
  readonly port: 1 | 2
  readonly times: number | undefined
  readonly parallel: boolean
}

export interface Observation {
  readonly status?: number
  readonly headers?: ReadonlyMap<string, string>
  readonly fastcgi?: Echoed
  readonly body?: string | { readonly length: number; readonly sha256: string }
  readonly answered?: readonly string[]
}

export interface Echoed {
  readonly name: string
  readonly role: string
  readonly stdin: number
  readonly stdinSha256: string | undefined
  readonly params: readonly (readonly [name: string, value: string])[]
  readonly env: ReadonlyMap<string, string> | undefined
}

const fixtures = join(import.meta.dirname, '../../fixtures')

/** Where the cases that the random search found are kept. */
export function foundFolder(server: ServerName): string {
  return join(fixtures, 'found', server)
}

/** What was observed on purpose, and what the random search found (`found/NAME`). */
export function loadCases(server: ServerName): readonly Case[] {
  const deviating = loadDeviations(server)
  const names = new Set(deviating.map(({ name }) => name.replace(/^deviations\//, '')))
  return [...loadObserved(server).filter(({ name }) => !names.has(name)), ...loadFound(server), ...deviating]
}

export function loadObserved(server: ServerName): readonly Case[] {
  return casesIn(join(fixtures, 'observed', server), server)
}

/**
 * Where the project does on purpose something else than the observed server: what is right stands there. One that has
 * the name of a recording takes its place.
 */
export function loadDeviations(server: ServerName): readonly Case[] {
  return casesIn(join(fixtures, 'deviations', server), server, 'deviations/')
}

export function loadFound(server: ServerName): readonly Case[] {
  return casesIn(foundFolder(server), server, 'found/')
}

function casesIn(folder: string, server: ServerName, before = ''): readonly Case[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const json: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'))
      return readCase(server, before + file.replace(/\.json$/, ''), json)
    })
}

function readCase(server: ServerName, name: string, json: unknown): Case {
  const fields = record(json)
  const observed = fields.get('observed')
  return {
    ...readSetup(server, fields),
    id: `${server}/${name}`,
    name,
    about: text(fields.get('about')),
    observed: observed === 'refused' ? 'refused' : list(observed).map(readObservation)
  }
}

function readSetup(server: ServerName, fields: ReadonlyMap<string, unknown>): Setup {
  return {
    server,
    files: texts(fields.get('files')),
    config: text(fields.get('config')),
    configs: texts(fields.get('configs')),
    backends: new Map(
      [...texts(fields.get('backends'))].map(([key, kind]) => [key, kind === 'tcp' ? 'tcp' : 'unix'])
    ),
    requests: list(fields.get('requests')).map(readRequest)
  }
}

function readRequest(json: unknown): RecordedRequest {
  const fields = record(json)
  const times = fields.get('times')
  return {
    method: fields.has('method') ? text(fields.get('method')) : 'GET',
    target: text(fields.get('target')),
    headers: [...texts(fields.get('headers'))],
    body: fields.has('body') ? text(fields.get('body')) : undefined,
    port: fields.get('port') === 2 ? 2 : 1,
    times: typeof times === 'number' ? times : undefined,
    parallel: fields.get('parallel') === true
  }
}

export function readObservation(json: unknown): Observation {
  const fields = record(json)
  const status = fields.get('status')
  const body = fields.get('body')
  return {
    ...(typeof status === 'number' ? { status } : {}),
    ...(fields.has('headers') ? { headers: texts(fields.get('headers')) } : {}),
    ...(fields.has('fastcgi') ? { fastcgi: readEchoed(fields.get('fastcgi')) } : {}),
    ...(body === undefined ? {} : { body: readBody(body) }),
    ...(fields.has('answered') ? { answered: list(fields.get('answered')).map(String) } : {})
  }
}

function readBody(json: unknown): string | { length: number; sha256: string } {
  if (typeof json === 'string') return json
  const fields = record(json)
  return { length: Number(fields.get('length')), sha256: text(fields.get('sha256')) }
}

/** What the echo application wrote. */
export function readEchoed(json: unknown): Echoed {
  const fields = record(json)
  return {
    name: text(fields.get('name')),
    role: text(fields.get('role')),
    stdin: Number(fields.get('stdin')),
    stdinSha256: fields.has('stdin_sha256') ? text(fields.get('stdin_sha256')) : undefined,
    params: list(fields.get('params')).map((pair) => {
      const [name, value] = list(pair)
      return [text(name), text(value)] as const
    }),
    env: fields.has('env') ? texts(fields.get('env')) : undefined
  }
}

function record(json: unknown): ReadonlyMap<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new TypeError('an object is expected')
  return new Map<string, unknown>(Object.entries(json))
}

function texts(json: unknown): ReadonlyMap<string, string> {
  if (json === undefined) return new Map()
  return new Map([...record(json)].map(([key, value]) => [key, text(value)]))
}

function list(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw new TypeError('a list is expected')
  return json
}

function text(json: unknown): string {
  if (typeof json !== 'string') throw new TypeError(`a text is expected, not ${JSON.stringify(json)}`)
  return json
}
