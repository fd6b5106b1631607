import type { ResponseRules } from '../../model/index.js'
import type { ResponseHead } from '../fastcgi/head.js'
import { headerOf } from './answer.js'

/** The status of an answer that tells none. */
export function impliedStatus(rules: ResponseRules, head: ResponseHead): number {
  const location = headerOf(head.headers, 'location')
  return location !== undefined && rules.location !== 'as-is' ? 302 : 200
}
