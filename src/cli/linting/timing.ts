import type { RuleTiming } from '../findings.js'

/** How long everything took, by rule and by what else there is to do. */
export class Timing implements RuleTiming {
  readonly now = (): number => performance.now()
  private readonly rules = new Map<string, number>()
  private readonly start = this.now()

  readonly add = (code: string, milliseconds: number): void => {
    this.rules.set(code, (this.rules.get(code) ?? 0) + milliseconds)
  }

  /** What each rule took and its share of the whole, the slowest first. */
  table(): string {
    const whole = this.now() - this.start
    const sorted = [...this.rules].sort(([, a], [, b]) => b - a)
    const ofRules = sorted.reduce((sum, [, time]) => sum + time, 0)
    const rows = [...sorted, ['all rules', ofRules], ['whole run', whole]] as const
    const width = Math.max(...rows.map(([name]) => name.length))
    const lines = rows.map(
      ([name, time]) =>
        `${name.padEnd(width)}  ${time.toFixed(1).padStart(9)} ms  ${((100 * time) / whole).toFixed(1).padStart(5)} %\n`
    )
    return lines.join('')
  }
}
