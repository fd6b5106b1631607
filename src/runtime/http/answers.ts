import type { AnswerParts } from '../../decide/types.js'
import type { Pool } from '../../model/index.js'
import type { Brought, Try } from '../applications.js'
import type { Headers } from './answer.js'

/** What the applications answered that one request was sent to, one after the other. */
export class Answers {
  private readonly rounds: (readonly Try[])[] = []
  private headers: Headers = []
  private cacheStatus: string | undefined

  add(brought: Brought, cacheStatus: string | undefined): void {
    this.rounds.push(brought.tries)
    this.cacheStatus = cacheStatus
    this.headers = brought.kind === 'answer' ? brought.head.headers : []
  }

  /** None of the pool's members could be asked. */
  nobody(pool: Pool, status: number): void {
    this.rounds.push([{ address: pool.name ?? pool.id, status, took: 0 }])
    this.headers = []
  }

  parts(sent?: AnswerParts['sent']): AnswerParts {
    const { cacheStatus } = this
    return {
      status: this.list(({ status }) => (status === undefined ? '-' : String(status))),
      address: this.list(({ address }) => address),
      headerTime: this.list(({ took }) => seconds(took)),
      // Of the last one the end is not known yet while its header is told.
      responseTime: this.list(({ took }, isLast) => (isLast ? '-' : seconds(took))),
      headers: this.headers,
      ...(cacheStatus === undefined ? {} : { cacheStatus }),
      ...(sent === undefined ? {} : { sent })
    }
  }

  /** The tries of a pool with commas, pools with colons between them. */
  private list(text: (one: Try, isLast: boolean) => string): string {
    const last = this.rounds.at(-1)?.at(-1)
    return this.rounds.map((tries) => tries.map((one) => text(one, one === last)).join(', ')).join(' : ')
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}
