import type { Asked } from '../../decide/types.js'
import type { Member, Pool } from '../../model/index.js'

type PickMember = (pool: Pool, asked: Asked, tried: ReadonlySet<Member>) => Member | undefined

interface Pick {
  readonly pool: Pool
  readonly asked: Asked
  readonly member: Member | undefined
}

/**
 * The members chosen for one request. A request is decided several times (after an authorizer's yes, after an
 * error): a choice that was made stays, so that deciding again does not use up another turn of the balance.
 */
export class Picks {
  private made: Pick[] = []
  private at = 0

  constructor(private readonly choose: PickMember) {}

  /** Before the request is decided again. */
  rewind(): void {
    this.at = 0
  }

  /** The request goes somewhere else: choices are made anew. */
  forget(): void {
    this.made = []
    this.at = 0
  }

  pick(pool: Pool, asked: Asked): Member | undefined {
    const earlier = this.made[this.at]
    if (earlier?.pool.id === pool.id) {
      this.at += 1
      return earlier.member
    }
    const member = this.choose(pool, asked, new Set())
    this.made = [...this.made.slice(0, this.at), { pool, asked, member }]
    this.at += 1
    return member
  }

  /** Another member of a pool, after some have failed; it takes the place of the choice made before. */
  next(pool: Pool, tried: ReadonlySet<Member>): Member | undefined {
    const index = this.made.findLastIndex((pick) => pick.pool.id === pool.id)
    const earlier = this.made[index]
    const member = this.choose(pool, earlier?.asked ?? { authority: '', path: '' }, tried)
    if (earlier && member) this.made[index] = { ...earlier, member }
    return member
  }
}
