import type { Redirect, Rewrite } from '../../model/index.js'
import { always, variable } from '../../model/index.js'
import type { Held, Place } from './blocks.js'
import { numberOf } from './options.js'
import type { Problems } from './problems.js'
import { readReplacement } from './replacement.js'
import type { Replacement } from './replacement.js'
import type { Entry } from './values.js'

/** The directives of mod_rewrite in the order in which their rules are tried, wherever they stand. */
export const rewriteDirectives = [
  'url.rewrite-once',
  'url.rewrite-final',
  'url.rewrite',
  'url.rewrite-repeat',
  'url.rewrite-if-not-file',
  'url.rewrite-repeat-if-not-file'
] as const

/** Rules that wait for a missing file, and those that do not, each take the place of all of their like further out. */
export const rewriteParts: readonly (readonly string[])[] = [
  rewriteDirectives.filter((name) => !name.endsWith('if-not-file')),
  rewriteDirectives.filter((name) => name.endsWith('if-not-file'))
]

/** The rules in force in a block. Each looks at path and query together, still encoded; the first that fits ends the search. */
export function readRewrites(block: Place, problems: Problems): readonly Rewrite[] {
  return rewriteDirectives.flatMap((name) => {
    const waiting = name.endsWith('if-not-file')
    const place = nearest(block, rewriteParts[waiting ? 1 : 0] ?? [])
    const held = place?.held.get(name)
    const kind: Kind = { repeats: name.includes('repeat'), waits: waiting }
    return rulesOf(held).flatMap(({ key, text, entry }) => {
      const replacement = text === '' ? 'none' : readReplacement(text, block)
      if (replacement === undefined) notRead(entry, text, problems)
      return replacement === undefined ? [] : [rewriteOf(key, replacement, kind, entry)]
    })
  })
}

function nearest(block: Place, part: readonly string[]): Place | undefined {
  if (part.some((name) => block.held.has(name))) return block
  return block.parent && nearest(block.parent, part)
}

interface Kind {
  readonly repeats: boolean
  readonly waits: boolean
}

function rewriteOf(key: string, replacement: Replacement | 'none', kind: Kind, entry: Entry): Rewrite {
  return {
    match: { source: key, ignoreCase: false },
    on: 'uri',
    when: kind.waits
      ? {
          kind: 'not',
          of: {
            kind: 'test',
            subject: { of: 'text', template: variable('filename') },
            test: { kind: 'exists', what: 'file' }
          }
        }
      : always,
    ...(replacement !== 'none' && { to: replacement.template }),
    then: kind.repeats && replacement !== 'none' ? 'restart' : 'stop',
    query: replacement !== 'none' && replacement.appendsQuery ? 'appended' : 'replaced',
    ...(kind.repeats ? {} : { final: true }),
    ...(kind.waits && { at: 'no-file' }),
    origin: entry.span
  }
}

/** The redirects in force in a block; a status that is none is 301. */
export function readRedirects(block: Place, problems: Problems): readonly Redirect[] {
  const code = block.find('url.redirect-code')
  const asked = (code && numberOf(code.value, 16)) ?? 301
  const status = asked < 100 || asked > 999 ? 301 : asked
  return rulesOf(block.find('url.redirect')).flatMap(({ key, text, entry }) => {
    const replacement = readReplacement(text, block)
    if (replacement === undefined) {
      notRead(entry, text, problems)
      return []
    }
    const { template, appendsQuery } = replacement
    const hasQuery = text.includes('?')
    const rest = appendsQuery
      ? [...(hasQuery ? [] : variable('query.mark.written')), ...variable('query')]
      : []
    const join = appendsQuery && hasQuery ? variable('query.and') : []
    return [
      {
        match: { source: key, ignoreCase: false },
        to: [...template, ...join, ...rest],
        status,
        origin: entry.span
      }
    ]
  })
}

interface Rule {
  readonly key: string
  readonly text: string
  readonly entry: Entry
}

function rulesOf(held: Held | undefined): readonly Rule[] {
  if (held?.value.kind !== 'list') return []
  return held.value.entries.flatMap((entry) =>
    entry.key === undefined || entry.value.kind !== 'string'
      ? []
      : [{ key: entry.key, text: entry.value.text, entry }]
  )
}

function notRead(entry: Entry, text: string, problems: Problems): void {
  problems.warn(
    'replacement',
    entry.span,
    `\`${text}\` has a part that is not read yet; the rule is left out`,
    {
      hint: '`$1`, `%1`, `${qsa}` at the end, `${url.path}` and the like are read, with `esc:`, `tolower:`, `toupper:` or `encb64u:` in front'
    }
  )
}
