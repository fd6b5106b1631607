/** A list of findings that are known and not told, kept in a file beside the configurations. */
export interface Baseline {
  version: 1
  /** By path, relative to the baseline's own folder and with forward slashes; then by code. */
  files: Record<string, Record<string, BaselineEntry>>
}

export interface BaselineEntry {
  /**
   * How many findings of the code the file has.
   * @asType integer
   */
  count: number
  /** One for each: it stays the same when lines are added above. */
  fingerprints: string[]
}
