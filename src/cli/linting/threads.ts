import type { Worker } from 'node:worker_threads'
import { CommandError } from '../io.js'
import type { Answer, Question } from '../thread.js'
import type { Collected } from './collect.js'
import type { Looked } from './looked.js'
import type { LookOneOptions, LookingOptions } from './looking.js'

/** Threads that look at files together; what they saw comes in the order of the files. */
export class Threads {
  /** Files that a thread is given at a time. */
  static readonly batch = 8

  private constructor(private readonly workers: readonly Worker[]) {}

  static async start(
    count: number,
    options: LookingOptions,
    newThread: () => Promise<Worker>
  ): Promise<Threads> {
    const workers = await Promise.all(Array.from({ length: count }, newThread))
    const question: Question = { kind: 'options', options: plain(options) }
    for (const worker of workers) worker.postMessage(question)
    return new Threads(workers)
  }

  async lookAll(files: readonly Collected[], onFile: () => void): Promise<readonly Looked[]> {
    const batches: (readonly Looked[])[] = []
    let next = 0
    const work = async (worker: Worker): Promise<void> => {
      while (next * Threads.batch < files.length) {
        const index = next++
        const batch = files.slice(index * Threads.batch, (index + 1) * Threads.batch)
        batches[index] = await ask(worker, batch)
        for (const _ of batch) onFile()
      }
    }
    await Promise.all(this.workers.map(work))
    return batches.flat()
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()))
  }
}

/** Functions cannot be handed to a thread, nor need they be. */
function plain(options: LookingOptions): LookOneOptions {
  const { from, prefix, root, stdinFilename, define, allowIncludeShell, overlay } = options
  const { target, config, cache, cacheLocation } = options
  return {
    ...(from !== undefined && { from }),
    ...(prefix !== undefined && { prefix }),
    ...(root !== undefined && { root }),
    ...(stdinFilename !== undefined && { stdinFilename }),
    ...(define !== undefined && { define }),
    ...(allowIncludeShell !== undefined && { allowIncludeShell }),
    ...(overlay !== undefined && { overlay }),
    ...(target !== undefined && { target }),
    ...(config !== undefined && { config }),
    ...(cache !== undefined && { cache }),
    ...(cacheLocation !== undefined && { cacheLocation })
  }
}

async function ask(worker: Worker, files: readonly Collected[]): Promise<readonly Looked[]> {
  const answer = await new Promise<Answer>((resolve, reject) => {
    const given = (one: Answer): void => {
      worker.off('error', reject)
      resolve(one)
    }
    worker.once('message', given)
    worker.once('error', reject)
    const question: Question = { kind: 'files', files }
    worker.postMessage(question)
  })
  if (answer.kind === 'looked') return parse(answer.looked)
  throw answer.isBug ? new Error(answer.message) : new CommandError(answer.message, answer.hint)
}

/** What the same program has written needs no check. */
const parse: (text: string) => readonly Looked[] = JSON.parse
