import { encodeBytes, type Span } from '../../../diagnostics/index.js'
import type { Address, MeasuredManager, ProcessPlan } from '../../../model/index.js'
import type { ReadIo } from '../../dialect.js'
import type { Definition } from './definitions.js'
import type { Line, Word } from './line.js'
import { lastOption, numberOf, readOptions, type Option } from './options.js'
import { passedHeader } from './params.js'
import { absolute } from './paths.js'
import type { Report } from './report.js'

/** Where the build keeps sockets while FastCgiIpcDir says nothing (mod_fastcgi: `run/fastcgi`). */
const defaultIpcDirectory = '/var/run/apache2/fastcgi'

/** Debian's httpd has it here, in a package of its own. */
const suexec = '/usr/lib/apache2/suexec'

/** Definitions are made in order: what stands above decides what may stand below. */
export class Definitions {
  readonly all: Definition[] = []
  private ipcDirectory: Line | undefined
  private ipcPath = defaultIpcDirectory
  private configOptions: readonly Option[] = []
  /** As whom the server runs, as far as it was said, and what that was at the first line of the module. */
  private account = new Map<string, Word>()
  private accountThen: ReadonlyMap<string, Word> | undefined
  /** A program that starts applications as another user. */
  wrapper: { readonly path: string; readonly span: Span } | undefined

  constructor(
    private readonly io: ReadIo,
    private readonly report: Report,
    private readonly serverRoot: string
  ) {}

  /** `User www-data`, `Group www-data`: they may not change once a line of the module was read. */
  runsAs(line: Line): void {
    const [word] = line.words
    if (word !== undefined) this.account.set(line.name, word)
  }

  private isSameAccount(line: Line): boolean {
    this.accountThen ??= new Map(this.account)
    const changed = [...this.account].find(
      ([name, word]) => this.accountThen?.get(name)?.value !== word.value
    )?.[1]
    if (changed === undefined) return true
    const message = '`User` and `Group` must stand before every line of mod_fastcgi'
    this.report.refuse('user-order', line.span, message, 'move them above the first FastCgi line', [
      { span: changed.span, message: 'changed here' }
    ])
    return false
  }

  /** `FastCgiIpcDir /run/fastcgi` */
  directory(line: Line, path: string): void {
    if (!this.isSameAccount(line)) return
    const before = this.ipcDirectory ?? this.all[0]
    if (before !== undefined) {
      const message =
        this.ipcDirectory === undefined
          ? '`FastCgiIpcDir` must stand before every definition'
          : '`FastCgiIpcDir` may stand only once'
      const hint =
        this.ipcDirectory === undefined ? 'move it above the first FastCgi line' : 'remove one of them'
      this.report.refuse('ipc-dir-order', line.span, message, hint, [
        { span: before.span, message: 'after this' }
      ])
      return
    }
    this.ipcDirectory = line
    this.ipcPath = absolute(this.serverRoot, path).replace(/(.)\/$/, '$1')
    if (this.io.kind(this.ipcPath) !== 'file') return
    const span = line.words[0]?.span ?? line.span
    this.report.refuseHere('bad-ipc-dir', span, `\`${this.ipcPath}\` is no folder`, 'name a folder')
  }

  /** `FastCgiWrapper On`, `Off` or a program: once, above every definition. */
  wrap(line: Line, asked: string): void {
    if (!this.isSameAccount(line)) return
    const before = this.all[0]
    if (before !== undefined || this.wrapper !== undefined) {
      const message =
        this.wrapper === undefined
          ? '`FastCgiWrapper` must stand before every definition'
          : '`FastCgiWrapper` may stand only once'
      const hint = this.wrapper === undefined ? 'move it above the first FastCgi line' : 'remove one of them'
      const span = this.wrapper?.span ?? before?.span ?? line.span
      this.report.refuse('wrapper-order', line.span, message, hint, [{ span, message: 'after this' }])
      return
    }
    if (asked.toLowerCase() === 'off') return
    const path = asked.toLowerCase() === 'on' ? suexec : absolute(this.serverRoot, asked)
    this.wrapper = { path, span: line.span }
    if (this.io.kind(path) === 'file') return
    const message = `There is no program \`${path}\` on this machine`
    this.report.refuseHere(
      'no-program',
      line.words[0]?.span ?? line.span,
      message,
      'install it, or write `Off`'
    )
  }

  /** `FastCgiConfig -idle-timeout 60`: each option keeps its last value, the list of -initial-env is the last line's. */
  config(line: Line): void {
    const options = readOptions(line, line.words, this.report)
    if (options === undefined) return
    this.configOptions = [...this.configOptions.filter(({ name }) => name !== '-initial-env'), ...options]
    const slack = numberOf(this.configOptions, '-processSlack', 5)
    const most = numberOf(this.configOptions, '-maxProcesses', 50)
    if (slack > most) {
      const message = `\`-processSlack\` (${slack}) is more than \`-maxProcesses\` (${most})`
      this.report.refuse('process-slack', line.span, message, 'lower `-processSlack` on the same line')
    }
  }

