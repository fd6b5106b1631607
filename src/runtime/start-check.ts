import { unknownLoginText } from '../decide/index.js'
import type { FileView } from '../decide/types.js'
import type { Diagnostic, Span } from '../diagnostics/index.js'
import { literalText } from '../model/index.js'
import type { Binding, Instruction, Scope, SettingOf, Site } from '../model/index.js'
import { absolute } from './processes/listen.js'
import { diskFiles } from './files.js'
import type { ServeOptions } from './options.js'
import { checkPrograms } from './processes/index.js'

/** What can be said about a start without making it: errors are why there is none, warnings are logged. */
export function checkStart(
  site: Site,
  { files = diskFiles, directory = process.cwd(), backends = 'real' }: Partial<ServeOptions> = {}
): readonly Diagnostic[] {
  const ofBackends =
    backends === 'echo' ? [] : [...checkPrograms(site, directory), ...missingSockets(site, directory)]
  return [
    ...noListeners(site),
    ...changedRoot(site),
    ...tlsListeners(site),
    ...ofBackends,
    ...unreadableRoots(site, files),
    ...undecided(site)
  ]
}

function noListeners(site: Site): readonly Diagnostic[] {
  if (site.listeners.length > 0) return []
  return [
    {
      code: 'serve/no-listener',
      severity: 'error',
      message: 'the configuration listens nowhere, so there is nothing to serve',
      hint: 'serve the main configuration file, the one that says which port to listen on'
    }
  ]
}

function changedRoot({ changedRoot: changed }: Site): readonly Diagnostic[] {
  if (changed === undefined) return []
  return [
    {
      code: 'serve/changed-root',
      severity: 'error',
      message: `the server's root cannot be changed to \`${changed.path}\` here`,
      span: changed.origin,
      hint: 'serve a copy of the configuration without it, with `--root` and that folder'
    }
  ]
}

function tlsListeners(site: Site): readonly Diagnostic[] {
  return site.listeners
    .filter(({ tls }) => tls)
    .map(({ origin }) => ({
      code: 'serve/tls',
      severity: 'error' as const,
      message: 'listeners with TLS cannot be served: this server speaks plain HTTP only',
      ...(origin && { span: origin }),
      hint: 'serve a copy of the configuration without this listener or without its TLS, and let a server in front of it do TLS'
    }))
}

/** Applications that others start: they may come later, so that a missing socket is no reason not to start. */
function missingSockets(site: Site, directory: string): readonly Diagnostic[] {
  return site.pools
    .flatMap(({ members }) => members)
    .filter(({ process, down }) => process === undefined && !down)
    .flatMap(({ address, origin }) => {
      const found = absolute(address, directory)
      // Sockets are of this machine, whatever tree the files are taken from.
      if (found.kind !== 'unix' || diskFiles.kind(found.path) !== 'missing') return []
      return [
        {
          code: 'serve/socket-missing',
          severity: 'warning' as const,
          message: `there is no socket \`${found.path}\`: requests to it fail until its application is started`,
          span: origin,
          hint: 'start the application that listens there, or put the echo application in its place'
        }
      ]
    })
}

/** Document roots that are named and the same for each request; what nobody named is hardly meant to be there. */
function unreadableRoots(site: Site, files: FileView): readonly Diagnostic[] {
  const roots = new Map<string, Span>()
  for (const { value, origin } of rootsIn(site.root)) {
    const path = literalText(value.path)
    if (path !== undefined && path !== '' && origin !== undefined && !roots.has(path)) roots.set(path, origin)
  }
  return [...roots].flatMap(([path, origin]) => {
    // What lies in a folder can be told only with the right to search it.
    const kind = files.kind(`${path.replace(/\/+$/, '')}/.`)
    if (kind === 'directory') return []
    const why = kind === 'forbidden' ? 'may not be searched by this user' : 'is no directory'
    return [
      {
        code: 'serve/root-unreadable',
        severity: 'warning' as const,
        message: `the document root \`${path}\` ${why}: its files are not sent`,
        span: origin,
        hint: 'correct the path, give the right to search it, or say with `--root` or `--prefix` where the tree stands'
      }
    ]
  })
}

/** What requests have no answer for (501): better known before than found by the first of them. */
function undecided(site: Site): readonly Diagnostic[] {
  const found = new Map(undecidedIn(site.root).map((one) => [`${one.origin.file}:${one.origin.start}`, one]))
  return [...found.values()].map(({ what, origin }) => ({
    code: 'serve/undecided',
    severity: 'warning',
    message: `${what} is not served yet: requests that it has a say in are answered with 501`,
    span: origin,
    hint: 'serve a copy of the configuration without it, or leave those requests out of what is compared'
  }))
}

type Undecided = Pick<SettingOf<'undecided'>['value'][number], 'what' | 'origin'>

function undecidedIn({ settings, children }: Scope): readonly Undecided[] {
  return [
    ...settings.flatMap((setting) => (setting.key === 'undecided' ? setting.value : [])),
    ...settings.flatMap((setting) => (setting.key === 'instructions' ? instructed(setting.value) : [])),
    ...settings.flatMap((setting) => (setting.key === 'bindings' ? unbound(setting.value) : [])),
    ...settings.flatMap((setting) => (setting.key === 'authentication' ? unknownLogin(setting) : [])),
    ...children.flatMap(undecidedIn)
  ]
}

/** Handlers that are nobody's here; of one kind the first. */
function unbound(bindings: readonly Binding[]): readonly Undecided[] {
  const found = bindings.flatMap(({ target, origin }) =>
    target.kind === 'unsupported' ? [{ what: target.what, origin }] : []
  )
  return [...new Map([...found].reverse().map((one) => [one.what, one])).values()].reverse()
}

function unknownLogin({ value, origin }: SettingOf<'authentication'>): readonly Undecided[] {
  if (origin === undefined || value.method !== 'basic' || value.logins !== undefined) return []
  return value.knownUser === 'only' ? [] : [{ what: unknownLoginText, origin }]
}

function instructed(instructions: readonly Instruction[]): readonly Undecided[] {
  return instructions.flatMap((one) => {
    if (one.kind === 'undecided') return [one]
    return one.kind === 'if' ? instructed(one.then) : []
  })
}

function rootsIn({ settings, children }: Scope): readonly SettingOf<'root'>[] {
  return [...settings.filter((setting) => setting.key === 'root'), ...children.flatMap(rootsIn)]
}
