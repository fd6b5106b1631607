import type { Span } from '../../diagnostics/index.js'
import { literal } from '../../model/index.js'
import type {
  Address,
  ConnectionRules,
  Member,
  ProcessPlan,
  Role,
  Script,
  Sendfile,
  Split
} from '../../model/index.js'
import { isAddress } from './addresses.js'
import { fits, flagOf, numberOf, tellCut } from './options.js'
import type { Problems } from './problems.js'
import type { Entry, StringValue, Value } from './values.js'
import { lighttpdVocabulary } from './vocabulary.js'

/** One backend of `fastcgi.server`, read: `"extension" => ( "label" => ( "option" => value, … ) )`. */
export interface Host {
  readonly role: Role
  readonly member: Member
  readonly script: Script
  readonly mustExist: boolean
  readonly sendfile?: Sendfile
  readonly docroot?: string
  readonly timeouts: Pick<ConnectionRules, 'connectTimeout' | 'sendTimeout' | 'readTimeout'>
  readonly command?: string
}

/** What of the whole configuration a host depends on. */
export interface HostContext {
  readonly problems: Problems
  readonly workers: number
  readonly user?: string
  readonly group?: string
}

/** Un.sun_path of Linux, less what the server adds. */
const longestSocket = 105

/** The options of one host, each of the type its row asks for. */
export class HostOptions {
  private readonly entries: ReadonlyMap<string, Entry>

  constructor(
    readonly span: Span,
    entries: readonly Entry[],
    private readonly problems: Problems
  ) {
    this.entries = new Map(entries.map((entry) => [entry.key?.toLowerCase() ?? '', entry]))
    this.valid = entries.map((entry) => this.check(entry)).every(Boolean)
  }

  /** Every option that is known has a value that the server takes. */
  readonly valid: boolean

  private check(entry: Entry): boolean {
    const name = entry.key ?? ''
    const row = lighttpdVocabulary.get(`fastcgi.server ${name.toLowerCase()}`)
    return row === undefined || fits(name, entry.value, row.shape, this.problems)
  }

  value(name: string): Value | undefined {
    return this.entries.get(name)?.value
  }

  spanOf(name: string): Span | undefined {
    return this.entries.get(name)?.span
  }

  /** An empty text counts as not given. */
  text(name: string): string | undefined {
    const value = this.value(name)
    return value?.kind === 'string' && value.text !== '' ? value.text : undefined
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.value(name)
    return (value && flagOf(value)) ?? otherwise
  }

  number(name: string, otherwise: number, bits: 16 | 32 = 16): number {
    const value = this.value(name)
    return (value && numberOf(value, bits)) ?? otherwise
  }

  /** Any number is taken, and its low 16 bits are kept. */
  shortOf(name: string, otherwise: number): number {
    const value = this.value(name)
    const number = value && numberOf(value, 32)
    if (value === undefined || number === undefined) return otherwise
    tellCut(name, number, value, 16, this.problems)
    return number % 65536
  }

  texts(name: string): readonly StringValue[] {
    const value = this.value(name)
    if (value?.kind !== 'list') return []
    return value.entries.flatMap((entry) => (entry.value.kind === 'string' ? [entry.value] : []))
  }

  pairs(name: string): readonly Entry[] {
    const value = this.value(name)
    return value?.kind === 'list' ? value.entries : []
  }
}

/** The host; undefined where the server refuses it. */
export function readHost(
  extension: string,
  label: string | undefined,
  options: HostOptions,
  context: HostContext
): Host | undefined {
  const address = addressOf(options, context.problems)
  if (!options.valid || address === undefined) return undefined
  const role = roleOf(options, context.problems)
  const mustExist = options.flag('check-local', true)
  const sendfile = sendfileOf(options, context.problems)
  const docroot = options.text('docroot')
  const process = processOf(options, context)
  const command = options.text('bin-path')
  return {
    role,
    mustExist,
    script: scriptOf(extension, role, options),
    ...(sendfile && { sendfile }),
    ...(docroot !== undefined && { docroot }),
    ...(command !== undefined && { command }),
    timeouts: {
      connectTimeout: options.shortOf('connect-timeout', 8),
      sendTimeout: options.shortOf('write-timeout', 0),
      readTimeout: options.shortOf('read-timeout', 0)
    },
    member: {
      ...(label !== undefined && { label }),
      address,
      weight: 1,
      maxConnections: 0,
      backup: false,
      down: false,
      failure: { kind: 'disable', seconds: options.number('disable-time', 1) },
      ...(process && { process }),
      ...(options.flag('tcp-fin-propagate', false) && { passesOnEnd: true }),
      origin: options.span
    }
  }
}