  /** `FastCgiServer /srv/app.fcgi -processes 4` */
  server(line: Line): void {
    const [first, ...rest] = line.words
    if (first === undefined) return
    if (!this.isSameAccount(line)) return
    const options = readOptions(line, rest, this.report)
    const path = absolute(this.serverRoot, first.value)
    if (!this.isProgram(line, path) || this.isDefined(line, path) || options === undefined) return
    const socket = lastOption(options, '-socket')
    const port = lastOption(options, '-port')
    if (socket !== undefined && port !== undefined) {
      const message = '`-port` and `-socket` exclude each other'
      this.report.refuse('socket-and-port', port.span, message, 'remove one of them', [
        { span: socket.span, message: 'the other one' }
      ])
      return
    }
    const address: Address =
      port === undefined
        ? { kind: 'unix', path: this.socketPath(socket?.value ?? madeName(path)) }
        : { kind: 'tcp', host: '0.0.0.0', port: Number(port.value) }
    if (!this.isShortEnough(line, socket, address)) return
    // Whom the wrapper would start them for is not asked here, so that they are not started at all.
    const plan = this.plan(options, path, numberOf(options, '-processes', 1))
    this.add(line, path, address, options, this.wrapper === undefined ? plan : undefined)
  }

  /** `FastCgiExternalServer /srv/app.fcgi -host 127.0.0.1:9000` */
  external(line: Line): void {
    const [first, ...rest] = line.words
    if (first === undefined) return
    if (!this.isSameAccount(line)) return
    const options = readOptions(line, rest, this.report)
    const path = absolute(this.serverRoot, first.value)
    if (this.isDefined(line, path) || options === undefined) return
    const socket = lastOption(options, '-socket')
    const host = lastOption(options, '-host')
    if (socket !== undefined && host !== undefined) {
      const message = '`-host` and `-socket` exclude each other'
      this.report.refuse('socket-and-host', host.span, message, 'remove one of them', [
        { span: socket.span, message: 'the other one' }
      ])
      return
    }
    const address = socket === undefined ? this.hostAddress(line, host) : this.socketAddress(socket)
    if (address !== undefined && this.isShortEnough(line, socket, address))
      this.add(line, path, address, options, undefined)
  }

  /** What programs without a definition get. */
  dynamic(span: Span): Definition {
    const options = this.configOptions
    const most = numberOf(options, '-maxClassProcesses', 10)
    const plan: ProcessPlan = {
      ...this.plan(options, '', most),
      command: [],
      minimum: 0,
      when: 'on-demand',
      manager: managerOf(options)
    }
    const address: Address = { kind: 'unix', path: `${this.ipcPath}/dynamic/socket` }
    return this.made(span, 'dynamic', address, options, plan)
  }

  /** The definition above that covers a path (FastCgiAuthorizer asks); the newest is tried first. */
  covering(path: string): Definition | undefined {
    return this.all.findLast((one) => path === one.path || path.startsWith(`${one.path}/`))
  }

  private add(
    line: Line,
    path: string,
    address: Address,
    options: readonly Option[],
    process: ProcessPlan | undefined
  ): void {
    this.all.push(this.made(line.span, path, address, options, process))
  }

  private made(
    span: Span,
    path: string,
    address: Address,
    options: readonly Option[],
    process: ProcessPlan | undefined
  ): Definition {
    const headers = options.filter(({ name, value }) => name === '-pass-header' && value !== '')
    return {
      path,
      span,
      address,
      memberOrigin: span,
      connectTimeout: numberOf(options, '-appConnTimeout', 0),
      idleTimeout: numberOf(options, '-idle-timeout', 30),
      passed: headers.map((header) => passedHeader(header.value, header.span)),
      process,
      unparsed: lastOption(options, '-nph') !== undefined
    }
  }

  /** What the system takes as a socket's name (`sun_path`), with the byte that ends it. */
  private isShortEnough(line: Line, socket: Option | undefined, address: Address): boolean {
    if (address.kind !== 'unix' || encodeBytes(address.path).length < 108) return true
    const message = `The socket's path \`${address.path}\` is too long: it may have 107 bytes`
    const hint = socket === undefined ? 'name a shorter folder with `FastCgiIpcDir`' : 'choose a shorter one'
    this.report.refuse('socket-too-long', socket?.span ?? line.span, message, hint)
    return false
  }

  private isDefined(line: Line, path: string): boolean {
    const earlier = this.all.find((one) => path === one.path || path.startsWith(`${one.path}/`))
    if (earlier === undefined) return false
    const equal = earlier.path === path
    const message = equal
      ? `\`${path}\` is defined twice`
      : `\`${path}\` lies below \`${earlier.path}\`, which is defined already`
    const hint = equal
      ? 'definitions hold for all hosts: keep one, or give each host a path of its own'
      : 'put the inner definition first'
    this.report.refuse('redefinition', line.span, message, hint, [
      { span: earlier.span, message: 'first defined here' }
    ])
    return true
  }

