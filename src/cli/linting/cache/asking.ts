import { createHash } from 'node:crypto'
import type { ReadFileResult, ReadIo } from '../../../dialects/dialect.js'

/** Something that a reader asked of the world, and what became of it: the same answers give the same findings. */
export interface Asked {
  what: 'text' | 'glob' | 'glob-with-braces' | 'files-below' | 'kind' | 'environment'
  about: string
  /** Of the answer. */
  hash: string
}

/** A world that remembers what it was asked. */
export class Asking {
  /** A command was run: what it prints next time nobody knows. */
  ranCommand = false
  private readonly asked = new Map<string, Asked>()

  all(): Asked[] {
    return [...this.asked.values()]
  }

  readonly through = (io: ReadIo): ReadIo => {
    const { run } = io
    return {
      readFile: (path) => this.note('text', path, io.readFile(path), hashOfText),
      glob: (pattern, options) =>
        this.note(options.braces ? 'glob-with-braces' : 'glob', pattern, io.glob(pattern, options), hashOf),
      filesBelow: (path) => this.note('files-below', path, io.filesBelow(path), hashOf),
      kind: (path) => this.note('kind', path, io.kind(path), hashOf),
      environment: (name) => this.note('environment', name, io.environment(name), hashOf),
      ...(run !== undefined && {
        run: (command: string, folder: string) => {
          this.ranCommand = true
          return run(command, folder)
        }
      })
    }
  }

  private note<Answer>(
    what: Asked['what'],
    about: string,
    answer: Answer,
    hash: (answer: Answer) => string
  ): Answer {
    this.asked.set(`${what} ${about}`, { what, about, hash: hash(answer) })
    return answer
  }
}

/** Whether the world still answers so; the texts of files that were asked for are handed on. */
export function stillHolds(
  { what, about, hash }: Asked,
  io: ReadIo,
  onText: (hash: string, text: string) => void
): boolean {
  switch (what) {
    case 'text': {
      const answer = io.readFile(about)
      const now = hashOfText(answer)
      if (answer.kind === 'text') onText(now, answer.text)
      return now === hash
    }
    case 'glob':
    case 'glob-with-braces':
      return hashOf(io.glob(about, { braces: what === 'glob-with-braces' })) === hash
    case 'files-below':
      return hashOf(io.filesBelow(about)) === hash
    case 'kind':
      return hashOf(io.kind(about)) === hash
    case 'environment':
      return hashOf(io.environment(about)) === hash
  }
}

function hashOfText(answer: ReadFileResult): string {
  return answer.kind === 'text' ? digest(answer.text) : digest(JSON.stringify(answer))
}

function hashOf(answer: unknown): string {
  return digest(JSON.stringify([answer]))
}

export function digest(text: string): string {
  // Bytes that are no UTF-8 are lone surrogates in a text, which only its code units tell apart.
  return createHash('sha256').update(text, 'utf16le').digest('base64url')
}
