import { once } from 'node:events'
import { spawnSync } from 'node:child_process'
import { account, handOver } from '../../live/place.js'
import { accepts, run } from '../../live/servers.js'
import type { Answer } from '../client.js'
import type { ServerName } from '../cases.js'
import type { Place } from '../place.js'

/** A real server that the project is held against. */
export interface RealServer {
  readonly name: ServerName
  /** What it says of itself; undefined where it is not installed. */
  version(): string | undefined
  /** Starts it on the place's main file, or says why it does not start. */
  start(place: Place): Promise<RealStart>
  /** Whether what it printed says that a process of its broke down over a request. */
  brokeDown?(said: string): boolean
  /** Whether an answer's body is a page that the server made itself, whose words are its own affair. */
  isOwnPage(answer: Answer): boolean
  /** Params that name the release that is installed here. */
  readonly ofRelease?: RegExp
}

export type RealStart =
  | {
      readonly kind: 'runs'
      stop(): Promise<void>
      said(): string
      /** Whether it ended by itself. */
      hasEnded(): boolean
    }
  | { readonly kind: 'refused'; readonly said: string }

/** The first line that a program prints of its version. */
export function versionOf(command: string, flag: string): string | undefined {
  const { error, stdout, stderr } = spawnSync(command, [flag], { encoding: 'utf8' })
  return error === undefined ? `${stdout}${stderr}`.trim().split('\n')[0] : undefined
}

/** What a program that only checks the configuration says against it. */
export async function refusal(
  command: string,
  args: readonly string[],
  place: Place
): Promise<Extract<RealStart, { kind: 'refused' }> | undefined> {
  if (account !== undefined) handOver(place.root)
  const checking = run(command, args, { folder: place.root }, place.environment)
  await once(checking.child, 'close')
  return checking.child.exitCode === 0 ? undefined : { kind: 'refused', said: checking.said() }
}

/** Starts a server in the foreground and waits until the place's first port takes connections or it ends. */
export async function startReal(command: string, args: readonly string[], place: Place): Promise<RealStart> {
  if (account !== undefined) handOver(place.root)
  const running = run(command, args, { folder: place.root }, place.environment)
  const [port] = place.ports
  for (let attempt = 0; attempt < 2000; attempt++) {
    const { exitCode, signalCode } = running.child
    if (exitCode !== null || signalCode !== null) return { kind: 'refused', said: running.said() }
    if (await accepts(port)) {
      const { child } = running
      return {
        kind: 'runs',
        ...running,
        hasEnded: () => child.exitCode !== null || child.signalCode !== null
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await running.stop()
  throw new Error(`${command} neither listens on port ${port} nor ends:\n${running.said()}`)
}
