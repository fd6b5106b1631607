import type { Diagnostic, Fix, Severity, Suppression } from '../diagnostic.js'
import { fingerprints } from '../fingerprint.js'
import { allOf, placeFinder } from '../report.js'
import type { Report, ReportedFile } from '../report.js'
import type { Span } from '../span.js'
import { homepage } from './json.js'
import type { Tool } from './json.js'

/** What is known of a code beside its findings. */
export interface CodeInfo {
  readonly severity?: Severity
  /** The page that explains it, in Markdown. */
  readonly page?: string
  readonly tags?: readonly string[]
  /** Of rules about security: from 0.1 to 10. */
  readonly security?: number
  readonly precision?: string
}

export interface SarifOptions {
  readonly tool: Tool
  readonly describe: (code: string) => CodeInfo
  /** An absolute file URL that ends in `/`: what relative paths are relative to. */
  readonly root: string
  /** Whether readers take a file of this text: they have limits, and what is left out is the least serious. */
  readonly fits: (text: string) => boolean
}

/** GitHub keeps no more related places of a finding. */
const mostRelated = 100

const failing = /^(syntax|input|internal)\//

/** GitHub takes no more of one run. */
const mostResults = 25_000

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }

const problems: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation'
}

/** SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for. */
export function formatSarif(report: Report, { tool, describe, root, fits }: SarifOptions): string {
  const place = placeFinder(report)
  const everything = [...allOf(report), ...report.files.flatMap(({ suppressed }) => suppressed)]
  const codes = [...new Set(everything.map(({ code }) => code))].sort()
  const results = report.files.flatMap(resultsOf)
  const unplaced = report.general.map((finding) => notification(finding))
  // What kept a file from being read, or a rule from looking at it, is no result of having looked.
  const failures = everything.filter(
    ({ code, severity, span }) => severity === 'error' && span !== undefined && failing.test(code)
  )
  const nameless = report.files
    .filter((file) => !isPlaced(file) && file.findings.length > 0)
    .map((file) => notice(`${file.findings.length} findings on standard input are left out: it has no name`))
  for (let most = mostResults; ; most = Math.min(most, results.length) >> 1) {
    const text = `${JSON.stringify(documentOf(worst(results, most)), null, 2)}\n`
    if (most === 0 || fits(text)) return text
  }

  function documentOf(kept: readonly object[]): object {
    const left = results.length - kept.length
    const notices =
      left === 0 ? [] : [notice(`${left} findings more than readers of SARIF take are left out`)]
    return {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: tool.name,
              semanticVersion: tool.version,
              informationUri: homepage,
              rules: codes.map(ruleOf)
            }
          },
          automationDetails: { id: `${tool.name}/lint/` },
          columnKind: 'utf16CodeUnits',
          originalUriBaseIds: { SRCROOT: { uri: root } },
          invocations: [
            {
              executionSuccessful:
                failures.length === 0 && report.general.every(({ severity }) => severity !== 'error'),
              workingDirectory: { uri: root },
              toolExecutionNotifications: [...unplaced, ...failures.map(failure), ...notices, ...nameless]
            }
          ],
          results: kept
        }
      ]
    }
  }

  function ruleOf(code: string): object {
    const info = describe(code)
    const { title, page } = pageOf(code, info)
    return {
      id: code,
      name: code.slice(0, 255),
      shortDescription: { text: title.slice(0, 1024) },
      fullDescription: { text: title.slice(0, 1024) },
      help: { text: page, markdown: page },
      helpUri: homepage,
      defaultConfiguration: { level: levels[info.severity ?? 'warning'] },
      properties: {
        tags: [
          code.split('/')[0],
          ...(info.security === undefined ? [] : ['security']),
          ...(info.tags ?? [])
        ].slice(0, 10),
        precision: info.precision ?? 'high',
        ...(info.security === undefined
          ? { 'problem.severity': problems[info.severity ?? 'warning'] }
          : { 'security-severity': info.security.toFixed(1) })
      }
    }
  }

  function resultsOf(file: ReportedFile): readonly Result[] {
    if (!isPlaced(file)) return []
    const all = [...file.findings, ...file.suppressed]
    const prints = fingerprints(file)
    return all.map((finding) => {
      const related = (finding.related ?? []).slice(0, mostRelated)
      const links = related.map(({ message }, at) => ` [${escaped(message)}](${at + 1})`)
      const hint = finding.hint === undefined ? '' : ` ${sentence(finding.hint)}`
      return {
        ruleId: finding.code,
        ruleIndex: codes.indexOf(finding.code),
        level: levels[finding.severity],
        message: { text: `${escaped(sentence(finding.message))}${escaped(hint)}${links.join('')}` },
        locations: [{ physicalLocation: physical(finding.span ?? { file: file.path, start: 0, end: 0 }) }],
        ...(related.length === 0
          ? {}
          : {
              relatedLocations: related.map(({ span, message }, at) => ({
                id: at + 1,
                message: { text: message },
                physicalLocation: physical(span)
              }))
            }),
        partialFingerprints: { primaryLocationLineHash: prints.get(finding) ?? '' },
        ...(finding.fix === undefined ? {} : { fixes: [fixOf(finding.fix)] }),
        ...(finding.suppressed === undefined ? {} : { suppressions: [suppressionOf(finding.suppressed)] })
      }
    })
  }

  function failure(finding: Diagnostic): object {
    const { span } = finding
    const isNamed = span !== undefined && isPlaced({ path: span.file })
    return { ...notification(finding), ...(isNamed && { locations: [{ physicalLocation: physical(span) }] }) }
  }

  function fixOf({ title, edits }: Fix): object {
    const files = [...new Set(edits.map(({ span }) => span.file))]
    return {
      description: { text: title },
      artifactChanges: files.map((file) => ({
        artifactLocation: artifact(file, root),
        replacements: edits
          .filter(({ span }) => span.file === file)
          .map(({ span, text }) => ({ deletedRegion: region(span), insertedContent: { text } }))
      }))
    }
  }

  function physical(span: Span): object {
    return { artifactLocation: artifact(span.file, root), region: region(span) }
  }

  function region(span: Span): object {
    const found = place(span)
    return {
      startLine: found?.start.line ?? 1,
      startColumn: found?.start.column ?? 1,
      endLine: found?.end.line ?? 1,
      endColumn: found?.end.column ?? 1
    }
  }
}

