import type { Rule } from '../rule.js'
import { authorizerFilesReachable } from '../rules/authorizer-files-reachable.js'
import { authorizerWithoutDocroot } from '../rules/authorizer-without-docroot.js'
import { catchAllHidesFiles } from '../rules/catch-all-hides-files.js'
import { checkLocalOnPrefix } from '../rules/check-local-on-prefix.js'
import { disableTime } from '../rules/disable-time.js'
import { docrootForAllHosts } from '../rules/docroot-for-all-hosts.js'
import { errorHandlerAsController } from '../rules/error-handler-as-controller.js'
import { errorIntercept } from '../rules/error-intercept.js'
import { hashSameHost } from '../rules/hash-same-host.js'
import { headerSpelledOtherwise } from '../rules/header-spelled-otherwise.js'
import { hostCase } from '../rules/host-case.js'
import { killSignal } from '../rules/kill-signal.js'
import { listReplaced } from '../rules/list-replaced.js'
import { literalCapture } from '../rules/literal-capture.js'
import { misreadOption } from '../rules/misread-option.js'
import { onlyFirstAuthorizer } from '../rules/only-first-authorizer.js'
import { optionWithoutEffect } from '../rules/option-without-effect.js'
import { patternAsText } from '../rules/pattern-as-text.js'
import { processCount } from '../rules/process-count.js'
import { rewriteOrder } from '../rules/rewrite-order.js'
import { rootScriptName } from '../rules/root-script-name.js'
import { roundRobinTwice } from '../rules/round-robin-twice.js'
import { shellInCommand } from '../rules/shell-in-command.js'
import { sourceSent } from '../rules/source-sent.js'
import { suffixCondition } from '../rules/suffix-condition.js'
import { uploadsRun } from '../rules/uploads-run.js'

/** Rules for lighttpd alone. */
export const rules: readonly Rule[] = [
  authorizerFilesReachable,
  authorizerWithoutDocroot,
  catchAllHidesFiles,
  checkLocalOnPrefix,
  disableTime,
  docrootForAllHosts,
  errorHandlerAsController,
  errorIntercept,
  hashSameHost,
  headerSpelledOtherwise,
  hostCase,
  killSignal,
  listReplaced,
  literalCapture,
  misreadOption,
  onlyFirstAuthorizer,
  optionWithoutEffect,
  patternAsText,
  processCount,
  rewriteOrder,
  rootScriptName,
  roundRobinTwice,
  shellInCommand,
  sourceSent,
  suffixCondition,
  uploadsRun
]
