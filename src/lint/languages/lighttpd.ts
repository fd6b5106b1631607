import type { Rule } from '../rule.js'
import { authorizerFilesReachable } from '../rules/authorizer-files-reachable.js'
import { authorizerWithoutDocroot } from '../rules/authorizer-without-docroot.js'
import { catchAllHidesFiles } from '../rules/catch-all-hides-files.js'
import { checkLocalOnPrefix } from '../rules/check-local-on-prefix.js'
import { disableTime } from '../rules/disable-time.js'
import { errorHandlerAsController } from '../rules/error-handler-as-controller.js'
import { hashSameHost } from '../rules/hash-same-host.js'
import { hostCase } from '../rules/host-case.js'
import { killSignal } from '../rules/kill-signal.js'
import { listReplaced } from '../rules/list-replaced.js'
import { literalCapture } from '../rules/literal-capture.js'
import { onlyFirstAuthorizer } from '../rules/only-first-authorizer.js'
import { optionWithoutEffect } from '../rules/option-without-effect.js'
import { patternAsText } from '../rules/pattern-as-text.js'
import { processCount } from '../rules/process-count.js'
import { rootScriptName } from '../rules/root-script-name.js'
import { roundRobinTwice } from '../rules/round-robin-twice.js'
import { shellInCommand } from '../rules/shell-in-command.js'
import { sourceSent } from '../rules/source-sent.js'
import { suffixCondition } from '../rules/suffix-condition.js'

/** Rules for lighttpd alone. */
export const rules: readonly Rule[] = [
  authorizerFilesReachable,
  authorizerWithoutDocroot,
  catchAllHidesFiles,
  checkLocalOnPrefix,
  disableTime,
  errorHandlerAsController,
  hashSameHost,
  hostCase,
  killSignal,
  listReplaced,
  literalCapture,
  onlyFirstAuthorizer,
  optionWithoutEffect,
  patternAsText,
  processCount,
  rootScriptName,
  roundRobinTwice,
  shellInCommand,
  sourceSent,
  suffixCondition
]
