import { replaceAll, type Expanded } from './expand.js'
import { escapeRegex } from './patterns.js'

/** Macro parameters first, as plain text, then `${NAME}`; a value is not looked at again. */
export function replaceNames(
  text: string,
  parameters: ReadonlyMap<string, string>,
  lookUp: (name: string) => string | undefined
): Expanded | undefined {
  const filled = fill(text, parameters)
  const now = filled?.text ?? text
  if (!now.includes('${')) return filled
  const replaced = replaceAll(now, /\$\{([^}]+)\}/g, ([, name = '']) => lookUp(name))
  if (filled === undefined) return replaced
  return {
    text: replaced.text,
    startOf: (offset) => filled.startOf(replaced.startOf(offset)),
    endOf: (offset) => filled.endOf(replaced.endOf(offset))
  }
}

function fill(text: string, parameters: ReadonlyMap<string, string>): Expanded | undefined {
  if (parameters.size === 0) return undefined
  // The longest name first, so that `$ab` is not taken for `$a`.
  const names = [...parameters.keys()].sort((a, b) => b.length - a.length).map(escapeRegex)
  return replaceAll(text, new RegExp(names.join('|'), 'g'), ([name]) => parameters.get(name))
}
