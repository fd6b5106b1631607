import type { Span } from '../diagnostics/index.js'

/** What became of one directive of the source. */
export type Verdict =
  /** The target does the same. */
  | 'exact'
  /** Close; `affects` says what may differ. */
  | 'approx'
  /** Someone must act, and `advice` says how. */
  | 'manual'
  /** The target cannot do it. */
  | 'lost'
  /** Not about how a request reaches its application; carried as a comment. */
  | 'outside'

/** Verdicts from best to worst; of several for one directive the worst counts. */
export const verdicts: readonly Verdict[] = ['outside', 'exact', 'approx', 'manual', 'lost']

/** What an observer of the converted server may see differ. Besides these, the name of a param or of a header. */
export type Effect =
  | 'status'
  | 'routing'
  | 'balance'
  | 'body'
  | 'timing'
  | 'process-model'
  | 'Location'
  | (string & { readonly __effect?: never })

export interface Note {
  /** What differs or is missing, in one sentence. */
  readonly message: string
  readonly affects?: readonly Effect[]
  /** What to do, or what would make it translatable. */
  readonly advice?: string
}

/** What writers tell of each setting they write or cannot write. `src/convert/ledger.ts` keeps it. */
export interface Ledger {
  /** May be called several times for one directive: the worst verdict counts, the notes add up. */
  mark(origin: Span | undefined, verdict: Verdict, note?: Note): void
  /**
   * The same for the options inside a directive, which have no origin of their own in the model: those that stand within
   * `origin` and were read as `field` (`DirectiveRecord.state.as`: `member.address`, `script.root` …; a field names
   * everything below it too, `member.process` also `member.process.maximum`). Without an origin: wherever they stand, for
   * what holds for the whole site (`listeners`, `pipeline`, `request`).
   */
  markPart(origin: Span | undefined, field: string, verdict: Verdict, note?: Note): void
  /** A difference that no directive is to blame for: what the source does unasked and the target does not. */
  unasked(verdict: 'approx' | 'manual' | 'lost', note: Note): void
  /** The comments that belong to a directive, the first time they are asked for; then none, so that each is carried once. */
  takeComments(origin: Span | undefined): readonly string[]
}
