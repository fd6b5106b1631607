import type { Regex } from '../../../model/index.js'

/** Text as a regular expression that matches just it. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)
}

/** The source with its flags inside, as httpd's directives take it. */
export function inlineRegex(regex: Regex): string {
  return regex.ignoreCase ? `(?i)${regex.source}` : regex.source
}

/** A regular expression in an httpd expression, between marks that do not occur in it. */
export function expressionRegex(source: string, flags = ''): string {
  const mark = ['#', '|', '!', ',', '~', ':', '@'].find((candidate) => !source.includes(candidate))
  return mark === undefined
    ? `m#${source.replaceAll('#', String.raw`\x23`)}#${flags}`
    : `m${mark}${source}${mark}${flags}`
}

/** A text in an httpd expression: quoted, with what it would expand or end at escaped. */
export function expressionText(text: string): string {
  return `'${text.replaceAll(/[\\'$%]/g, String.raw`\$&`)}'`
}

/** A shell pattern as a regular expression over the whole text. */
export function globRegex(pattern: string, crossesSlash: boolean, below: boolean): string {
  const any = crossesSlash ? '.' : '[^/]'
  const body = pattern.replaceAll(/\[[^\]]*\]|[\s\S]/g, (part) => {
    if (part === '*') return `${any}*`
    if (part === '?') return any
    return part.length > 1 ? part.replace(/^\[!/, '[^') : escapeRegex(part)
  })
  return `^${body}${below ? '(?:/.*)?' : ''}$`
}
