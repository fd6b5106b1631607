import { folderOf } from '../../dialects/paths.js'
import type { OutputFile } from '../../dialects/index.js'
import type { Application } from './applications.js'
import { accountOf, environmentOf, listenWord, webAccount } from './process.js'

/**
 * A socket unit and a service unit for each application (systemd.socket(5), systemd.service(5)): the socket is the
 * program's standard input, as FastCGI wants it. Several processes are instances of one template, which share the socket.
 */
export function systemdUnits(applications: readonly Application[]): readonly OutputFile[] {
  return [
    ...applications.flatMap((application) => [
      unit(socketName(application), socketUnit(application)),
      unit(serviceName(application), serviceUnit(application)),
      ...(isTemplate(application) ? [unit(`${application.name}.target`, targetUnit(application))] : [])
    ]),
    ...temporaryFolders(applications)
  ]
}

/** What a person does with the units. */
export function systemdAdvice(applications: readonly Application[]): readonly string[] {
  const units = applications.flatMap((application) => [
    socketName(application),
    ...(isTemplate(application) ? [`${application.name}.target`] : [])
  ])
  return [
    'copy `systemd/*` to /etc/systemd/system and `tmpfiles.d/*`, where there is one, to /etc/tmpfiles.d',
    `run \`systemd-tmpfiles --create && systemctl daemon-reload && systemctl enable --now ${units.join(' ')}\``
  ]
}

type Section = readonly [title: string, lines: readonly (readonly [key: string, value: string])[]]

function unit(name: string, sections: readonly Section[]): OutputFile {
  const text = sections
    .map(([title, lines]) => `[${title}]\n${lines.map(([key, value]) => `${key}=${value}\n`).join('')}`)
    .join('\n')
  return { path: `systemd/${name}`, text }
}

function isTemplate({ processes }: Application): boolean {
  return processes > 1
}

function socketName({ name }: Application): string {
  return `${name}.socket`
}

function serviceName(application: Application): string {
  return `${application.name}${isTemplate(application) ? '@' : ''}.service`
}

function socketUnit(application: Application): readonly Section[] {
  const { name, address, plan } = application
  const ofFile: Section[1] =
    address.kind === 'unix'
      ? [
          ['SocketUser', accountOf(plan).user],
          // The web server may be another account than the application, and has to write to the socket.
          ['SocketGroup', webAccount],
          ['SocketMode', '0660']
        ]
      : []
  return [
    ['Unit', [['Description', escaped(`Socket of the FastCGI application ${name}`)]]],
    [
      'Socket',
      [
        ['ListenStream', escaped(listenWord(address))],
        ...ofFile,
        ['Backlog', String(plan.backlog)],
        ['Service', `${name}${isTemplate(application) ? '@1' : ''}.service`]
      ]
    ],
    ['Install', [['WantedBy', 'sockets.target']]]
  ]
}

function serviceUnit(application: Application): readonly Section[] {
  const { name, plan } = application
  const [program = ''] = plan.command
  const { user, group } = accountOf(plan)
  const template = isTemplate(application)
  const handedOn = plan.inherit.kind === 'names' ? plan.inherit.names : []
  const keys: (readonly [string, string])[] = [
    ['ExecStart', plan.command.map(word).join(' ')],
    ['StandardInput', 'socket'],
    ['StandardOutput', 'journal'],
    ['StandardError', 'journal'],
    ...(template ? [['Sockets', socketName(application)] as const] : []),
    ['User', user],
    ['Group', group],
    ...(plan.directory === 'of-program' ? [['WorkingDirectory', escaped(folderOf(program))] as const] : []),
    ...(handedOn.length > 0 ? [['PassEnvironment', handedOn.join(' ')] as const] : []),
    ...environmentOf(plan).map(({ name, value }) => ['Environment', quoted(`${name}=${value}`)] as const),
    ...(plan.priority === 0 ? [] : [['Nice', String(plan.priority)] as const]),
    ['KillSignal', signalName(plan.killSignal)],
    ['Restart', 'always'],
    ['RestartSec', String(Math.max(1, plan.restart.delay))]
  ]
  const about: (readonly [string, string])[] = [
    ['Description', escaped(`FastCGI application ${name}`) + (template ? ' (process %i)' : '')],
    ['Requires', socketName(application)],
    ['After', `${socketName(application)} network.target`],
    ...(template ? [['PartOf', `${name}.target`] as const] : []),
    // The source's server never gives up on a program either.
    ['StartLimitIntervalSec', '0']
  ]
  return [
    ['Unit', about],
    ['Service', keys]
  ]
}

function targetUnit(application: Application): readonly Section[] {
  const { name, processes } = application
  const instances = Array.from({ length: processes }, (_, index) => `${name}@${String(index + 1)}.service`)
  return [
    [
      'Unit',
      [
        ['Description', escaped(`All processes of the FastCGI application ${name}`)],
        ['Wants', instances.join(' ')]
      ]
    ],
    ['Install', [['WantedBy', 'multi-user.target']]]
  ]
}

/** Folders of sockets that are gone after each start of the machine (tmpfiles.d(5)). */
function temporaryFolders(applications: readonly Application[]): readonly OutputFile[] {
  const lines = new Set<string>()
  for (const application of applications) {
    const { address } = application
    if (address.kind !== 'unix') continue
    const folder = folderOf(address.path)
    if (!/^\/(?:var\/)?run\/./.test(folder)) continue
    const { user, group } = accountOf(application.plan)
    lines.add(`d ${quoted(folder)} 0755 ${user} ${group} -\n`)
  }
  if (lines.size === 0) return []
  return [{ path: 'tmpfiles.d/fastcgi-applications.conf', text: [...lines].join('') }]
}

/** A word of a command line: `$` and `%` mean nothing in it. */
function word(text: string): string {
  return quoted(text).replaceAll('$', '$$$$')
}

/** A word in systemd's quotes (systemd.syntax(7)), where it needs them. */
function quoted(text: string): string {
  const plain = escaped(text)
  if (/^[\w@+=:,./%$-]+$/.test(plain)) return plain
  const inner = plain
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
  return `"${inner}"`
}

/** Text in which `%` stands for itself. */
function escaped(text: string): string {
  return text.replaceAll('%', '%%')
}

const signals: ReadonlyMap<number, string> = new Map([
  [1, 'SIGHUP'],
  [2, 'SIGINT'],
  [3, 'SIGQUIT'],
  [9, 'SIGKILL'],
  [10, 'SIGUSR1'],
  [12, 'SIGUSR2'],
  [15, 'SIGTERM']
])

function signalName(number: number): string {
  return signals.get(number) ?? String(number)
}
