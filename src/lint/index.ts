import { aliasSlash } from './rules/alias-slash.js'
import { authorizerFilesReachable } from './rules/authorizer-files-reachable.js'
import { authorizerWithoutDocroot } from './rules/authorizer-without-docroot.js'
import { catchAllHidesFiles } from './rules/catch-all-hides-files.js'
import { checkLocalOnPrefix } from './rules/check-local-on-prefix.js'
import { childrenMultiply } from './rules/children-multiply.js'
import { defaultPort } from './rules/default-port.js'
import { deprecatedKey } from './rules/deprecated-key.js'
import { disableTime } from './rules/disable-time.js'
import { duplicateParam } from './rules/duplicate-param.js'
import { existenceBeforeRemote } from './rules/existence-before-remote.js'
import { exposedApplication } from './rules/exposed-application.js'
import { handlerUnknown } from './rules/handler-unknown.js'
import { handlerWithoutModule } from './rules/handler-without-module.js'
import { hashSameHost } from './rules/hash-same-host.js'
import { hostCase } from './rules/host-case.js'
import { hostName } from './rules/host-name.js'
import { httpoxy } from './rules/httpoxy.js'
import { indexWithoutScript } from './rules/index-without-script.js'
import { keepaliveWithoutKeepConn } from './rules/keepalive-without-keep-conn.js'
import { killSignal } from './rules/kill-signal.js'
import { listReplaced } from './rules/list-replaced.js'
import { literalCapture } from './rules/literal-capture.js'
import { looseHost } from './rules/loose-host.js'
import { looseScriptPattern } from './rules/loose-script-pattern.js'
import { missingScriptFilename } from './rules/missing-script-filename.js'
import { moduleUnknown } from './rules/module-unknown.js'
import { neverMatches } from './rules/never-matches.js'
import { onlyFirstAuthorizer } from './rules/only-first-authorizer.js'
import { optionWithoutEffect } from './rules/option-without-effect.js'
import { paramsLost } from './rules/params-lost.js'
import { pathInfoReset } from './rules/path-info-reset.js'
import { patternAsText } from './rules/pattern-as-text.js'
import { phpRunsAnything } from './rules/php-runs-anything.js'
import { processCount } from './rules/process-count.js'
import { proxyHandlerIncomplete } from './rules/proxy-handler-incomplete.js'
import { proxyMatchIgnoresGroups } from './rules/proxy-match-ignores-groups.js'
import { rootScriptName } from './rules/root-script-name.js'
import { roundRobinTwice } from './rules/round-robin-twice.js'
import { shadowedBinding } from './rules/shadowed-binding.js'
import { shellInCommand } from './rules/shell-in-command.js'
import { socketInSharedFolder } from './rules/socket-in-shared-folder.js'
import { sourceSent } from './rules/source-sent.js'
import { suffixCondition } from './rules/suffix-condition.js'
import { unknownKey } from './rules/unknown-key.js'
import { unreachableLocation } from './rules/unreachable-location.js'
import { unsafeSendfile } from './rules/unsafe-sendfile.js'
import { unusedUpstream } from './rules/unused-upstream.js'
import { uselessIndex } from './rules/useless-index.js'
import { wrongProgram } from './rules/wrong-program.js'
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
  aliasSlash,
  authorizerFilesReachable,
  authorizerWithoutDocroot,
  catchAllHidesFiles,
  checkLocalOnPrefix,
  childrenMultiply,
  defaultPort,
  deprecatedKey,
  disableTime,
  duplicateParam,
  existenceBeforeRemote,
  exposedApplication,
  handlerUnknown,
  handlerWithoutModule,
  hashSameHost,
  hostCase,
  hostName,
  httpoxy,
  indexWithoutScript,
  keepaliveWithoutKeepConn,
  killSignal,
  listReplaced,
  literalCapture,
  looseHost,
  looseScriptPattern,
  missingScriptFilename,
  moduleUnknown,
  neverMatches,
  onlyFirstAuthorizer,
  optionWithoutEffect,
  paramsLost,
  pathInfoReset,
  patternAsText,
  phpRunsAnything,
  processCount,
  proxyHandlerIncomplete,
  proxyMatchIgnoresGroups,
  rootScriptName,
  roundRobinTwice,
  shadowedBinding,
  shellInCommand,
  socketInSharedFolder,
  sourceSent,
  suffixCondition,
  unknownKey,
  unreachableLocation,
  unsafeSendfile,
  unusedUpstream,
  uselessIndex,
  wrongProgram
]