interface Result {
  readonly level: string
}

/** So many of the most serious ones, in their order. */
function worst(results: readonly Result[], most: number): readonly Result[] {
  if (results.length <= most) return results
  const order = Object.values(levels)
  const sorted = results.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
  const kept = new Set(sorted.slice(0, most))
  return results.filter((result) => kept.has(result))
}

function suppressionOf({ kind, reason }: Suppression): object {
  return { kind, status: 'accepted', ...(reason !== undefined && { justification: reason }) }
}

function pageOf(code: string, info: CodeInfo): { readonly title: string; readonly page: string } {
  const page = info.page ?? `Finding ${code}.`
  const first = page.split(/\n{2,}/).find((part) => part.trim() !== '' && !part.startsWith('#'))
  return { title: (first ?? code).replaceAll('\n', ' ').trim(), page }
}

/** Standard input without a name has no place that a reader could open. */
function isPlaced({ path }: { readonly path: string }): boolean {
  return !path.startsWith('<')
}

/** Below the root paths are relative, however the file was named. */
function artifact(path: string, root: string): object {
  const uri = path.replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/')
  const whole = `file://${uri}`
  if (!path.startsWith('/')) return { uri, uriBaseId: 'SRCROOT' }
  return whole.startsWith(root) ? { uri: whole.slice(root.length), uriBaseId: 'SRCROOT' } : { uri: whole }
}

function notification({ severity, message, code }: Diagnostic): object {
  return { level: levels[severity], message: { text: message }, descriptor: { id: code } }
}

function notice(text: string): object {
  return { level: 'warning', message: { text } }
}

/** Brackets and backslashes make links in a message of SARIF. */
function escaped(text: string): string {
  return text.replace(/[\\[\]]/g, '\\$&')
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
