import type { Regex } from '../model/index.js'
import type { Groups } from './regex.js'
import { Unsupported, type State } from './state.js'

/** Runs an expression; what it captured becomes the request's last captures. */
export function regexGroups(regex: Regex, text: string, state: State): Groups | undefined {
  const runnable = state.site.regexes.get(regex)
  if (runnable.kind === 'cannot-run') {
    throw new Unsupported(`the regular expression \`${regex.source}\`: ${runnable.why}`)
  }
  const groups = runnable.exec(text)
  if (groups !== undefined) {
    state.last = groups
    for (const [name, value] of groups.named) state.variables.set(name, value)
  }
  return groups
}
