import type { outsideText as OutsideTextFunction } from '../convert/outside.js'
import type { DirectiveRecord, Site } from '../model/index.js'
import { readInput } from './input.js'
import type { Input, InputOptions } from './input.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { complain, isFatal } from './complain.js'
import type { ColourOption } from './colour.js'

type OutsideText = typeof OutsideTextFunction

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
  await complain(input, options.color, io)
  if (input.kind === 'failed' || isFatal(input.result)) return 2
  const { outsideText } = await import('../convert/outside.js')
  io.out(`${JSON.stringify(alone(input, outsideText), null, 2)}\n`)
  return 0
}

/** The Site with what a conversion carries over word by word, since JSON comes without its source. */
function alone(input: Extract<Input, { readonly kind: 'read' }>, outsideText: OutsideText): Site {
  const { site, texts } = input.result
  const directives = site.directives.map((record): DirectiveRecord => {
    if (record.state.kind !== 'outside') return record
    const text = outsideText(record, (file) => texts.get(input.shown(file)))
    return text === undefined ? record : { ...record, state: { ...record.state, text } }
  })
  return { ...site, directives }
}
