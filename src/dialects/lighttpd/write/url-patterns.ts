import type { CaptureSource, Regex, Template } from '../../../model/index.js'

/**
 * A pattern on the decoded path as one on path and query as they are encoded, which is what mod_rewrite and mod_redirect
 * try: nothing in it may reach into the query. Undefined where a path it is written for may be encoded.
 */
export function onTarget({ source, ignoreCase }: Regex): string | undefined {
  const pieces = piecesOf(source)
  if (pieces.some(isEncoded)) return undefined
  return (ignoreCase ? '(?i)' : '') + confined(pieces, '?', String.raw`(?=\?|$)`)
}

/** The pieces of a pattern: characters, escapes, classes, and the beginnings of groups with a name. */
export function piecesOf(source: string): readonly string[] {
  return source.match(/\\[\s\S]|\(\?P?<(?:\w+>|[!=])|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/g) ?? []
}

/** Such a pattern within a longer text, where this character ends what it is for. */
export function confined(pieces: readonly string[], stop: string, end: string): string {
  return pieces.reduce((text, piece) => {
    if (piece === '.') return `${text}[^${stop}]`
    // What ends in as much as there is has no need to look for its end.
    if (piece === '$') return text + (/\[\^[?&;]\][*+]\)?$/.test(text) ? '' : end)
    return text + (/^\[\^(?!\])/.test(piece) ? `[^${stop}${piece.slice(2)}` : piece)
  }, '')
}

/** Characters that stand escaped in a target, and classes that could take its question mark. */
function isEncoded(piece: string): boolean {
  if (piece.startsWith('(?')) return false
  return /^\\[DSWHVNRX]/.test(piece) || /[^\x21-\x7e]|["<>`]/.test(piece.replaceAll(/\\[\s\S]/g, ''))
}

/** What templates are made of that come from the whole request, as mod_rewrite and mod_redirect call it. */
const urlParts: { readonly [name: string]: string } = {
  'request.host': '${url.authority}',
  'request.authority': '${url.authority}',
  'request.scheme': '${url.scheme}',
  path: '${url.path}',
  'request.uri': '${url.path}${qsa}',
  query: '${url.query}',
  'query.mark': ''
}

/** Whose groups a replacement can name: those of its own pattern, and those of the block around. */
export interface Groups {
  readonly own: ReadonlySet<CaptureSource>
  readonly around: ReadonlySet<CaptureSource>
}

const ofRule: Groups = { own: new Set(['rule']), around: new Set() }

/** A template as what a pattern is replaced by. */
export function replacement(template: Template, groups: Groups = ofRule): string | undefined {
  let text = ''
  for (const [at, part] of template.entries()) {
    const next = template[at + 1]
    if (part.kind === 'text' && !/[$%]/.test(part.text)) text += part.text
    else if (part.kind === 'capture' && typeof part.group === 'number' && part.group > 0) {
      // In a query all is escaped that means something there.
      const inQuery = text.includes('?')
      if (groups.own.has(part.from)) text += inQuery ? `\${escpsnde:${part.group}}` : `$${part.group}`
      else if (groups.around.has(part.from)) text += `%{escpsnde:${part.group}}`
      else return undefined
    } else if (part.kind === 'variable' && part.name === 'query.mark') {
      // The query behind its mark is one word.
      if (next?.kind !== 'variable' || next.name !== 'query') return undefined
      text += '${qsa}'
    } else if (part.kind === 'variable' && urlParts[part.name] !== undefined) {
      if (part.name === 'query' && isMark(template[at - 1])) continue
      text += urlParts[part.name] ?? ''
    } else return undefined
  }
  return text
}

function isMark(part: Template[number] | undefined): boolean {
  return part?.kind === 'variable' && part.name === 'query.mark'
}
