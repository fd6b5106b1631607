import { whenAsked } from '../../grammars/tree.js'
import { detect, likelyLanguage, plainEvidence } from './detect.js'
import type { Detection } from './detect.js'
import type { Dialect, DialectName, Reading } from './dialect.js'
import { languageOf } from './names.js'

export { variantOf } from './detect.js'
export type { Candidate, Detection } from './detect.js'
export { dialectNames } from './dialect.js'
export type {
  Dialect,
  DialectName,
  Evidence,
  OutputFile,
  ReadFileResult,
  Reading,
  ReadIo,
  ReadOptions,
  ReadResult,
  WriteOptions
} from './dialect.js'

/** Every language, each loaded only when it is needed. A further one is a line here. */
export const dialectLoaders: Readonly<Record<Dialect['language'], () => Promise<Dialect>>> = {
  lighttpd: async () => (await import('./lighttpd/index.js')).lighttpd,
  nginx: async () => (await import('./nginx/index.js')).nginx,
  apache: async () => (await import('./apache/index.js')).apache
}

/** The same without how they are written, which takes as much code again; kept, for thousands of files may ask. */
const readingLoaders: Readonly<Record<Dialect['language'], () => Promise<Reading>>> = {
  lighttpd: whenAsked(async () => (await import('./lighttpd/reading.js')).lighttpdReading),
  nginx: whenAsked(async () => (await import('./nginx/reading.js')).nginxReading),
  apache: whenAsked(async () => (await import('./apache/reading.js')).apacheReading)
}

/** How the language that goes by this name is read. */
export function loadReading(name: DialectName): Promise<Reading> {
  return readingLoaders[languageOf(name)]()
}

/** The language that goes by this name. */
export function loadDialect(name: DialectName): Promise<Dialect> {
  return dialectLoaders[languageOf(name)]()
}

/** All of them, in the order in which they are listed to users. */
export function loadDialects(): Promise<readonly Dialect[]> {
  return Promise.all(Object.values(dialectLoaders).map((load) => load()))
}

/** How all of them are read. */
export function loadReadings(): Promise<readonly Reading[]> {
  return Promise.all(Object.values(readingLoaders).map((load) => load()))
}

/** What language a file is written in. Loads only one where its form and its words agree. */
export async function detectLanguage(file: string, text: string): Promise<Detection> {
  const likely = likelyLanguage(text)
  if (likely !== undefined) {
    const dialect = await readingLoaders[likely]()
    const { score, because } = dialect.detect(file, text)
    if (score >= plainEvidence) return { kind: 'found', dialect, because }
  }
  return detect(file, text, await loadReadings())
}