  private isProgram(line: Line, path: string): boolean {
    const kind = this.io.kind(path)
    if (kind === 'file') return true
    const span = line.words[0]?.span ?? line.span
    const hint = 'for an application that something else starts write `FastCgiExternalServer`'
    if (kind === 'missing') {
      this.report.refuseHere('no-program', span, `There is no program \`${path}\` on this machine`, hint)
      return true
    }
    this.report.refuse('no-program', span, `\`${path}\` is a directory, not a program`, hint)
    return false
  }

  private hostAddress(line: Line, host: Option | undefined): Address | undefined {
    if (host === undefined) {
      const message = '`FastCgiExternalServer` needs `-socket` or `-host`'
      this.report.refuse('no-address', line.span, message, 'say where the application listens')
      return undefined
    }
    const match = /^([^:]+):([+-]?\d+)$/.exec(host.value)
    if (match === null) {
      const hint = 'write `name:port` or `127.0.0.1:9000`; IPv6 is not possible'
      this.report.refuse('bad-host', host.span, `\`${host.value}\` is no host with a port`, hint)
      return undefined
    }
    const [, name = '', written = ''] = match
    // Kept in 16 bits before it is checked: 74536 is 9000.
    const port = Number(written) & 0xffff
    if (port === 0) {
      this.report.refuse('bad-host', host.span, `\`${written}\` is no port`, 'ports are 1 to 65535')
      return undefined
    }
    if (Number(written) !== port) {
      this.report.warn(
        'port-cut',
        host.span,
        `Port ${written} does not exist; ${port} is used`,
        'write the port you mean'
      )
    }
    return { kind: 'tcp', host: name, port }
  }

  private socketAddress(socket: Option): Address {
    return { kind: 'unix', path: this.socketPath(socket.value) }
  }

  private socketPath(path: string): string {
    return path.startsWith('/') ? path : `${this.ipcPath}/${path}`
  }

  private plan(options: readonly Option[], path: string, most: number): ProcessPlan {
    const variables = options.filter(({ name }) => name === '-initial-env')
    const copied = variables.filter(({ value }) => !value.includes('='))
    const set = variables.filter(({ value }) => value.includes('='))
    const user = lastOption(options, '-user')
    const group = lastOption(options, '-group')
    for (const option of this.wrapper === undefined ? [user, group] : []) {
      if (option === undefined) continue
      const message = `\`${option.name}\` does nothing without \`FastCgiWrapper\``
      this.report.warn('user-without-wrapper', option.span, message, 'remove it')
    }
    return {
      command: [path],
      minimum: most,
      maximum: most,
      sockets: 'shared',
      when: 'at-start',
      inherit: { kind: 'names', names: copied.map(({ value }) => value) },
      environment: set.map(({ value, span }) => ({
        name: value.slice(0, value.indexOf('=')),
        value: value.slice(value.indexOf('=') + 1),
        origin: span
      })),
      socketTaken: 'replaced',
      makesSocketFolder: true,
      directory: 'of-program',
      priority: numberOf(options, '-priority', 0),
      killSignal: 15,
      backlog: numberOf(options, '-listen-queue-depth', 100),
      restart: {
        delay: numberOf(options, '-restart-delay', 5),
        startDelay: numberOf(options, '-init-start-delay', 1),
        minimumLife: numberOf(options, '-min-server-life', 30),
        failuresBeforeBackOff: 3,
        backOffDelay: 600
      },
      adaptive: { maxLoad: 0, idleTimeout: 0 },
      socketMode: 0o600
    }
  }
}

/** What FastCgiConfig says of how many processes there are. */
function managerOf(options: readonly Option[]): MeasuredManager {
  const number = (name: string, standard: number): number => numberOf(options, name, standard)
  const gain = Number(lastOption(options, '-gainValue')?.value ?? '0.5')
  return {
    kind: 'measured',
    total: number('-maxProcesses', 50),
    slack: number('-processSlack', 5),
    keep: number('-minProcesses', 5),
    startDelay: number('-startDelay', 3),
    killInterval: number('-killInterval', 300),
    updateInterval: number('-updateInterval', 300),
    // httpd lets `nan` pass; nothing can be weighed with it.
    gain: Number.isNaN(gain) ? 0.5 : gain,
    single: number('-singleThreshold', 0),
    several: number('-multiThreshold', 50),
    restarts: lastOption(options, '-restart') !== undefined,
    followsFile: lastOption(options, '-autoUpdate') !== undefined
  }
}

/** mod_fastcgi takes a digest of the path; any short name that only this program has will do. */
function madeName(path: string): string {
  let high = 0x811c9dc5
  let low = 0x050c5d1f
  for (const unit of path) {
    const code = unit.codePointAt(0) ?? 0
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x01000197)
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
