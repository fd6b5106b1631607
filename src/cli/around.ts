import { watch } from 'node:fs'
import type { ReadStream } from 'node:tty'
import { Worker } from 'node:worker_threads'

/** Starts the thread that stands beside the built command line. */
export function newThread(): Worker {
  return new Worker(new URL('./thread.cjs', import.meta.url))
}

/** What is in folders below them does not count; a folder that goes is watched no more. */
export function watchFolders(folders: readonly string[], changed: () => void): () => void {
  const watchers = folders.map((folder) => watch(folder, changed).on('error', changed))
  return () => {
    for (const watcher of watchers) watcher.close()
  }
}

const interrupt = '\u0003'

/** Keys as they are typed, without waiting for a whole line; Ctrl-C stays what it is everywhere. */
export function onKey(input: ReadStream, then: (key: string) => void): () => void {
  if (!input.isTTY) return () => undefined
  const typed = (data: Buffer): void => {
    const key = data.toString()
    if (key === interrupt) process.kill(process.pid, 'SIGINT')
    else then(key)
  }
  input.setRawMode(true).on('data', typed).resume()
  return () => {
    input.setRawMode(false).off('data', typed).pause()
  }
}
