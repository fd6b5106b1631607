import { authorizerWithoutDocroot } from './rules/authorizer-without-docroot.js'
import { deprecatedKey } from './rules/deprecated-key.js'
import { duplicateParam } from './rules/duplicate-param.js'
import { keepaliveWithoutKeepConn } from './rules/keepalive-without-keep-conn.js'
import { missingScriptFilename } from './rules/missing-script-filename.js'
import { neverMatches } from './rules/never-matches.js'
import { paramsLost } from './rules/params-lost.js'
import { pathInfoReset } from './rules/path-info-reset.js'
import { shadowedBinding } from './rules/shadowed-binding.js'
import { unknownKey } from './rules/unknown-key.js'
import { unreachableLocation } from './rules/unreachable-location.js'
import { unsafeSendfile } from './rules/unsafe-sendfile.js'
import { unusedUpstream } from './rules/unused-upstream.js'
import { uselessIndex } from './rules/useless-index.js'
import type { Rule } from './rule.js'

export { lint, merge, missingIn } from './engine.js'
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

/** Every rule. A further one is a file in `rules/` with its page beside it, and a line here. */
export const rules: readonly Rule[] = [
  authorizerWithoutDocroot,
  deprecatedKey,
  duplicateParam,
  keepaliveWithoutKeepConn,
  missingScriptFilename,
  neverMatches,
  paramsLost,
  pathInfoReset,
  shadowedBinding,
  unknownKey,
  unreachableLocation,
  unsafeSendfile,
  unusedUpstream,
  uselessIndex
]
