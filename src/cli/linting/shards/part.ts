import type { Looked } from '../looked.js'

/** One part of several: what `--shard 2/3` means. */
export interface Shard {
  /**
   * From 1.
   * @asType integer
   */
  index: number
  /** @asType integer */
  count: number
}

/** What a JSON report of a shard holds beside the findings, so that `lint --merge` can make one report of all. */
export interface ShardPart extends Shard {
  looked: PlacedLook[]
}

export interface PlacedLook extends Looked {
  /**
   * Of the file, among all files of all shards.
   * @asType integer
   */
  place: number
}
