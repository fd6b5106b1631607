/** The library: everything the command line does, as functions of values. */

export * from './model/index.js'
export { decodeBytes, encodeBytes, lineStarts, positionAt } from './diagnostics/index.js'
export type { Diagnostic, Edit, Fix, Position, Related, Severity, Span } from './diagnostics/index.js'
export { report } from './diagnostics/report.js'
export type { Report, ReportedFile, ReportParts } from './diagnostics/report.js'
export { formatCompact } from './diagnostics/formats/compact.js'
export { formatJson } from './diagnostics/formats/json.js'
export { coloured, plain } from './diagnostics/formats/style.js'
export type { Style } from './diagnostics/formats/style.js'
export { formatText } from './diagnostics/formats/text.js'

export {
  detectLanguage,
  dialectLoaders,
  dialectNames,
  loadDialect,
  loadDialects,
  loadReading,
  variantOf
} from './dialects/index.js'
export type {
  Candidate,
  Detection,
  Dialect,
  DialectName,
  OutputFile,
  ReadFileResult,
  Reading,
  ReadIo,
  ReadOptions,
  ReadResult,
  WriteOptions
} from './dialects/index.js'
export { readIo } from './cli/files.js'

export { lint, rules } from './lint/index.js'
export type {
  Finding,
  LintInput,
  OptionValue,
  Rule,
  RuleContext,
  RuleInfo,
  RuleOption,
  RuleSettings
} from './lint/index.js'

export { convert, reportMarkdown, reportOf } from './convert/index.js'
export type {
  Conversion,
  ConversionReport,
  ConvertOptions,
  LedgerLine,
  UnaskedLine
} from './convert/index.js'

export { compile } from './decide/index.js'
export type { Decision, FileView, History, Outcome, Param, Request, Router } from './decide/index.js'

export { checkStart, diskFiles, serve, StartError } from './runtime/index.js'
export type { Log, LogEntry, Running, ServeOptions } from './runtime/index.js'

export { parseSite } from './model/schema/parse-site.js'
