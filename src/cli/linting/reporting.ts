import type { Diagnostic } from '../../diagnostics/index.js'
import { allOf, count, report } from '../../diagnostics/report.js'
import type { Report } from '../../diagnostics/report.js'
import { suppress } from '../../lint/suppress.js'
import type { ExitCode } from '../io.js'
import type { Looked } from './looked.js'

export interface ReportOptions {
  readonly failOn: 'error' | 'warn' | 'info' | 'never'
  readonly strict?: boolean
  readonly maxWarnings?: number
  readonly exitZero?: boolean
  readonly quiet?: boolean
  /** Comments in the files count; they do where it is absent. */
  readonly inlineConfig?: boolean
  readonly reportUnusedSuppressions?: boolean
}

/** What was seen in some files as one report, with the findings marked that comments suppress. */
export function reportOf(looked: readonly Looked[], options: ReportOptions): Report {
  const texts = new Map(looked.flatMap((one) => one.texts.map(({ path, text }) => [path, text] as const)))
  const found = looked.flatMap(({ diagnostics }) => diagnostics)
  const diagnostics =
    options.inlineConfig === false
      ? found
      : suppress(found, texts, {
          requireReason: looked.some(({ requireSuppressionReason }) => requireSuppressionReason),
          reportUnused:
            options.reportUnusedSuppressions !== false &&
            looked.every(({ reportUnusedSuppressions }) => reportUnusedSuppressions)
        })
  return report({
    diagnostics,
    texts,
    asked: looked.map(({ path, dialect }) => ({ path, ...(dialect !== undefined && { dialect }) })),
    includedFrom: new Map(
      looked.flatMap((one) =>
        one.texts.flatMap(({ path, includedFrom }) =>
          includedFrom === undefined ? [] : [[path, includedFrom] as const]
        )
      )
    ),
    dialectOf: new Map(
      looked.flatMap(({ texts: read, dialect }) =>
        dialect === undefined ? [] : read.map(({ path }) => [path, dialect] as const)
      )
    )
  })
}

/** The report as it is told: with `--quiet` of errors alone. */
export function toldOf(found: Report, { quiet }: ReportOptions): Report {
  if (quiet !== true) return found
  const isError = ({ severity }: Diagnostic): boolean => severity === 'error'
  return {
    general: found.general.filter(isError),
    files: found.files.map((file) => ({
      ...file,
      findings: file.findings.filter(isError),
      suppressed: file.suppressed.filter(isError)
    }))
  }
}

/** 2 wherever a file could not be read or parsed: it must not look clean, nor merely worth a look. */
export function exitCodeOf(looked: readonly Looked[], told: Report, options: ReportOptions): ExitCode {
  const unreadable = looked.some(({ outcome }) => outcome === 'failed')
  const unparsable = allOf(told).some(
    ({ code, severity }) => severity === 'error' && /^(syntax|input|internal)\//.test(code)
  )
  if (unreadable || unparsable) return 2
  if (options.exitZero === true) return 0
  const { error, warning, info } = count(told)
  if (options.maxWarnings !== undefined && warning > options.maxWarnings) return 1
  const level = options.strict === true && options.failOn === 'error' ? 'warn' : options.failOn
  const failing = { error, warn: error + warning, info: error + warning + info, never: 0 }[level]
  return failing > 0 ? 1 : 0
}
