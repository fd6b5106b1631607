import type { Redirect, Rewrite } from '../../model/index.js'
import { always, variable } from '../../model/index.js'
import type { Held, Place } from './blocks.js'
import { numberOf } from './options.js'
import type { Problems } from './problems.js'
import { readReplacement } from './replacement.js'
import type { Replacement } from './replacement.js'
import type { Entry } from './values.js'

/** The directives of mod_rewrite in the order in which their rules are tried, wherever they stand; each list takes the place of all of its like further out. */
export const rewriteDirectives = {
  rewrites: ['url.rewrite-once', 'url.rewrite-final', 'url.rewrite', 'url.rewrite-repeat'],
  missingRewrites: ['url.rewrite-if-not-file', 'url.rewrite-repeat-if-not-file']
} as const

/** The rules of a block. Each looks at path and query together, still encoded; the first that fits ends the search. */
export function readRewrites(
  block: Place,
  which: keyof typeof rewriteDirectives,
  problems: Problems
): readonly Rewrite[] {
  return rewriteDirectives[which].flatMap((name) =>
    rulesOf(block.held.get(name)).flatMap(({ key, text, entry }) => {
      const replacement = text === '' ? 'none' : readReplacement(text, block)
      if (replacement === undefined) notRead(entry, text, problems)
      return replacement === undefined ? [] : [rewriteOf(key, replacement, name.includes('repeat'), entry)]
    })
  )
}

function rewriteOf(key: string, replacement: Replacement | 'none', repeats: boolean, entry: Entry): Rewrite {
  return {
    match: { source: key, ignoreCase: false },
    on: 'uri',
    when: always,
    ...(replacement !== 'none' && { to: replacement.template }),
    then: repeats && replacement !== 'none' ? 'restart' : 'stop',
    query: replacement !== 'none' && replacement.appendsQuery ? 'appended' : 'replaced',
    ...(repeats ? {} : { final: true }),
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
