import { rules } from '../../lint/index.js'
import type { Config, RuleEntry } from './config.js'

function levels(of: (rule: (typeof rules)[number]) => RuleEntry | undefined): Record<string, RuleEntry> {
  return Object.fromEntries(
    rules.flatMap((rule) => {
      const level = of(rule)
      return level === undefined ? [] : [[rule.code, level]]
    })
  )
}

/** What `extends` knows by name. `recommended` is what holds without any configuration. */
export const presets: Readonly<Record<string, Config | undefined>> = {
  recommended: {},
  strict: { rules: levels(({ severity }) => severity), requireSuppressionReason: true },
  security: { rules: levels(({ security }) => (security === undefined ? 'off' : undefined)) }
}
