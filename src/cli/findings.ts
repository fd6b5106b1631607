import type { Diagnostic, Span } from '../diagnostics/index.js'
import type { Row } from '../dialects/vocabulary.js'
import { lint, merge, missingIn, rules } from '../lint/index.js'
import { renameDiagnostic } from './input.js'
import type { Input } from './input.js'

/** All that can be said of an input: by its reader, and by every rule. */
export function findingsOf(input: Input): readonly Diagnostic[] {
  if (input.kind === 'failed') return [input.diagnostic]
  const { site, diagnostics, texts } = input.result
  const { shown } = input
  const name = input.name === undefined ? {} : { name: input.name }
  const found = lint(
    { site, diagnostics: [], missing: missingIn(diagnostics), texts, ...name },
    input.dialect?.vocabulary ?? new Map<string, Row>(),
    rules
  )
  const span = (old: Span): Span => ({ ...old, file: shown(old.file) })
  return merge(
    diagnostics,
    found.map((diagnostic) => renameDiagnostic(diagnostic, span))
  )
}

/** What its reader says; where that names no reason although the server would refuse it, the errors the rules find. */
export function reasonsOf(input: Input): readonly Diagnostic[] {
  if (input.kind === 'failed') return [input.diagnostic]
  const { refused, diagnostics } = input.result
  const isError = ({ severity }: Diagnostic): boolean => severity === 'error'
  if (!refused || diagnostics.some(isError)) return diagnostics
  return merge(diagnostics, findingsOf(input).filter(isError))
}
