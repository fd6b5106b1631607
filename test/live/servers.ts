import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { account, type Place } from './place.js'

/** Something that was started and must be stopped. */
export interface Started {
  stop(): Promise<void>
}

/** Where programs are looked for. */
export const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
const path = folders.join(':')

/** The real lighttpd on the example as it is. */
export async function startLighttpd(place: Place): Promise<Started> {
  const started = run('lighttpd', ['-D', '-f', place.main], place)
  await listening(place.port, started)
  return started
}

/** What the server says of a configuration; `ok` if it would start. */
export interface Checked {
  readonly ok: boolean
  readonly said: string
}

/** The real nginx on a whole configuration. Its temporary files go into the place's folder. */
export function nginxOf(place: Place, text: string): { check(): Checked; start(): Promise<Started> } {
  const folder = join(place.folder, 'nginx')
  makeFolder(folder)
  const file = join(folder, 'nginx.conf')
  const kinds = ['client_body', 'fastcgi', 'proxy', 'scgi', 'uwsgi']
  const temporary = kinds.map((kind) => `    ${kind}_temp_path ${join(folder, kind)};\n`).join('')
  writeFileSync(file, text.replace(/^http \{\n/m, `http {\n    access_log off;\n${temporary}`))
  const globals = `daemon off; pid ${join(folder, 'nginx.pid')};`
  const args = ['-p', folder, '-c', file, '-e', 'stderr', '-g', globals]
  return {
    check: () => check('nginx', ['-t', ...args], place),
    start: async () => {
      const started = run('nginx', args, place)
      await listening(place.port, started)
      return started
    }
  }
}

/** The real httpd on a whole configuration. Its own files go into the place's folder. */
export function apacheOf(place: Place, text: string): { check(): Checked; start(): Promise<Started> } {
  const folder = join(place.folder, 'apache')
  makeFolder(folder)
  const file = join(folder, 'httpd.conf')
  const log = join(folder, 'error.log')
  // Only root may change the account, and the log folders of the system are root's.
  const own = text
    .replace(/^(?:User|Group) .*\n/gm, '')
    .replace(/^PidFile .*$/m, `PidFile ${join(folder, 'httpd.pid')}\nDefaultRuntimeDir ${folder}`)
    .replace(/^ErrorLog .*$/m, `ErrorLog ${log}`)
    .replace(/^ServerRoot .*$/m, `ServerRoot "${folder}"`)
  const process = join(folder, 'fcgid.sock')
  const fcgid = own.includes('LoadModule fcgid_module')
    ? `\nFcgidIPCDir ${folder}\nFcgidProcessTableFile ${process}.shm\n`
    : ''
  writeFileSync(file, own + fcgid)
  const args = ['-d', folder, '-f', file]
  return {
    check: () => check('apache2', ['-t', ...args], place),
    start: async () => {
      const started = run('apache2', [...args, '-DFOREGROUND'], place)
      await listening(place.port, started, log)
      return started
    }
  }
}

/** Runs the command that a translation asks a person to run, and ends what it started. */
export function spawnByHand(command: string, place: Pick<Place, 'folder'>): Started {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', command], {
    cwd: place.folder,
    encoding: 'utf8',
    env: { PATH: path },
    ...account
  })
  const pids = [...stdout.matchAll(/PID: (\d+)/g)].map((found) => Number(found[1]))
  if (status !== 0 || pids.length === 0) throw new Error(`${command}\n${stdout}${stderr}`)
  return {
    stop: async () => {
      for (const pid of pids) process.kill(pid, 'SIGTERM')
      await Promise.resolve()
    }
  }
}

function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o777)
}

function check(command: string, args: readonly string[], place: Place): Checked {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: place.folder,
    encoding: 'utf8',
    env: { PATH: path },
    ...account
  })
  return { ok: status === 0, said: stdout + stderr }
}

export interface Running extends Started {
  readonly child: ChildProcess
  said(): string
}

/** A program in the foreground, as an account without rights where the tests run as root. */
export function run(
  command: string,
  args: readonly string[],
  place: Pick<Place, 'folder'>,
  env: Readonly<Record<string, string>> = { PATH: path }
): Running {
  const child = spawn(command, args, {
    cwd: place.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that what it has started ends with it.
    detached: true,
    ...account
  })
  let said = ''
  const keep = (chunk: Buffer): void => {
    said += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return {
    child,
    said: () => said,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        // One that is caught in a loop does not hear it.
        const last = setTimeout(() => child.kill('SIGKILL'), 10_000)
        await ended
        clearTimeout(last)
      }
      endGroup(child)
    }
  }
}

/** mod_fcgid now and then leaves a program behind that it was about to start. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // Mostly nobody is left.
    if (!isGone(error)) throw error
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH'
}

/** Waits until the server takes connections at its port; says what it logged if it ends before. */
async function listening(port: number, server: Running, log?: string): Promise<void> {
  try {
    await accepting(port, server)
  } catch (error) {
    await server.stop()
    if (log === undefined || !existsSync(log)) throw error
    throw new Error(readFileSync(log, 'utf8'), { cause: error })
  }
}

/** Waits until a program takes connections at a port of the loopback or at a socket; fails at once if it ends before. */
export async function accepting(address: number | string, program: Running): Promise<void> {
  for (let attempt = 0; attempt < 200 && program.child.exitCode === null; attempt++) {
    if (await accepts(address)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing takes connections at ${String(address)}:\n${program.said()}`)
}

/** Whether somebody listens on a port of the loopback or at a socket. */
export function accepts(address: number | string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = typeof address === 'number' ? connect(address, '127.0.0.1') : connect(address)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })
}
