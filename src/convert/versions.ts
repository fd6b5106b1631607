import type { Diagnostic } from '../diagnostics/index.js'
import type { Dialect, OutputFile, ReadIo } from '../dialects/dialect.js'
import { isOlder } from '../dialects/releases.js'
import { rowOf } from '../dialects/rows.js'
import type { ConvertOptions } from './index.js'

/**
 * What of the output is newer than the release of the target that was asked for, by the vocabulary. The output is read back for
 * it, so that whatever a writer writes is looked at.
 */
export function newerThan(
  files: readonly OutputFile[],
  dialect: Dialect,
  { to, version }: Pick<ConvertOptions, 'to' | 'version'>
): readonly Diagnostic[] {
  const [main] = files
  if (version === undefined || main === undefined) return []
  const { site } = dialect.read(`/${main.path}`, among(files), { name: to, version })
  const told = new Map<string, Diagnostic>()
  for (const record of site.directives) {
    const since = rowOf(dialect.vocabulary, record)?.since
    if (since === undefined || !isOlder(version, since)) continue
    told.set(record.name, {
      code: 'convert/too-new',
      severity: 'error',
      message: `the translation needs \`${record.name}\`, which came with ${dialect.language} ${since}; the target is ${version}`,
      hint: `convert to \`${to}@${since}\` or a later one, or leave the version out`
    })
  }
  return [...told.values()]
}

/** A world in which there is nothing but these files. */
function among(files: readonly OutputFile[]): ReadIo {
  const texts = new Map(files.map(({ path, text }) => [`/${path}`, text]))
  return {
    readFile: (path) => {
      const text = texts.get(path)
      return text === undefined
        ? { kind: 'failed', why: 'missing', message: 'it is not part of the translation' }
        : { kind: 'text', text }
    },
    glob: () => [],
    filesBelow: () => undefined,
    kind: (path) => (texts.has(path) ? 'file' : 'missing'),
    environment: () => undefined
  }
}
