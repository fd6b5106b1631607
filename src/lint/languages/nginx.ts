import type { Rule } from '../rule.js'
import { aliasTryFiles } from '../rules/alias-and-rewriting.js'
import { aliasScriptFilename } from '../rules/alias-script-filename.js'
import { allowWithoutDeny } from '../rules/allow-without-deny.js'
import { authRequestToItself } from '../rules/auth-request-to-itself.js'
import { duplicateParam } from '../rules/duplicate-param.js'
import { errorPageStatus } from '../rules/error-page-status.js'
import { greedySplit } from '../rules/greedy-split.js'
import { headersLost } from '../rules/headers-lost.js'
import { httpHostWithoutPort } from '../rules/http-host-without-port.js'
import { ifInLocation } from '../rules/if-in-location.js'
import { keepaliveWithoutKeepConn } from '../rules/keepalive-without-keep-conn.js'
import { missingScriptFilename } from '../rules/missing-script-filename.js'
import { newlineInHeader } from '../rules/newline-in-header.js'
import { paramsLost } from '../rules/params-lost.js'
import { pathInfoNeverComes } from '../rules/path-info-never-comes.js'
import { pathInfoReset } from '../rules/path-info-reset.js'
import { regexTakesOver } from '../rules/pattern-takes-over.js'
import { remoteUserTrusted } from '../rules/remote-user-trusted.js'
import { nextUpstreamRepeats } from '../rules/repeats-requests.js'
import { returnBeforeAccess } from '../rules/return-before-access.js'
import { rewriteLoop } from '../rules/rewrite-loop.js'
import { rootInLocation } from '../rules/root-in-location.js'
import { tryFilesDropsQuery } from '../rules/try-files-drops-query.js'
import { tryFilesSendsSource } from '../rules/try-files-sends-source.js'
import { unreachableLocation } from '../rules/unreachable-location.js'
import { unusedUpstream } from '../rules/unused-upstream.js'
import { uselessIndex } from '../rules/useless-index.js'
import { userInputInPass } from '../rules/user-input-in-pass.js'

/** Rules for nginx alone. */
export const rules: readonly Rule[] = [
  aliasTryFiles,
  aliasScriptFilename,
  allowWithoutDeny,
  authRequestToItself,
  duplicateParam,
  errorPageStatus,
  greedySplit,
  headersLost,
  httpHostWithoutPort,
  ifInLocation,
  keepaliveWithoutKeepConn,
  missingScriptFilename,
  newlineInHeader,
  paramsLost,
  pathInfoNeverComes,
  pathInfoReset,
  regexTakesOver,
  remoteUserTrusted,
  nextUpstreamRepeats,
  returnBeforeAccess,
  rewriteLoop,
  rootInLocation,
  tryFilesDropsQuery,
  tryFilesSendsSource,
  unreachableLocation,
  unusedUpstream,
  uselessIndex,
  userInputInPass
]
