import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { plain } from '../../diagnostics/formats/style.js'
import { encodeBytes } from '../../diagnostics/index.js'
import type { Report } from '../../diagnostics/report.js'
import { styleFor } from '../colour.js'
import type { ColourOption } from '../colour.js'
import { knownFormat, loadFormat } from '../formats.js'
import type { Format } from '../formats.js'
import { CommandError } from '../io.js'
import type { Io } from '../io.js'

export interface OutputOptions {
  readonly format: readonly string[]
  readonly output?: string
  readonly color?: ColourOption
}

/** Where a report goes, and in which form. */
export interface Output {
  readonly format: Format
  readonly file?: string
}

/** `--format text --format json=findings.json`: several at once, each to its own place. */
export function outputsOf({ format, output }: OutputOptions, io: Io): readonly Output[] {
  const asked = format.length > 0 ? format : [io.env['FCGI_CONF_FORMAT'] ?? 'text']
  const outputs = asked.map((text): Output => {
    const [name = '', ...rest] = text.split('=')
    const file = rest.length > 0 ? rest.join('=') : output
    return { format: knownFormat(name), ...(file === undefined ? {} : { file }) }
  })
  // What a person reads and what GitHub shows beside the lines come on one stream.
  const printed = outputs.filter(({ file, format: name }) => file === undefined && name !== 'github')
  if (printed.length > 1) {
    throw new CommandError(
      'two formats cannot both be printed',
      'give all but one of them a file, as in --format json=findings.json'
    )
  }
  const isText = printed.some(({ format: name }) => name === 'text' || name === 'stylish')
  const isTold = outputs.some(({ format: name }) => name === 'github')
  return io.env['GITHUB_ACTIONS'] === 'true' && isText && !isTold
    ? [...outputs, { format: 'github' }]
    : outputs
}

/** `further`: what reports for programs hold beside the findings. */
export async function print(
  { format, file }: Output,
  found: Report,
  { color }: OutputOptions,
  io: Io,
  further?: object
): Promise<void> {
  const write = await loadFormat(format)
  if (file === undefined) {
    io.out(write(found, styleFor(color, io), io, further))
    return
  }
  try {
    writeFileSync(resolve(io.cwd, file), encodeBytes(write(found, plain, io, further)))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot write \`${file}\`: ${error.message}`)
  }
}
