import { authorizerWithoutDocroot } from './rules/authorizer-without-docroot.js'
import { deprecatedKey } from './rules/deprecated-key.js'
import { unknownKey } from './rules/unknown-key.js'
import { unsafeSendfile } from './rules/unsafe-sendfile.js'
import type { Rule } from './rule.js'

export { lint, merge } from './engine.js'
export type { Finding, LintInput, Rule, RuleContext } from './rule.js'

/** Every rule. A further one is a file in `rules/` with its page beside it, and a line here. */
export const rules: readonly Rule[] = [authorizerWithoutDocroot, deprecatedKey, unknownKey, unsafeSendfile]
