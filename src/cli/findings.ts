import type { Diagnostic, Span } from '../diagnostics/index.js'
import { lint, merge, missingIn, rules } from '../lint/index.js'
import { renameDiagnostic } from './input.js'
import type { Input } from './input.js'

/** All that can be said of an input: by its reader, and by every rule. */
export function findingsOf(input: Input): readonly Diagnostic[] {
  if (input.kind === 'failed') return [input.diagnostic]
  const { site, diagnostics } = input.result
  const { shown, name, dialect } = input
  const found = lint(
    {
      site,
      diagnostics: [],
      missing: missingIn(diagnostics),
      texts: textsByOwnName(input),
      ...(name !== undefined && { name }),
      ...(dialect !== undefined && {
        vocabulary: dialect.vocabulary,
        outlineOf: (file, text) => dialect.outline(file, text)
      })
    },
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

/** The texts by the names that the Site's spans carry; a result has them by those that people see. */
function textsByOwnName({
  result,
  shown
}: Extract<Input, { readonly kind: 'read' }>): ReadonlyMap<string, string> {
  return new Map(
    result.site.sources.flatMap(({ file }) => {
      const text = result.texts.get(shown(file))
      return text === undefined ? [] : [[file, text] as const]
    })
  )
}