function addressOf(options: HostOptions, problems: Problems): Address | undefined {
  const host = options.text('host')
  const socket = options.text('socket')
  const port = options.number('port', 0)
  const program = options.text('bin-path')
  if (socket !== undefined && (host !== undefined || port !== 0)) {
    problems.refuse('socket-and-host', options.span, 'Unexpected `socket` beside `host` or `port`', {
      hint: 'keep either the socket, or host and port'
    })
    return undefined
  }
  const path = socket ?? (host?.startsWith('/') === true ? host : undefined)
  if (path !== undefined) return socketOf(path, options, problems)
  if (host === undefined && program === undefined) {
    problems.refuse(
      'no-address',
      options.span,
      'Unexpected host without an address: it has neither `host`, `socket` nor `bin-path`',
      {
        hint: 'say where the application listens: `"socket" => "/run/app.sock"`, or `"host"` and `"port"`'
      }
    )
    return undefined
  }
  if (host !== undefined && /[:[\]]/.test(host) && !isAddress(host)) {
    problems.refuse(
      'host-with-port',
      options.spanOf('host') ?? options.span,
      `Unexpected \`${host}\` for \`host\`, expected an address or a name alone`,
      {
        hint: 'give the port as `"port"`, and write IPv6 addresses without brackets: `"::1"`'
      }
    )
    return undefined
  }
  return { kind: 'tcp', host: host ?? '127.0.0.1', port: port === 0 ? 80 : port }
}

function socketOf(path: string, options: HostOptions, problems: Problems): Address | undefined {
  const length = new TextEncoder().encode(path).length
  if (length <= longestSocket) return { kind: 'unix', path }
  problems.refuse(
    'socket-too-long',
    options.spanOf('socket') ?? options.span,
    `Unexpected socket path of ${length} bytes, expected at most ${longestSocket}`
  )
  return undefined
}

function roleOf(options: HostOptions, problems: Problems): Role {
  const mode = options.text('mode')
  if (mode === 'authorizer') return 'authorizer'
  if (mode !== undefined && mode !== 'responder') {
    problems.warn(
      'unknown-mode',
      options.spanOf('mode') ?? options.span,
      `Unexpected mode \`${mode}\`: the server takes this host as a responder`,
      {
        hint: 'write `"authorizer"` or `"responder"`, in small letters'
      }
    )
  }
  return 'responder'
}

/** How the path is taken apart (gw_check_extension, http_cgi_headers). At the stage `file` the walk along the path has split it already. */
function scriptOf(extension: string, role: Role, options: HostOptions): Script {
  const docroot = options.text('docroot')
  const strip = options.text('strip-request-uri')
  return {
    split: splitOf(extension, role, options.flag('fix-root-scriptname', false)),
    root: docroot === undefined ? { kind: 'filename' } : { kind: 'template', template: literal(docroot) },
    keepPathInfo: docroot === undefined && options.flag('broken-scriptfilename', false),
    documentRootFollows: docroot !== undefined,
    ...(strip !== undefined && { stripUri: strip })
  }
}

function splitOf(extension: string, role: Role, fixRoot: boolean): Split {
  if (role === 'authorizer' || !extension.startsWith('/')) return { kind: 'whole' }
  return extension === '/' && fixRoot ? { kind: 'all-path-info' } : { kind: 'after-prefix' }
}

function sendfileOf(options: HostOptions, problems: Problems): Sendfile | undefined {
  const roots = options.texts('x-sendfile-docroot')
  const relative = roots.find(({ text }) => !text.startsWith('/'))
  if (relative !== undefined) {
    problems.refuse(
      'sendfile-root',
      relative.span,
      `Unexpected \`${relative.text}\`, expected a path that begins with \`/\``
    )
  }
  // The new name counts where both are given (gw_set_defaults_backend reads it last).
  const name = options.value('x-sendfile') === undefined ? 'allow-x-send-file' : 'x-sendfile'
  if (!options.flag(name, false)) return undefined
  return {
    headers: ['x-sendfile2', 'x-sendfile', 'x-lighttpd-send-file'],
    roots: roots.map(({ text, span }) => ({ path: text, origin: span })),
    origin: options.spanOf(name) ?? options.span
  }
}

function processOf(options: HostOptions, context: HostContext): ProcessPlan | undefined {
  const program = options.text('bin-path')
  if (program === undefined) return undefined
  const maximum = options.number('max-procs', 4)
  const least = Math.min(options.number('min-procs', 4), maximum)
  // Workers cannot agree on when to start one more (server.max-worker).
  const minimum = context.workers > 0 ? maximum : least
  const names = options.texts('bin-copy-environment').map(({ text }) => text)
  return {
    command: program.split(/[ \t]/),
    minimum,
    maximum,
    sockets: 'own',
    when: minimum === 0 ? 'on-demand' : 'at-start',
    inherit: names.length > 0 ? { kind: 'names', names } : { kind: 'all' },
    environment: options.pairs('bin-environment').map((entry) => ({
      name: entry.key ?? '',
      value: entry.value.kind === 'string' ? entry.value.text : '',
      origin: entry.span
    })),
    defaults: [{ name: 'PHP_FCGI_CHILDREN', value: '1' }],
    socketTaken: 'used',
    // gw_backend.c, gw_spawn_connection: looks after 1 ms whether it is still there.
    watchedAtStart: 1,
    directory: 'of-program',
    ...(context.user !== undefined && { user: context.user }),
    ...(context.group !== undefined && { group: context.group }),
    priority: 0,
    killSignal: options.number('kill-signal', 15),
    backlog: options.number('listen-backlog', 1024, 32),
    // A program that ended is started again at once, but not twice in a second.
    restart: { delay: 1, startDelay: 0, minimumLife: 0, failuresBeforeBackOff: 0, backOffDelay: 0 },
    adaptive: {
      maxLoad: minimum === maximum ? 0 : options.number('max-load-per-proc', 1),
      idleTimeout: minimum === maximum ? 0 : options.number('idle-timeout', 60)
    },
    socketMode: 0o755
  }
}
