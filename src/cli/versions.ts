import { loadReadings } from '../dialects/index.js'
import type { ConversionReport } from '../convert/report.js'
import type { SourceMap } from '../convert/source-map.js'
import type { JsonReport } from '../diagnostics/formats/json-report.js'
import type { Site } from '../model/index.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import type { Baseline } from './linting/baseline/baseline.js'
import { tool } from './version.js'

/** Of each form that programs read: it grows when they would have to change. */
interface Schemas {
  readonly site: Site['schema']
  readonly findings: JsonReport['version']
  readonly conversionReport: ConversionReport['version']
  readonly sourceMap: SourceMap['version']
  readonly baseline: Baseline['version']
}

const schemas: Schemas = { site: 1, findings: 1, conversionReport: 1, sourceMap: 1, baseline: 1 }

/** `--version --format json`: the tool, the forms it writes, and the releases of the servers that it follows. */
export async function versionsCommand(options: readonly string[], io: Io): Promise<ExitCode> {
  const [, format] = /^--format(?:=| )(\w+)$/.exec(options.join(' ')) ?? []
  if (format === 'text') io.out(`${tool.version}\n`)
  else if (format === 'json') {
    const readings = await loadReadings()
    const servers = Object.fromEntries(readings.map(({ language, follows }) => [language, follows]))
    io.out(`${JSON.stringify({ ...tool, schemas, servers }, null, 2)}\n`)
  } else throw new CommandError('`--version` takes `--format text` or `--format json`')
  return 0
}
