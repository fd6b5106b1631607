import { always } from '../../../model/index.js'
import type { ReadIo, ReadOptions, ReadResult } from '../../dialect.js'
import { apacheVocabulary } from '../vocabulary/index.js'
import { loginHandlers } from './logins.js'
import { accessHandlers, finishAccess } from './access.js'
import { answeringHandlers } from './answering.js'
import { aroundOf, assemble } from './assemble.js'
import { authnzHandlers } from './authnz.js'
import type { Module } from './behaviour.js'
import { compatHandlers } from './compat.js'
import { environmentHandlers } from './environment.js'
import { closeSettings } from './gates.js'
import { labellingHandlers } from './labelling.js'
import { headerHandlers } from './headers.js'
import type { Line } from './line.js'
import { baseName, folderOf } from '../../paths.js'
import type { Section, Server } from './place.js'
import { overrideHandlers } from './overrides.js'
import { passingHandlers } from './passing.js'
import type { Surroundings } from './params.js'
import { Preprocessor } from './preprocess.js'
import { Reader } from './reader.js'
import { redirectHandlers } from './redirect.js'
import { Report } from './report.js'
import { folderFileReader } from './folder-file.js'
import { fcgidHandlers } from './fcgid-lines.js'
import { guardingHandlers } from './guarding.js'
import { finishRewriting, rewriteHandlers } from './rewrite.js'
import { finishSendfile, sendfileHandlers } from './sendfile.js'
import { servingHandlers } from './serving.js'

const handlers = new Map([
  ...servingHandlers,
  ...redirectHandlers,
  ...labellingHandlers,
  ...overrideHandlers,
  ...environmentHandlers,
  ...headerHandlers,
  ...sendfileHandlers,
  ...accessHandlers,
  ...loginHandlers,
  ...authnzHandlers,
  ...compatHandlers,
  ...rewriteHandlers,
  ...answeringHandlers,
  ...fcgidHandlers,
  ...guardingHandlers,
  ...passingHandlers
])

/** Names of directives that this reader has code for. */
export const handledNames: readonly string[] = [...handlers.keys()]

const knownModules: ReadonlySet<string> = new Set(
  [...apacheVocabulary.values()].flatMap(({ module }) => (module === undefined ? [] : [module]))
)

/**
 * Reads httpd's configuration. Whether it is a whole one (with LoadModule and Listen or ServerRoot lines) is seen by
 * reading it: in a whole one LoadModule decides what `<IfModule>` and FastCGI directives find; in a fragment (a file of
 * conf.d, a lone virtual host) every known module counts as loaded.
 */
export function readApache(main: string, io: ReadIo, options: ReadOptions): ReadResult {
  const first = preprocess(main, io, options, false)
  const pass = first.preprocessor.isWhole ? preprocess(main, io, options, true) : first
  const { preprocessor, report, lines } = pass
  const reader = new Reader(io, report, preprocessor.modules, preprocessor.serverRoot, handlers)
  reader.declareMaps(lines, reader.main)
  const asked = fileContexts.find((context) => context === options.context)
  const context = asked ?? (baseName(main) === '.htaccess' ? 'htaccess' : 'server')
  reader.lines(lines, context === 'server' ? reader.main : partOf(context, main, reader))
  finishAccess(reader)
  const environment = { path: io.environment('PATH'), libraryPath: io.environment('LD_LIBRARY_PATH') }
  const around = (server: Server): Surroundings => aroundOf(server, reader, environment)
  finishRewriting(reader, around)
  finishSendfile(reader)
  closeSettings(reader)
  tellHidden(reader)
  const site = assemble(reader, moduleOf(reader, options), around, {
    files: preprocessor.sources,
    texts: preprocessor.texts,
    version: options.version
  })
  const { diagnostics, refused, refusedHere } = report
  const folderFile = folderFileReader({ reader, preprocessor, handlers, around })
  return {
    site,
    diagnostics,
    texts: preprocessor.texts,
    refused,
    ...(refusedHere ? { refusedHere } : {}),
    ...(reader.allowsFolderFiles === undefined ? {} : { folderFile })
  }
}

/** Definitions that no request finds are hardly meant so. */
function tellHidden({ definitions, suexec, report }: Reader): void {
  const { wrapper } = definitions
  if (wrapper === undefined || definitions.all.length === 0 || suexec.size > 0) return
  report.warn(
    'wrapper-hides',
    wrapper.span,
    'With a wrapper, definitions are only for requests that have a user of their own; others get the file itself',
    'give each host a `SuexecUserGroup`, or write `FastCgiWrapper Off`'
  )
}

/** What a file may be a part of. */
export const fileContexts = ['server', 'directory', 'location', 'files', 'htaccess'] as const

/** A lone `.htaccess`, or what is included in a section: settings of a folder. */
function partOf(
  context: Exclude<(typeof fileContexts)[number], 'server'>,
  file: string,
  { main }: Reader
): Section {
  const section: Section = {
    context,
    server: main,
    settings: [],
    sections: [],
    condition: always,
    name: context === 'htaccess' ? '.htaccess' : `<${context}>`,
    head: { file, start: 0, end: 0 },
    when: always,
    rank: 1,
    choose: 'all',
    path: folderOf(file)
  }
  main.sections.push(section)
  return section
}

interface Pass {
  readonly preprocessor: Preprocessor
  readonly report: Report
  readonly lines: readonly Line[]
}

function preprocess(main: string, io: ReadIo, options: ReadOptions, whole: boolean): Pass {
  const report = new Report()
  const preprocessor = new Preprocessor(io, options, report, whole, main, knownModules)
  return { preprocessor, report, lines: preprocessor.file(main) }
}

/** The module whose behaviour the site shows: the one that answers, or where several may, the one asked for. */
function moduleOf(reader: Reader, { name }: ReadOptions): Module {
  const used: Module[] = []
  if (reader.definitions.all.length > 0 || reader.firstUse('fastcgi-script') !== undefined) {
    used.push('mod_fastcgi')
  }
  if (reader.firstUse('fcgid-script') !== undefined) used.push('mod_fcgid')
  const servers = [reader.main, ...reader.hosts]
  const passes = servers.some((server) => server.passes.length + server.sectionPasses.length > 0)
  if (passes || reader.labels.some(({ label }) => /^proxy:/i.test(label))) used.push('mod_proxy_fcgi')
  const asked: Module =
    name === 'apache-fcgid' ? 'mod_fcgid' : name === 'apache-proxy-fcgi' ? 'mod_proxy_fcgi' : 'mod_fastcgi'
  return used.includes(asked) ? asked : (used[0] ?? asked)
}
