import type { OutputFile } from '../../dialect.js'
import { assign, block, list, pairs, type Statement, type Value } from './statements.js'

/** lighttpd answers with files: a text of the configuration becomes one, below a URL that nothing else answers. */
export interface Texts {
  /** The URL for a text, which is kept for it from then on. */
  urlOf(text: string): string
  /** The files for all texts that were asked for. */
  files(): readonly OutputFile[]
}

const url = '/.texts/'
const folder = 'texts/'
/** Where the configuration lies, with what is written beside it. */
const home = '/etc/lighttpd/'

export function gatherTexts(): Texts {
  const names = new Map<string, string>()
  const nameFor = (text: string): string => {
    const base =
      text
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .slice(0, 32)
        .replaceAll(/^-+|-+$/g, '') || 'text'
    const taken = new Set(names.values())
    let name = `${base}.txt`
    for (let count = 2; taken.has(name); count++) name = `${base}-${String(count)}.txt`
    return name
  }
  return {
    urlOf(text) {
      const name = names.get(text) ?? nameFor(text)
      names.set(text, name)
      return url + name
    },
    files: () => [...names].map(([text, name]) => ({ path: folder + name, text }))
  }
}

/** What else can answer, refuse or send away: nothing of it is for the texts. */
const takenBack = [
  'fastcgi.server',
  'url.rewrite-once',
  'url.rewrite-if-not-file',
  'url.redirect',
  'url.access-deny',
  'auth.require',
  'static-file.exclude-extensions'
]

/** The block that the texts are sent from, where some of these statements lead to them. */
export function textStatements(statements: readonly Statement[]): readonly Statement[] {
  const assigned = assignments(statements)
  const leads = assigned.some(
    ({ key, value }) =>
      key === 'url.rewrite-once' &&
      typeof value === 'object' &&
      value.items.some(({ value }) => isText(value))
  )
  if (!leads) return []
  const keys = new Set(assigned.map(({ key }) => key))
  const body = [
    assign('alias.url', pairs([[url, home + folder]])),
    assign('mimetype.assign', pairs([['.txt', 'text/plain']])),
    ...takenBack.filter((key) => keys.has(key)).map((key) => assign(key, list()))
  ]
  return [block({ object: 'HTTP', field: 'url', operator: '=^', value: url }, body)]
}

function isText(value: Value): boolean {
  return typeof value === 'string' && value.startsWith(url)
}

/** Every directive of some statements, those in their blocks as well. */
export function assignments(
  statements: readonly Statement[]
): readonly Extract<Statement, { kind: 'assign' }>[] {
  return statements.flatMap((each) => {
    if (each.kind === 'assign') return [each]
    return each.kind === 'chain' ? each.branches.flatMap(({ body }) => assignments(body)) : []
  })
}
