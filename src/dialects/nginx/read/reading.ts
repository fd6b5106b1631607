import {
  parseSize,
  type HeadLimits,
  type ReadingRules,
  type RequestRules,
  type Setting
} from '../../../model/index.js'
import { requestRules } from './constants.js'
import type { Level } from './level.js'
import { lastWord } from './pools.js'
import type { Session } from './session.js'
import { setting } from './setting.js'
import { parseFlag, parseNumber } from './values.js'

/** How the head of a request is read, as the whole site has it. */
export function siteRules(http: Level): RequestRules {
  const { mergeSlashes, ...rest } = rulesOf(http)
  return { ...requestRules, ...rest, target: { ...requestRules.target, mergeSlashes } }
}

const names = [
  'merge_slashes',
  'ignore_invalid_headers',
  'underscores_in_headers',
  'large_client_header_buffers',
  'client_header_buffer_size'
]

/** Where a server has rules of its own. */
export function readReading(session: Session, level: Level): readonly Setting[] {
  if (!level.says(...names) || level.parent === undefined) return []
  const items = names.flatMap((name) => level.own(name))
  return [setting('reading', rulesOf(level), 'own', session.spans(items))]
}

function rulesOf(level: Level): ReadingRules {
  const flag = (name: string, otherwise: boolean): boolean =>
    parseFlag(lastWord(level, name) ?? '') ?? otherwise
  const dropsOdd = flag('ignore_invalid_headers', true)
  return {
    mergeSlashes: flag('merge_slashes', true),
    oddHeaderNames: dropsOdd ? 'dropped' : 'kept',
    // A name with an underscore is an odd one unless they are allowed.
    underscoresInHeaders: flag('underscores_in_headers', false) || !dropsOdd ? 'kept' : 'dropped',
    limits: limitsOf(level)
  }
}

function limitsOf(level: Level): HeadLimits {
  const [count, size] = level.inForce('large_client_header_buffers').at(-1)?.directive.args ?? []
  return {
    first: parseSize(lastWord(level, 'client_header_buffer_size') ?? '', false) ?? 1024,
    count: parseNumber(count?.value ?? '') ?? 4,
    size: parseSize(size?.value ?? '', false) ?? 8192,
    lineStatus: 414,
    headerStatus: 400
  }
}
