import { rules as ofApache } from './languages/apache.js'
import { rules as ofSeveral } from './languages/every.js'
import { rules as ofLighttpd } from './languages/lighttpd.js'
import { rules as ofNginx } from './languages/nginx.js'
import type { Rule } from './rule.js'

export { lint } from './engine.js'
export type {
  Finding,
  LintInput,
  OptionValue,
  Rule,
  RuleContext,
  RuleInfo,
  RuleOption,
  RuleSettings
} from './rule.js'

/** Every rule. A further one is a file in `rules/` with its page beside it, and a line in its list in `languages/`. */
export const rules: readonly Rule[] = [...ofSeveral, ...ofLighttpd, ...ofNginx, ...ofApache].sort((a, b) =>
  a.code < b.code ? -1 : 1
)
