import type { Diagnostic, Span, Suppression } from '../diagnostics/index.js'
import { lineStarts, positionAt } from '../diagnostics/index.js'

/** A comment that asks for findings not to be told. */
interface Directive {
  readonly span: Span
  /** Lines it holds for, counted from 1; the last one included. */
  readonly first: number
  readonly last: number
  /** None: every rule. */
  readonly codes: readonly string[]
  readonly reason?: string
  used: boolean
}

export interface SuppressOptions {
  /** A comment without a reason is a finding of its own. */
  readonly requireReason: boolean
  /** So is one that suppresses nothing. */
  readonly reportUnused: boolean
}

/** What says that a file cannot be read, or that this tool has a mistake, cannot be turned off from within it. */
const never = /^(syntax|input|internal)\//

/**
 * The findings with those marked that comments in the texts turn off: `# fcgi-conf-disable-next-line rule -- reason` and
 * its kin. Comments that turn off nothing, or that give no reason, are findings.
 */
export function suppress(
  findings: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  options: SuppressOptions
): readonly Diagnostic[] {
  const files = new Map<string, FileComments>()
  for (const [file, text] of texts) {
    if (text.includes('fcgi-conf-disable')) files.set(file, new FileComments(file, text))
  }
  if (files.size === 0) return findings
  const marked = findings.map((finding) => {
    const comments = finding.span === undefined ? undefined : files.get(finding.span.file)
    const suppressed = never.test(finding.code) ? undefined : comments?.suppressionOf(finding)
    return suppressed === undefined ? finding : { ...finding, suppressed }
  })
  return [...marked, ...[...files.values()].flatMap((file) => file.ownFindings(options))]
}

class FileComments {
  private readonly starts: readonly number[]
  private readonly directives: readonly Directive[]

  constructor(file: string, text: string) {
    this.starts = lineStarts(text)
    this.directives = directivesOf(file, text, this.starts)
  }

  suppressionOf({ code, span }: Diagnostic): Suppression | undefined {
    const line = positionAt(this.starts, span?.start ?? 0).line
    const found = this.directives.filter(
      ({ first, last, codes }) =>
        first <= line && line <= last && (codes.length === 0 || codes.includes(code))
    )
    for (const directive of found) directive.used = true
    const [one] = found
    if (one === undefined) return undefined
    return { kind: 'inSource', ...(one.reason !== undefined && { reason: one.reason }) }
  }

  ownFindings({ requireReason, reportUnused }: SuppressOptions): readonly Diagnostic[] {
    return this.directives.flatMap((directive): readonly Diagnostic[] => {
      if (!directive.used) return reportUnused ? [unused(directive)] : []
      return requireReason && directive.reason === undefined ? [withoutReason(directive)] : []
    })
  }
}

function unused({ span, codes }: Directive): Diagnostic {
  const what =
    codes.length === 0 ? 'nothing' : `no finding of ${codes.map((code) => `\`${code}\``).join(', ')}`
  return {
    code: 'config/unused-suppression',
    severity: 'warning',
    message: `this comment suppresses ${what}`,
    span,
    hint: 'remove it, or correct the name of the rule',
    fix: { title: 'remove the comment', safety: 'safe', edits: [{ span, text: '' }] }
  }
}

function withoutReason({ span }: Directive): Diagnostic {
  return {
    code: 'config/suppression-without-reason',
    severity: 'warning',
    message: 'this comment does not say why the finding is suppressed',
    span,
    hint: 'say so behind ` -- `, as in `# fcgi-conf-disable-next-line config/unknown-key -- set by our own module`'
  }
}

const comment =
  /(^|[\s;{})])#[ \t]*fcgi-conf-(disable-next-line|disable-line|disable-file|disable|enable)(?![\w-])([^\r\n]*)/g

/** The directives of a text. `disable` holds up to the `enable` of the same rules, or to the end. */
function directivesOf(file: string, text: string, starts: readonly number[]): readonly Directive[] {
  const found: Directive[] = []
  const open: { readonly at: number; readonly line: number; readonly directive: Omit<Directive, 'last'> }[] =
    []
  const close = (codes: readonly string[], last: number): void => {
    for (const one of [...open]) {
      const isMeant = codes.length === 0 || one.directive.codes.every((code) => codes.includes(code))
      if (!isMeant) continue
      open.splice(open.indexOf(one), 1)
      found.push({ ...one.directive, last })
    }
  }
  for (const match of text.matchAll(comment)) {
    const [all, before = '', kind, rest = ''] = match
    const span = { file, start: match.index + before.length, end: match.index + all.trimEnd().length }
    const { line } = positionAt(starts, span.start)
    const about = { span, ...namesIn(rest), used: false }
    switch (kind) {
      case 'disable-next-line':
        found.push({ ...about, first: line + 1, last: line + 1 })
        break
      case 'disable-line':
        found.push({ ...about, first: line, last: line })
        break
      case 'disable-file':
        found.push({ ...about, first: 1, last: Infinity })
        break
      case 'disable':
        open.push({ at: span.start, line, directive: { ...about, first: line } })
        break
      default:
        close(about.codes, line)
    }
  }
  close([], Infinity)
  return found.sort((a, b) => a.span.start - b.span.start)
}

/** `rule-a, rule-b -- reason` */
function namesIn(text: string): Pick<Directive, 'codes' | 'reason'> {
  const dashes = /(?:^|\s)--(?:\s|$)/.exec(text)
  const names = text.slice(0, dashes?.index)
  const reason = dashes === null ? '' : text.slice(dashes.index + dashes[0].length).trim()
  const codes = names.split(/[\s,]+/).filter((name) => name !== '')
  return { codes, ...(reason !== '' && { reason }) }
}
