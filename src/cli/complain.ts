import { formatText } from '../diagnostics/formats/text.js'
import { report } from '../diagnostics/report.js'
import type { Diagnostic } from '../diagnostics/index.js'
import type { ReadResult } from '../dialects/index.js'
import { styleFor } from './colour.js'
import type { ColourOption } from './colour.js'
import { reasonsOf } from './findings.js'
import type { Input } from './input.js'
import type { Io } from './io.js'

/** What a command that is not `lint` says of a configuration it was given, beside its own output. */
export async function complain(
  input: Input,
  color: ColourOption | undefined,
  io: Io,
  further: readonly Diagnostic[] = []
): Promise<void> {
  const diagnostics = [...(await reasonsOf(input)), ...further].filter(({ severity }) => severity !== 'info')
  if (diagnostics.length === 0) return
  const texts =
    input.kind === 'read'
      ? input.result.texts
      : new Map(input.text === undefined ? [] : [[input.path, input.text]])
  const found = report({ diagnostics, texts, asked: [] })
  io.err(formatText(found, styleFor(color, io)))
}

/** Whether the server would not start on it. What it starts on works as it does there, however wrong it may be. */
export function isFatal({ refused }: ReadResult): boolean {
  return refused
}
