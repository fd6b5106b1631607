import type { Position, Span } from '../diagnostics/index.js'
import type { TracedFile } from './split.js'

/** Where each line of what was written comes from: what `--source-map FILE` writes, and what its published schema describes. */
export interface SourceMap {
  /** Grows by one when a reader of an older version could no longer read it. */
  readonly version: 1
  readonly tool: { readonly name: string; readonly version: string }
  readonly files: readonly MappedFile[]
}

export interface MappedFile {
  /** As it was written, relative to the output folder. */
  readonly path: string
  /** Those that come from somewhere, in their order: others are the target's own. */
  readonly lines: readonly MappedLine[]
}

export interface MappedLine {
  /** From 1. */
  readonly line: number
  readonly from: readonly MappedPlace[]
}

/** Lines of the source, both from 1. */
export interface MappedPlace {
  /** The file as it was named on the command line, or as the source includes it. */
  readonly file: string
  readonly line: number
  /** The last of them. */
  readonly end: number
}

export function sourceMapOf(
  files: readonly TracedFile[],
  tool: SourceMap['tool'],
  { shown, place }: { readonly shown: (file: string) => string; readonly place: (span: Span) => Position }
): SourceMap {
  const placeOf = (span: Span): MappedPlace => ({
    file: shown(span.file),
    line: place(span).line,
    end: place({ ...span, start: Math.max(span.start, span.end - 1) }).line
  })
  return {
    version: 1,
    tool,
    files: files.map(({ path, lines }) => ({
      path,
      lines: lines.flatMap(({ from }, index) =>
        from.length === 0 ? [] : [{ line: index + 1, from: from.map(placeOf) }]
      )
    }))
  }
}
