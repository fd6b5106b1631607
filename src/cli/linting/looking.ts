import { resolve } from 'node:path'
import { Configs } from '../config/configs.js'
import type { ConfigOptions } from '../config/configs.js'
import type { RuleTiming } from '../findings.js'
import type { Io } from '../io.js'
import type { CacheOptions } from './cache/cache.js'
import type { Collected } from './collect.js'
import { realPath } from './kind.js'
import { look } from './looked.js'
import type { Looked, LookOptions } from './looked.js'
import { Progress } from './progress.js'
import type { LookAll } from './roots.js'
import { Seen } from './seen.js'

/** All that bears on what is found in a single file. */
export interface LookOneOptions extends LookOptions, ConfigOptions, CacheOptions {}

export interface LookingOptions extends LookOneOptions {
  /** How many threads share the files; as many as there are processors where it is absent and that is worth it. */
  readonly threads?: number
}

/** Fewer files are looked at before threads have started. */
const worthThreads = 200
/** More threads mostly wait for the disk. */
const mostThreads = 8

/** Looks at one file, or remembers what was seen in it. */
export function lookerOf(
  options: LookOneOptions,
  io: Io,
  configs = new Configs(options, io),
  timing?: RuleTiming
): (file: Collected) => Promise<Looked> {
  const around = {
    configs,
    io,
    realPathOf: realPathsOf(io),
    seen: new Seen(),
    ...(timing !== undefined && { timing })
  }
  if (options.cache !== true) return (file) => look(file, options, around)
  const cache = import('./cache/cache.js').then(({ Cache }) => new Cache(options, io))
  return async (file) => (await cache).look(file, options, around)
}

/** Remembers where files really stand. */
function realPathsOf({ cwd }: Io): (path: string) => string {
  const known = new Map<string, string>()
  return (path) => {
    const found = known.get(path) ?? realPath(resolve(cwd, path))
    known.set(path, found)
    return found
  }
}

/** How many files are looked at, by how many at once, and what is to be done in the end. */
export interface Looking {
  readonly lookAll: LookAll
  readonly atOnce: number
  readonly end: () => Promise<void>
}

/** Ways to look at so many files: here one after the other, or in threads. */
export async function lookingAt(
  count: number,
  options: LookingOptions,
  io: Io,
  configs: Configs,
  timing?: RuleTiming
): Promise<Looking> {
  const progress = new Progress(count, io)
  const threads = timing === undefined ? await threadsFor(count, options, io) : 1
  if (threads > 1 && io.thread !== undefined) {
    const { Threads } = await import('./threads.js')
    const started = await Threads.start(threads, options, io.thread)
    return {
      lookAll: (files) => started.lookAll(files, () => progress.step()),
      atOnce: Threads.batch * threads * 4,
      end: async () => {
        progress.end()
        await started.end()
      }
    }
  }
  const lookAt = lookerOf(options, io, configs, timing)
  return {
    lookAll: async (files) => {
      const seen: Looked[] = []
      for (const file of files) {
        seen.push(await lookAt(file))
        progress.step()
      }
      return seen
    },
    atOnce: 1,
    end: () => {
      progress.end()
      return Promise.resolve()
    }
  }
}

/** What comes in on standard input is for one reader only, and few files are not worth it. */
async function threadsFor(count: number, { threads }: LookingOptions, io: Io): Promise<number> {
  if (threads !== undefined) return threads
  if (count < worthThreads || io.thread === undefined) return 1
  const { availableParallelism } = await import('node:os')
  return Math.min(availableParallelism(), mostThreads)
}
