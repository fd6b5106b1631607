import { randomUUID } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes kept in memory; what is longer goes to a file, as all three servers do. */
const longestInMemory = 256 * 1024
const pieceLength = 64 * 1024

/** Bytes put down once and read as often as wanted. */
export class Spool {
  private held: Uint8Array[] = []
  private file: FileHandle | undefined
  private length = 0

  constructor(private readonly directory: string) {}

  get bytes(): number {
    return this.length
  }

  async add(piece: Uint8Array): Promise<void> {
    this.length += piece.length
    if (this.file === undefined) this.held.push(piece)
    if (this.length <= longestInMemory) return
    if (this.file) return writeAll(this.file, piece)
    this.file = await namelessFile(this.directory)
    for (const earlier of this.held) await writeAll(this.file, earlier)
    this.held = []
  }

  async *read(): AsyncIterable<Uint8Array> {
    yield* this.held
    if (this.file === undefined) return
    for (let at = 0; at < this.length;) {
      const { bytesRead, buffer } = await this.file.read(new Uint8Array(pieceLength), 0, pieceLength, at)
      if (bytesRead === 0) throw new Error('a request body kept in a file was cut short')
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  /** Lets the file go; whoever still reads fails. */
  async release(): Promise<void> {
    await this.file?.close()
  }
}

/** A file that is gone from its folder at once, so that none is left however this process ends. */
async function namelessFile(directory: string): Promise<FileHandle> {
  const path = join(directory, `fcgi-conf-body-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) at += (await file.write(piece, at)).bytesWritten
}
