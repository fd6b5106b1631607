import type { Span } from '../../../diagnostics/index.js'
import {
  always,
  type FolderRules,
  type FolderReading,
  type ReadFolderFile,
  type Scope
} from '../../../model/index.js'
import { finishAccess } from './access.js'
import { ordered } from './assemble.js'
import { fcgidPrefix, folderAnswering } from './bindings.js'
import { fcgidHandler } from './fcgid.js'
import { closeSettings } from './gates.js'
import type { Surroundings } from './params.js'
import { setting, type Section, type Server } from './place.js'
import type { Preprocessor } from './preprocess.js'
import { Reader, type Handlers } from './reader.js'
import { Report } from './report.js'
import { finishRewriting } from './rewrite.js'
import { folderRank } from './sections.js'
import { finishSendfile } from './sendfile.js'
import { folderOf } from '../../paths.js'

/** What a configuration leaves behind for the `.htaccess` files of its folders. */
interface Whole {
  readonly reader: Reader
  readonly preprocessor: Preprocessor
  readonly handlers: Handlers
  readonly around: (server: Server) => Surroundings
}

/** Longest line of a `.htaccess` file (core: `ap_parse_htaccess`). */
const longestLine = 8190

/** Reads `.htaccess` files as sections of the server that the request is for. */
export function folderFileReader(whole: Whole): ReadFolderFile {
  return (file, text, rules, host) => {
    const tooLong = text.split('\n').find((line) => line.length > longestLine)
    if (tooLong !== undefined) {
      const start = text.indexOf(tooLong)
      return { kind: 'refused', why: `${file}: a line is too long`, origin: { file, start, end: start + 1 } }
    }
    return read(whole, file, text, rules, host)
  }
}

function read(
  whole: Whole,
  file: string,
  text: string,
  rules: FolderRules,
  host: Span | undefined
): FolderReading {
  const report = new Report()
  const lines = whole.preprocessor.folderFile(file, text, report)
  const of = serverOf(whole.reader, host)
  const server = copyOf(of)
  const main = of === whole.reader.main ? server : whole.reader.main
  const { io, modules, serverRoot, definitions } = whole.reader
  const reader = new Reader(io, report, modules, serverRoot, whole.handlers, {
    main,
    definitions,
    allowed: rules
  })
  takeOver(whole.reader, reader, of, server)
  const section = sectionOf(file, server)
  reader.lines(lines, section)
  if (report.refused && report.refusedHere !== true) return refusal(file, report)
  finishAccess(reader)
  finishRewriting(reader, whole.around)
  finishSendfile(reader)
  closeSettings(reader)
  const added = bindingsOf(whole, reader, of, server)
  const scope: Scope = {
    name: file,
    when: always,
    choose: { kind: 'all' },
    rank: section.rank,
    settings: [...section.settings, ...added.settings],
    children: ordered(section.sections)
  }
  return { kind: 'read', scope, pools: added.pools, diagnostics: report.diagnostics }
}

function refusal(file: string, { diagnostics }: Report): FolderReading {
  const found = diagnostics.find(({ severity }) => severity === 'error') ?? diagnostics[0]
  return {
    kind: 'refused',
    why: `${file}: ${found?.message ?? 'it cannot be read'}`,
    origin: found?.span ?? { file, start: 0, end: 0 }
  }
}

function serverOf({ main, hosts }: Reader, host: Span | undefined): Server {
  const found = hosts.find(({ head }) => head.file === host?.file && head.start === host.start)
  return found ?? main
}

/** Its own lists, so that what the file says stays with the file. */
function copyOf(of: Server): Server {
  const server: Server = {
    ...of,
    settings: [],
    sections: [],
    wrappers: [...of.wrappers],
    redirects: [],
    aliases: [],
    errorPages: [],
    get server() {
      return server
    }
  }
  return server
}

/** What is said once for the whole server holds here too. */
function takeOver(from: Reader, to: Reader, of: Server, server: Server): void {
  for (const { type, place } of from.backendTypes) {
    if (place === of) to.backendTypes.push({ type, place: server })
    else to.backendTypes.push({ type, place: place.server === of ? { ...place, server } : place })
  }
  for (const [name, provider] of from.providers) to.providers.set(name, provider)
  const maps = from.rewriteMaps.get(of)
  if (maps !== undefined) to.rewriteMaps.set(server, maps)
  for (const [known, roots] of from.sendfileRoots) to.sendfileRoots.set(known === of ? server : known, roots)
  for (const [known, lines] of from.sendfile)
    if (known === of || known === from.main) to.sendfile.set(known === of ? server : known, lines)
  to.setsPathInfoVariable = from.setsPathInfoVariable
  to.fcgidDirectory = from.fcgidDirectory
  to.configSpan = from.configSpan
  if (from.suexec.has(of)) to.suexec.add(server)
  if (from.suexec.has(from.main)) to.suexec.add(to.main)
}

function sectionOf(file: string, server: Server): Section {
  const path = folderOf(file)
  return {
    context: 'htaccess',
    server,
    settings: [],
    sections: [],
    condition: always,
    name: file,
    head: { file, start: 0, end: 0 },
    when: always,
    rank: folderRank(path),
    choose: 'all',
    path
  }
}

function bindingsOf(
  { reader: outer, around }: Whole,
  reader: Reader,
  of: Server,
  server: Server
): {
  readonly settings: Scope['settings']
  readonly pools: Extract<FolderReading, { kind: 'read' }>['pools']
} {
  const wrapped = server.wrappers.length > of.wrappers.length
  const typed = reader.backendTypes.length > outer.backendTypes.length
  const wrapper = server.wrappers.at(-1)
  if (wrapped && wrapper !== undefined) reader.useLabel(fcgidHandler, wrapper.span)
  // Applications that the server knows already are told whose login it is, or are asked in another way.
  const asksFirst = reader.asksLogin && !outer.asksLogin
  if (typed || asksFirst) for (const { label, span } of outer.labels) reader.useLabel(label, span)
  if (reader.labels.length + reader.guards.length + reader.gates.length === 0 && !asksFirst)
    return { settings: [], pools: [] }
  const known = { ...around(of), logins: reader.asksLogin || outer.asksLogin }
  const { bindings, pools } = folderAnswering(
    server,
    reader,
    known,
    fcgidPrefix(of, outer),
    reader.proxyOf(server, () => known)
  )
  if (bindings.length === 0) return { settings: [], pools: [] }
  return { settings: [{ ...setting('bindings', bindings), merge: 'prepend' }], pools }
}
