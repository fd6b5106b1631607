import { readInput } from './input.js'
import type { InputOptions } from './input.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { complain, isFatal } from './complain.js'
import type { ColourOption } from './colour.js'

export interface IrOptions extends InputOptions {
  readonly schema?: boolean
  readonly color?: ColourOption
}

/** Prints a configuration's model, or the schema that every such model fits. */
export async function irCommand(file: string | undefined, options: IrOptions, io: Io): Promise<ExitCode> {
  if (options.schema === true) {
    const { schema } = await import('../model/schema/site-validator.js')
    io.out(`${JSON.stringify(schema, null, 2)}\n`)
    return 0
  }
  if (file === undefined) {
    throw new CommandError('no file was named', 'name a configuration, or ask for --schema')
  }
  const input = await readInput(file, options, io)
  complain(input, options.color, io)
  if (input.kind === 'failed' || isFatal(input.result)) return 2
  io.out(`${JSON.stringify(input.result.site, null, 2)}\n`)
  return 0
}
