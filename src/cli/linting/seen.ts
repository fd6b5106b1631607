import type { ReadFileResult, ReadIo } from '../../dialects/dialect.js'

/** So many characters of texts are kept; what was read first is forgotten first. */
const most = 1024 * 1024

/**
 * What one run has seen of the disk: what thousands of files include, and where they look for it, is looked at once. A
 * run that others follow (`--watch`, `--fix`) makes one of its own each time.
 */
export class Seen {
  private readonly kinds = new Map<string, ReturnType<ReadIo['kind']>>()
  private readonly texts = new Map<string, ReadFileResult>()
  private length = 0

  readonly through = (io: ReadIo): ReadIo => ({
    ...io,
    kind: (path) => {
      const known = this.kinds.get(path) ?? io.kind(path)
      this.kinds.set(path, known)
      return known
    },
    readFile: (path) => this.texts.get(path) ?? this.keep(path, io.readFile(path))
  })

  private keep(path: string, result: ReadFileResult): ReadFileResult {
    this.texts.set(path, result)
    this.length += lengthOf(result)
    for (const [oldest, one] of this.texts) {
      if (this.length <= most) break
      this.texts.delete(oldest)
      this.length -= lengthOf(one)
    }
    return result
  }
}

function lengthOf(result: ReadFileResult): number {
  return result.kind === 'text' ? result.text.length : 0
}
