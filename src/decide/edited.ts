import type { Regex, Template } from '../model/index.js'
import { regexGroups } from './match.js'
import { renderText } from './template.js'
import type { RenderContext } from './state.js'

export interface Edit {
  readonly pattern: Regex
  readonly everywhere: boolean
  /** What takes the place of what the pattern fits; its groups are those of the rule. */
  readonly value: Template
}

/** A header's value with an edit made to it (httpd: `process_regexp`). */
export function edited(
  text: string,
  { pattern, everywhere, value }: Edit,
  context: Omit<RenderContext, 'rule'>
): string {
  let before = ''
  let rest = text
  for (let turn = 0; turn <= text.length; turn++) {
    const groups = regexGroups(pattern, rest, context.state)
    const [whole = ''] = groups?.numbered ?? []
    if (groups === undefined) break
    const at = groups.index ?? 0
    before += rest.slice(0, at) + renderText(value, { ...context, rule: groups })
    rest = rest.slice(at + whole.length)
    if (!everywhere || whole === '') break
  }
  return before + rest
}
