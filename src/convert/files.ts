import type { Condition, InForce, Test } from '../model/index.js'
import { allOf, always, anyOf, literalText, never, not, partially } from '../model/index.js'

/** Which directory the URLs below a prefix are mapped to. The empty prefix is the document root's. */
interface Mapping {
  readonly url: string
  readonly directory: string
}

/** The host's document root and aliases, as far as they do not depend on the request. */
export function mappingsOf(settings: InForce): readonly Mapping[] {
  const root = settings.root?.value.kind === 'root' ? literalText(settings.root.value.path) : undefined
  const aliases = (settings.aliases?.value ?? []).flatMap(({ match, to }): readonly Mapping[] => {
    const directory = literalText(to)
    return match.kind === 'prefix' && directory !== undefined ? [{ url: match.value, directory }] : []
  })
  return root === undefined ? [] : [...aliases, { url: '', directory: root }]
}

/** The condition with questions about directories turned into questions about the URL, where the mappings tell. */
export function byUrl(condition: Condition, mappings: readonly Mapping[]): Condition {
  return partially(condition, (subject, test) => {
    if (subject.of !== 'filename') return undefined
    const directory = directoryOf(test)
    if (directory === undefined) return undefined
    return directory === '' ? always : mappings.length === 0 ? undefined : within(directory, mappings)
  })
}

/** The directory whose content the test is about, without final slash. */
function directoryOf(test: Test): string | undefined {
  if (test.kind === 'prefix') return trimmed(test.value)
  if (test.kind === 'glob' && test.below && !/[*?[\]]/.test(test.pattern)) return trimmed(test.pattern)
  return undefined
}

function within(directory: string, mappings: readonly Mapping[]): Condition {
  const aliases = mappings.filter(({ url }) => url !== '')
  const root = mappings.find(({ url }) => url === '')
  const ofRoot = root === undefined ? never : part(directory, root)
  const ofAliases = aliases.map((alias) => ({ alias, holds: part(directory, alias) }))
  const elsewhere = ofAliases
    .filter(({ holds }) => holds.kind === 'never')
    .map(({ alias }) => not(below(alias.url)))
  const covered = ofAliases.filter(({ holds }) => holds.kind !== 'never').map(({ holds }) => holds)
  if (ofRoot.kind === 'always') return elsewhere.length === 0 ? always : allOf(elsewhere)
  return anyOf([...covered, ofRoot])
}

/** Which of a mapping's URLs lie in the directory. */
function part(directory: string, { url, directory: target }: Mapping): Condition {
  const base = trimmed(target)
  if (base === directory || base.startsWith(`${directory}/`)) return url === '' ? always : below(url)
  if (directory.startsWith(`${base}/`)) return below(`${trimmed(url)}${directory.slice(base.length)}`)
  return never
}

function below(url: string): Condition {
  return { kind: 'test', subject: { of: 'path' }, test: { kind: 'prefix', value: url, segments: true } }
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '')
}
