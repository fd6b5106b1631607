import type { Condition, Test } from '../../model/index.js'
import { always } from '../../model/index.js'
import type { Place } from './blocks.js'
import { flagOf } from './options.js'

/** Whether names are looked up in small letters in a block: then paths are compared without case. */
export function isLowerCase(block: Place): boolean {
  const held = block.find('server.force-lowercase-filenames')
  return held !== undefined && flagOf(held.value) === true
}

/** The path ends in a text; every path does in none. */
export function endsIn(suffix: string, ignoreCase: boolean): Condition {
  if (suffix === '') return always
  return onPath(ignoreCase ? anyCase(`${escaped(suffix)}$`) : { kind: 'suffix', value: suffix })
}

/** The path begins with a text. */
export function beginsWith(prefix: string, ignoreCase: boolean): Condition {
  return onPath(
    ignoreCase ? anyCase(`^${escaped(prefix)}`) : { kind: 'prefix', value: prefix, segments: false }
  )
}

function onPath(test: Test): Condition {
  return { kind: 'test', subject: { of: 'path' }, test }
}

function anyCase(source: string): Test {
  return { kind: 'regex', regex: { source, ignoreCase: true } }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)
}
