import { parentPort } from 'node:worker_threads'
import { CommandError } from './io.js'
import type { Io } from './io.js'
import type { Collected } from './linting/collect.js'
import type { LookOneOptions } from './linting/looking.js'
import { lookerOf } from './linting/looking.js'
import type { Looked } from './linting/looked.js'

/** What a thread is asked: first the options alone, then for files. */
export type Question =
  | { readonly kind: 'options'; readonly options: LookOneOptions }
  | { readonly kind: 'files'; readonly files: readonly Collected[] }

export type Answer =
  /** What was seen, as JSON: copied as one text it takes less time than as thousands of small objects. */
  | { readonly kind: 'looked'; readonly looked: string }
  | { readonly kind: 'failed'; readonly message: string; readonly hint?: string; readonly isBug: boolean }

/** Looks at files for another thread, one batch after the other. */
export function serve(io: Io): void {
  let lookAt: ReturnType<typeof lookerOf> | undefined
  parentPort?.on('message', (question: Question) => {
    if (question.kind === 'options') {
      lookAt = lookerOf(question.options, io)
      return
    }
    if (lookAt === undefined) throw new Error('files came before the options')
    void answer(question.files, lookAt).then((given) => parentPort?.postMessage(given))
  })
}

async function answer(files: readonly Collected[], lookAt: ReturnType<typeof lookerOf>): Promise<Answer> {
  try {
    const looked: Looked[] = []
    for (const file of files) looked.push(await lookAt(file))
    return { kind: 'looked', looked: JSON.stringify(looked) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const hint = error instanceof CommandError ? error.hint : undefined
    return {
      kind: 'failed',
      message,
      ...(hint !== undefined && { hint }),
      isBug: !(error instanceof CommandError)
    }
  }
}
