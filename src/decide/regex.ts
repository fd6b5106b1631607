import type { Regex } from '../model/index.js'
import { Unsupported } from './state.js'
import { translate } from './pcre/translate.js'

/** The groups of a match: by the author's own numbers (0 is the whole match) and names. */
export interface Groups {
  readonly numbered: readonly string[]
  readonly named: ReadonlyMap<string, string>
  /** Where in the text the match begins, if that is known. */
  readonly index?: number
}

/** A regular expression that runs here, or the reason why it cannot. */
export type Runnable =
  | { readonly kind: 'runs'; exec(text: string): Groups | undefined; test(text: string): boolean }
  | { readonly kind: 'cannot-run'; readonly why: string }

/** Makes a PCRE run as a JavaScript RegExp. What JavaScript has no equal for is reported, never approximated. */
export function compileRegex(regex: Regex): Runnable {
  const translated = translate(regex.source, regex.ignoreCase)
  if (translated.kind === 'untranslatable') return { kind: 'cannot-run', why: translated.why }
  let expression: RegExp
  try {
    expression = new RegExp(translated.source, translated.flags)
  } catch (error) {
    return { kind: 'cannot-run', why: error instanceof Error ? error.message : String(error) }
  }
  const { groups, names, onlyAscii } = translated
  const check = (text: string): void => {
    if (onlyAscii === true && !/^[\x00-\x7f]*$/.test(text))
      throw new Unsupported(`\`${regex.source}\` on \`${text}\``)
  }
  return {
    kind: 'runs',
    test(text) {
      check(text)
      return expression.test(text)
    },
    exec(text) {
      check(text)
      const match = expression.exec(text)
      if (match === null) return undefined
      const numbered = groups.map((index) => match[index] ?? '')
      const named = new Map<string, string>()
      for (const [name, number] of names) named.set(name, numbered[number] ?? '')
      return { numbered, named, index: match.index }
    }
  }
}

/** Compiles each expression once. */
export class Regexes {
  private readonly compiled = new Map<string, Runnable>()

  get(regex: Regex): Runnable {
    const key = (regex.ignoreCase ? 'i' : '-') + regex.source
    let found = this.compiled.get(key)
    if (found === undefined) {
      found = compileRegex(regex)
      this.compiled.set(key, found)
    }
    return found
  }
}
