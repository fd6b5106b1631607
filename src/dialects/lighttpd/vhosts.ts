import type { Mapping, Template, TemplatePart } from '../../model/index.js'
import { literal, variable } from '../../model/index.js'
import type { Block } from './blocks.js'
import type { Problems } from './problems.js'

/** The document root in force in a block: that of mod_evhost where the directory exists, else server.document-root. */
export function readRoot(block: Block, hasEvhost: boolean, problems: Problems): Mapping | undefined {
  const root = block.find('server.document-root')
  const pattern = hasEvhost ? block.find('evhost.path-pattern') : undefined
  const path = root?.value.kind === 'string' ? literal(root.value.text) : undefined
  if (path === undefined) return undefined
  if (pattern?.value.kind !== 'string' || pattern.value.text === '') return { kind: 'root', path }
  const template = readPattern(pattern.value.text)
  if (template === undefined) {
    problems.refuse('evhost-pattern', pattern.origin, `Unexpected pattern \`${pattern.value.text}\``, {
      hint: 'a `%` is followed by a digit, `_`, `%`, or `{part.letter}`'
    })
    return { kind: 'root', path }
  }
  return { kind: 'root', path, preferred: [template] }
}

/** `%0` is the domain, `%1` the part behind the last dot, `%2` the one before it; the path ends in a slash. */
function readPattern(text: string): Template | undefined {
  const parts: TemplatePart[] = []
  const written = text.endsWith('/') ? text : `${text}/`
  let at = 0
  for (const found of written.matchAll(/%(?:(\d)|(_)|(%)|\{(\d)\.(\d)\})?/g)) {
    const [whole, digit, all, percent, label, letter] = found
    parts.push(...literal(written.slice(at, found.index)))
    at = found.index + whole.length
    if (digit !== undefined) parts.push(hostPart(digit === '0' ? domain : partNumber(Number(digit))))
    else if (all !== undefined) parts.push(...variable('request.host'))
    else if (percent !== undefined) parts.push({ kind: 'text', text: '%' })
    else if (label !== undefined) parts.push(hostPart(letterOf(Number(label), Number(letter))))
    else return undefined
  }
  return [...parts, ...literal(written.slice(at))]
}

const domain = String.raw`((?:[^.]*\.)?[^.]*)$`

/** The part of the host's name that many dots from its end. */
function partNumber(number: number): string {
  return String.raw`(?:^|\.)([^.]*)${String.raw`\.[^.]*`.repeat(number - 1)}$`
}

function letterOf(number: number, letter: number): string {
  if (number === 0) return letter === 0 ? domain : String.raw`^.{${letter - 1}}(.)`
  if (letter === 0) return partNumber(number)
  const rest = String.raw`\.[^.]*`.repeat(number - 1)
  return String.raw`(?:^|\.)[^.]{${letter - 1}}([^.])[^.]*${rest}$`
}

function hostPart(source: string): TemplatePart {
  return { kind: 'part', of: variable('request.host'), matching: { source, ignoreCase: false } }
}
