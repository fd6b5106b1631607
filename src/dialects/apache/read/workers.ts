import { nearest } from '../../../diagnostics/index.js'
import { lookUpOption, optionsOf } from '../vocabulary/index.js'
import type { Word } from './line.js'
import type { Report } from './report.js'
import { stateOf } from './state.js'

/** `timeout=5 enablereuse=on`, each a record of its own. */
export function workerParameters(
  directive: string,
  words: readonly Word[],
  report: Report
): Map<string, string> {
  const found = new Map<string, string>()
  for (const word of words) {
    if (/^(nocanon|interpolate|noquery)$/i.test(word.value)) continue
    const at = word.value.indexOf('=')
    if (at < 0) {
      report.refuse('bad-arguments', word.span, `\`${word.value}\` is no \`key=value\``)
      continue
    }
    const key = word.value.slice(0, at).toLowerCase()
    const name = `${key}=`
    const entry = lookUpOption(directive, name)
    const state = entry === undefined ? ({ kind: 'unknown' } as const) : stateOf(entry.row.state)
    report.record({ name, within: directive, span: word.span, comments: [], state })
    if (entry === undefined) {
      const guess = nearest(name, optionsOf(directive))
      const hint = guess === undefined ? 'remove it' : `did you mean \`${guess}\`?`
      report.refuse('unknown-option', word.span, `\`${directive}\` has no parameter \`${key}\``, hint)
      continue
    }
    found.set(key, word.value.slice(at + 1))
  }
  return found
}
