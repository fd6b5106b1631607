import { join, relative, resolve } from 'node:path'
import type { Report } from '../../diagnostics/report.js'
import { renameDiagnostic } from '../input.js'

/**
 * The report with the paths of files as they are called where it is read: a container sees a repository, or a folder of it,
 * under another name. Paths outside of the working directory stay.
 */
export function prefixed(found: Report, prefix: string, cwd: string): Report {
  const renamed = (path: string): string => {
    if (path.startsWith('<')) return path
    const below = relative(cwd, resolve(cwd, path))
    return below.startsWith('..') ? path : join(prefix, below)
  }
  const span = <Span extends { readonly file: string }>(old: Span): Span => ({
    ...old,
    file: renamed(old.file)
  })
  const moved = (list: Report['general']): Report['general'] => list.map((one) => renameDiagnostic(one, span))
  return {
    general: moved(found.general),
    files: found.files.map((file) => ({
      ...file,
      path: renamed(file.path),
      findings: moved(file.findings),
      suppressed: moved(file.suppressed),
      includedFrom: file.includedFrom.map(span)
    }))
  }
}
