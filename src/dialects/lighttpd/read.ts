import { variable } from '../../model/index.js'
import type { Scope, Setting, Site } from '../../model/index.js'
import type { ReadIo, ReadOptions, ReadResult } from '../dialect.js'
import { defaultTag, delivery, params, pipeline, responseRules } from './behaviour.js'
import { FastcgiReader } from './bindings.js'
import type { HostContext } from './hosts.js'
import { askingOf } from './asking.js'
import { checkBlocks } from './checks.js'
import { besideOf, Blocks } from './beside.js'
import type { Block, Place, Reached } from './blocks.js'
import { Evaluation } from './evaluate.js'
import { authParts, guardsOf } from './guards.js'
import { activationOf, listenersOf, usualAddress } from './listeners.js'
import { checkModules, Modules } from './modules.js'
import { numberOf } from './options.js'
import { Problems } from './problems.js'
import { recordsOf } from './records.js'
import { requestRulesOf } from './request.js'
import { scopeOf } from './scopes.js'
import { besideSettings, settingsOf } from './settings.js'
import type { SettingContext } from './settings.js'
import { folderOf } from '../paths.js'
import { Sources } from './sources.js'

/** Reads a lighttpd.conf with all that it includes, or a piece of one. Never throws for what stands in it. */
export function readLighttpd(main: string, io: ReadIo, options: ReadOptions): ReadResult {
  const problems = new Problems()
  const sources = new Sources(io, options.prefix ?? folderOf(main), problems)
  const evaluation: Evaluation = new Evaluation(
    {
      problems,
      usualAddress: () => usualAddress(evaluation.global),
      environment: (name) => io.environment(name),
      include: (argument, at, visit) => sources.include(argument, at, visit),
      includeShell: (command, at, visit) => sources.includeShell(command, at, visit),
      runsCommands: io.run !== undefined
    },
    main
  )
  const tree = sources.main(main)
  if (tree !== undefined) {
    sources.reading(main)
    evaluation.run(tree)
  }
  return {
    site: siteOf(evaluation, sources, problems, options),
    diagnostics: problems.list,
    texts: sources.texts,
    refused: problems.refused || problems.incomplete,
    ...(problems.incomplete && !problems.refused && { refusedHere: true })
  }
}

function siteOf(
  evaluation: Evaluation,
  sources: Sources,
  problems: Problems,
  { modules: given = [] }: ReadOptions
): Site {
  const { global, blocks, reached } = evaluation
  const fragment = isFragment(reached)
  // What could not be read may load modules and set variables.
  const { incomplete } = problems
  const modules = new Modules(global, incomplete || (fragment && !setsModules(reached)), given)
  reportVariables(evaluation, incomplete || fragment, problems)
  checkModules(global, problems)
  checkBlocks(blocks, modules, problems)
  if (sources.files.length > 0 && !setsDocumentRoot(reached)) checkDocumentRoot(global, fragment, problems)
  const fastcgi = new FastcgiReader(hostContext(global, problems))
  const context: SettingContext = { modules, fastcgi, problems }
  const all = new Blocks(blocks)
  const guards = (place: Place, rank: number): readonly Scope[] =>
    modules.isLoaded('mod_auth') ? guardsOf(place, rank, problems) : []
  const asking = askingOf(blocks, modules.names)
  for (const block of blocks) block.condition = asking.conditionOf(block)
  const root = scopeOf(
    global,
    blocks,
    (block) => [...(block === global ? unasked : []), ...settingsOf(block, context)],
    (block, rank) => [
      ...guards(block, rank),
      ...besideOf(block, all, authParts, { rank, read: () => [], scopes: (place) => guards(place, rank) }),
      ...besideSettings(block, all, rank, context)
    ]
  )
  const activation = activationOf(global)
  return {
    schema: 1,
    sources: sources.files,
    listeners: listenersOf(global, blocks),
    ...changedRoot(global),
    ...(activation && { activation }),
    request: requestRulesOf(global),
    ownAnswers: {
      redirectPage: false,
      sizeOnRefusedRange: false,
      headersOnRefusedRange: false,
      challengeWith401Only: true
    },
    pipeline: pipeline(modules.names, asking.late),
    root,
    pools: fastcgi.pools,
    directives: recordsOf(reached, modules, problems)
  }
}

function changedRoot(global: Block): Pick<Site, 'changedRoot'> {
  const held = global.held.get('server.chroot')
  if (held?.value.kind !== 'string' || held.value.text === '') return {}
  return { changedRoot: { path: held.value.text, origin: held.origin } }
}

/** What holds although no directive says so. */
const unasked: readonly Setting[] = [
  { key: 'params', value: params, reach: 'inherited' },
  { key: 'response', value: responseRules, reach: 'inherited' },
  { key: 'delivery', value: delivery, reach: 'inherited' },
  { key: 'defaultMediaType', value: 'application/octet-stream', reach: 'inherited' },
  { key: 'serverSoftware', value: defaultTag, reach: 'inherited' },
  { key: 'serverName', value: variable('request.host'), reach: 'inherited' }
]

/** What only a whole configuration sets; a piece such as a conf.d file relies on the file that includes it. */
const ofWholes = new Set(['server.document-root', 'server.port', 'server.bind'])

function isFragment(reached: readonly Reached[]): boolean {
  return !reached.some(
    (one) => one.kind === 'assigned' && one.block.parent === undefined && ofWholes.has(one.name.toLowerCase())
  )
}

/** Also to a value that cannot be computed here. */
function setsDocumentRoot(reached: readonly Reached[]): boolean {
  return reached.some(
    (one) =>
      one.kind === 'assigned' &&
      one.block.parent === undefined &&
      one.name.toLowerCase() === 'server.document-root'
  )
}

function setsModules(reached: readonly Reached[]): boolean {
  return reached.some(
    (one) => one.kind === 'assigned' && one.name.toLowerCase() === 'server.modules' && one.operator !== '+='
  )
}

function reportVariables({ undefinedVariables }: Evaluation, partial: boolean, problems: Problems): void {
  for (const { text, span } of undefinedVariables) {
    const message = `Unexpected \`${text}\`: nothing of this name is set before`
    if (partial) {
      problems.tell('undefined-variable', span, message, {
        hint: 'if another file sets it, check the one that includes both'
      })
    } else {
      problems.refuse('undefined-variable', span, message, {
        hint: 'put texts in double quotes; variables must be set in this block or around it, above their use'
      })
    }
  }
}

function checkDocumentRoot(global: Block, fragment: boolean, problems: Problems): void {
  if (fragment || global.held.has('server.document-root')) return
  const { file } = global.origin
  const span = { file, start: 0, end: 0 }
  problems.refuse('no-document-root', span, '`server.document-root` is not set', {
    hint: 'set it in the global scope; the directory need not exist'
  })
}

function hostContext(global: Block, problems: Problems): HostContext {
  const text = (name: string): string | undefined => {
    const value = global.held.get(name)?.value
    return value?.kind === 'string' ? value.text : undefined
  }
  const workers = global.held.get('server.max-worker')?.value
  const user = text('server.username')
  const group = text('server.groupname')
  return {
    problems,
    workers: (workers && numberOf(workers, 16)) ?? 0,
    ...(user !== undefined && { user }),
    ...(group !== undefined && { group })
  }
}
