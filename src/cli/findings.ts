import type { Diagnostic, Span } from '../diagnostics/index.js'
import { lint, merge, missingIn } from '../lint/engine.js'
import type { LintInput } from '../lint/rule.js'
import { rulesFor } from '../lint/rules-for.js'
import { nothingSettled } from './config/settle.js'
import type { Effective } from './config/settle.js'
import { asItIs, renameDiagnostic } from './input.js'
import type { Input } from './input.js'

/** Told how many milliseconds each rule took. */
export type RuleTiming = NonNullable<LintInput['timing']>

type Read = Extract<Input, { readonly kind: 'read' }>

/** All that can be said of an input: by its reader, and by every rule. */
export async function findingsOf(
  input: Input,
  settled: Effective = nothingSettled,
  timing?: RuleTiming
): Promise<readonly Diagnostic[]> {
  if (input.kind === 'failed') return [input.diagnostic]
  const { site, diagnostics } = input.result
  const { shown, name, dialect } = input
  const found = lint(
    {
      site,
      diagnostics: [],
      settings: settled.settings,
      ...serverVersionOf(input, settled),
      missing: missingIn(diagnostics),
      ...(timing !== undefined && { timing }),
      texts: textsByOwnName(input),
      ...(name !== undefined && { name }),
      ...(dialect !== undefined && { vocabulary: dialect.vocabulary })
    },
    await rulesFor(dialect?.language)
  )
  const span = (old: Span): Span => ({ ...old, file: shown(old.file) })
  const told = shown === asItIs ? found : found.map((diagnostic) => renameDiagnostic(diagnostic, span))
  const all = merge(diagnostics, told)
  return asSettled(all.map(forAnyMachine), settled, input.result.texts)
}

/** What this machine lacks is no fault of a configuration, which may be meant for another one. */
function forAnyMachine(finding: Diagnostic): Diagnostic {
  return finding.ofMachine === true ? { ...finding, severity: 'info' } : finding
}

function serverVersionOf({ dialect }: Read, { target }: Effective): { readonly serverVersion?: string } {
  const version = dialect === undefined ? undefined : target[dialect.language]
  return version === undefined ? {} : { serverVersion: version }
}

/** What keeps a file from being read, and mistakes of this tool, are nobody's choice. */
const fixed = /^(syntax|input|internal)\//

/** Findings as serious as was settled, without those that are off and those about directives said to be known. */
function asSettled(
  found: readonly Diagnostic[],
  { settings, knownDirectives }: Effective,
  texts: ReadonlyMap<string, string>
): readonly Diagnostic[] {
  if (settings.size === 0 && knownDirectives.length === 0) return found
  return found.flatMap((finding) => {
    if (fixed.test(finding.code) || isKnown(finding, knownDirectives, texts)) {
      return fixed.test(finding.code) ? [finding] : []
    }
    const severity = settings.get(finding.code)?.severity
    if (severity === undefined) return [finding]
    return severity === 'off' ? [] : [{ ...finding, severity }]
  })
}

function isKnown(
  { code, span }: Diagnostic,
  knownDirectives: readonly string[],
  texts: ReadonlyMap<string, string>
): boolean {
  if (span === undefined || knownDirectives.length === 0 || !/\/unknown-(key|directive|option)$/.test(code))
    return false
  const name = /^[<"']?([\w.-]+)/
    .exec(texts.get(span.file)?.slice(span.start, span.start + 200) ?? '')?.[1]
    ?.toLowerCase()
  return knownDirectives.some((known) =>
    known.endsWith('*')
      ? name?.startsWith(known.slice(0, -1).toLowerCase()) === true
      : name === known.toLowerCase()
  )
}

/** What its reader says; where that names no reason although the server would refuse it, the errors the rules find. */
export async function reasonsOf(input: Input): Promise<readonly Diagnostic[]> {
  if (input.kind === 'failed') return [input.diagnostic]
  const { refused, diagnostics } = input.result
  const isError = ({ severity }: Diagnostic): boolean => severity === 'error'
  if (!refused || diagnostics.some(isError)) return diagnostics
  return merge(diagnostics, (await findingsOf(input)).filter(isError))
}

/** The texts by the names that the Site's spans carry; a result has them by those that people see. */
function textsByOwnName({ result, shown }: Read): ReadonlyMap<string, string> {
  return new Map(
    result.site.sources.flatMap(({ file }) => {
      const text = result.texts.get(shown(file))
      return text === undefined ? [] : [[file, text] as const]
    })
  )
}
