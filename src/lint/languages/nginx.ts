import type { Rule } from '../rule.js'
import { aliasTryFiles } from '../rules/alias-and-rewriting.js'
import { aliasScriptFilename } from '../rules/alias-script-filename.js'
import { allowWithoutDeny } from '../rules/allow-without-deny.js'
import { authRequestBody } from '../rules/auth-request-body.js'
import { authRequestToItself } from '../rules/auth-request-to-itself.js'
import { authRequestWithoutPage } from '../rules/auth-request-without-page.js'
import { captureClobbered } from '../rules/capture-clobbered.js'
import { catchAllNotFirst } from '../rules/catch-all-not-first.js'
import { defaultBodyLimit } from '../rules/default-body-limit.js'
import { duplicateParam } from '../rules/duplicate-param.js'
import { errorPageFromApplication } from '../rules/error-page-from-application.js'
import { errorPageStatus } from '../rules/error-page-status.js'
import { errorPagesLost } from '../rules/error-pages-lost.js'
import { greedySplit } from '../rules/greedy-split.js'
import { headersLost } from '../rules/headers-lost.js'
import { httpHostWithoutPort } from '../rules/http-host-without-port.js'
import { httpsUnknown } from '../rules/https-unknown.js'
import { ifFileExists } from '../rules/if-file-exists.js'
import { ifInLocation } from '../rules/if-in-location.js'
import { interceptWithoutPage } from '../rules/intercept-without-page.js'
import { keepaliveWithoutKeepConn } from '../rules/keepalive-without-keep-conn.js'
import { missingScriptFilename } from '../rules/missing-script-filename.js'
import { newlineInHeader } from '../rules/newline-in-header.js'
import { oneRequestFailsAll } from '../rules/one-request-fails-all.js'
import { otherScriptSpellings } from '../rules/other-script-spellings.js'
import { paramsLost } from '../rules/params-lost.js'
import { pathInfoNeverComes } from '../rules/path-info-never-comes.js'
import { pathInfoReset } from '../rules/path-info-reset.js'
import { pathInfoTooEarly } from '../rules/path-info-too-early.js'
import { regexTakesOver } from '../rules/pattern-takes-over.js'
import { remoteUserTrusted } from '../rules/remote-user-trusted.js'
import { nextUpstreamRepeats } from '../rules/repeats-requests.js'
import { returnBeforeAccess } from '../rules/return-before-access.js'
import { rewriteLoop } from '../rules/rewrite-loop.js'
import { rootInLocation } from '../rules/root-in-location.js'
import { sensitiveFiles } from '../rules/sensitive-files.js'
import { setAgain } from '../rules/set-again.js'
import { slashRedirect } from '../rules/slash-redirect.js'
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
  authRequestBody,
  authRequestToItself,
  authRequestWithoutPage,
  captureClobbered,
  catchAllNotFirst,
  defaultBodyLimit,
  duplicateParam,
  errorPageFromApplication,
  errorPageStatus,
  errorPagesLost,
  greedySplit,
  headersLost,
  httpHostWithoutPort,
  httpsUnknown,
  ifFileExists,
  ifInLocation,
  interceptWithoutPage,
  keepaliveWithoutKeepConn,
  missingScriptFilename,
  newlineInHeader,
  oneRequestFailsAll,
  otherScriptSpellings,
  paramsLost,
  pathInfoNeverComes,
  pathInfoReset,
  pathInfoTooEarly,
  regexTakesOver,
  remoteUserTrusted,
  nextUpstreamRepeats,
  returnBeforeAccess,
  rewriteLoop,
  rootInLocation,
  sensitiveFiles,
  setAgain,
  slashRedirect,
  tryFilesDropsQuery,
  tryFilesSendsSource,
  unreachableLocation,
  unusedUpstream,
  uselessIndex,
  userInputInPass
]
