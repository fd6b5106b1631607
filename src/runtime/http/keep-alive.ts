import type { HttpAnswer } from './answer.js'
import type { RequestHead } from './request-head.js'
import { valuesOf } from './request-head.js'

/** What a connection has behind it. */
export interface ConnectionLife {
  /** The one being answered counts. */
  readonly requests: number
  /** Milliseconds since it was made. */
  readonly age: number
}

/** Whether the rules of an answer let its connection carry a further request. */
export function mayGoOn(
  { keepAlive, isLast, isPage, status }: HttpAnswer,
  head: RequestHead,
  life: ConnectionLife
): boolean {
  if (isLast === true) return false
  if (keepAlive === undefined) return true
  if (keepAlive.idle === 0 || life.requests >= keepAlive.requests) return false
  if (life.age > keepAlive.life * 1000) return false
  if (isPage === true && keepAlive.endsBehind.includes(status)) return false
  const browser = browserOf(valuesOf(head, 'user-agent')[0] ?? '')
  return !keepAlive.except.some((which) =>
    which === 'safari' ? browser === 'safari' : browser === 'msie6' && head.method === 'POST'
  )
}

/** Browsers that once could not be trusted with kept connections, as servers tell them. */
function browserOf(agent: string): 'msie6' | 'safari' | undefined {
  if (agent.includes('Opera')) return undefined
  const [, major] = /MSIE (.)\./.exec(agent) ?? []
  if (major === '4' || major === '5') return 'msie6'
  if (major === '6') return agent.includes('SV1') ? undefined : 'msie6'
  const isOther = major !== undefined || agent.includes('Gecko/') || agent.includes('Chrome/')
  return !isOther && agent.includes('Safari/') && agent.includes('Mac OS X') ? 'safari' : undefined
}
