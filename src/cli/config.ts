import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Configs } from './config/configs.js'
import type { ConfigOptions } from './config/configs.js'
import { settle } from './config/settle.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'

const start = {
  $schema: './node_modules/fcgi-conf/dist/config.schema.json',
  root: true,
  extends: 'recommended',
  rules: {}
}

/** Writes a configuration file to begin with. One that is there stays. */
export function configInit(io: Io): ExitCode {
  const file = resolve(io.cwd, '.fcgi-conf.json')
  if (existsSync(file)) throw new CommandError(`\`${file}\` is there already`, 'edit it, or remove it first')
  writeFileSync(file, `${JSON.stringify(start, null, 2)}\n`)
  io.out('.fcgi-conf.json\n')
  return 0
}

/** Prints what holds for a file, and the configuration files it comes from. */
export async function configPrint(path: string, options: ConfigOptions, io: Io): Promise<ExitCode> {
  const layers = await new Configs(options, io).for(path)
  const { settings, ...effective } = await settle(layers, path, io.cwd)
  const from = layers.map(({ file }) => file)
  io.out(`${JSON.stringify({ from, ...effective, rules: Object.fromEntries(settings) }, null, 2)}\n`)
  return 0
}

/** Reads the configuration files that hold here, or the one named; what is wrong with them ends the command. */
export async function configValidate(options: ConfigOptions, io: Io): Promise<ExitCode> {
  const layers = await new Configs(options, io).for('-')
  if (layers.length === 0)
    throw new CommandError('there is no configuration file', '`fcgi-conf config init` writes one')
  for (const { file } of layers) io.out(`${file}: fine\n`)
  return 0
}

/** Prints the JSON Schema of configuration files. */
export async function configSchema(io: Io): Promise<ExitCode> {
  const { schema } = await import('./config/config-validator.js')
  io.out(`${JSON.stringify(schema, null, 2)}\n`)
  return 0
}
