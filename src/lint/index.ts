import { actionTargetOpen } from './rules/action-target-open.js'
import { aliasTryFiles } from './rules/alias-and-rewriting.js'
import { aliasScriptFilename } from './rules/alias-script-filename.js'
import { aliasSlash } from './rules/alias-slash.js'
import { allowWithoutDeny } from './rules/allow-without-deny.js'
import { authRequestToItself } from './rules/auth-request-to-itself.js'
import { authorizationDropped } from './rules/authorization-dropped.js'
import { failsOpen } from './rules/authorizer-fails-open.js'
import { authorizerFilesReachable } from './rules/authorizer-files-reachable.js'
import { authorizerNeverAsked } from './rules/authorizer-never-asked.js'
import { authorizerWithoutDocroot } from './rules/authorizer-without-docroot.js'
import { catchAllHidesFiles } from './rules/catch-all-hides-files.js'
import { checkLocalOnPrefix } from './rules/check-local-on-prefix.js'
import { checkerDropped } from './rules/checker-dropped.js'
import { childrenMultiply } from './rules/children-multiply.js'
import { commentSwallowsLine } from './rules/comment-swallows-line.js'
import { contradiction } from './rules/contradiction.js'
import { defaultPort } from './rules/default-port.js'
import { definitionPath } from './rules/definition-path.js'
import { deprecatedKey } from './rules/deprecated-key.js'
import { disableTime } from './rules/disable-time.js'
import { doubleExtension } from './rules/double-extension.js'
import { duplicateParam } from './rules/duplicate-param.js'
import { emptyEnvironment } from './rules/empty-environment.js'
import { errorHandlerAsController } from './rules/error-handler-as-controller.js'
import { errorPageStatus } from './rules/error-page-status.js'
import { programOptions } from './rules/exec-options.js'
import { existenceBeforeRemote } from './rules/existence-before-remote.js'
import { exposedApplication } from './rules/exposed-application.js'
import { fastcgiOptions } from './rules/fastcgi-options.js'
import { fcgidValues } from './rules/fcgid-values.js'
import { forgedVariable } from './rules/forged-variable.js'
import { greedySplit } from './rules/greedy-split.js'
import { handlerUnknown } from './rules/handler-unknown.js'
import { handlerWithoutModule } from './rules/handler-without-module.js'
import { hashSameHost } from './rules/hash-same-host.js'
import { headersLost } from './rules/headers-lost.js'
import { hostCase } from './rules/host-case.js'
import { hostName } from './rules/host-name.js'
import { httpHostWithoutPort } from './rules/http-host-without-port.js'
import { httpoxy } from './rules/httpoxy.js'
import { ifInLocation } from './rules/if-in-location.js'
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
import { newlineInHeader } from './rules/newline-in-header.js'
import { onlyFirstAuthorizer } from './rules/only-first-authorizer.js'
import { openProxy } from './rules/open-proxy.js'
import { optionWithoutEffect } from './rules/option-without-effect.js'
import { paramsLost } from './rules/params-lost.js'
import { pathInfoNeverComes } from './rules/path-info-never-comes.js'
import { pathInfoReset } from './rules/path-info-reset.js'
import { patternAsText } from './rules/pattern-as-text.js'
import { regexTakesOver } from './rules/pattern-takes-over.js'
import { phpRunsAnything } from './rules/php-runs-anything.js'
import { processCount } from './rules/process-count.js'
import { programsNotAllowed } from './rules/programs-not-allowed.js'
import { proxyConnections } from './rules/proxy-connections.js'
import { proxyHandlerIncomplete } from './rules/proxy-handler-incomplete.js'
import { proxyMatchIgnoresGroups } from './rules/proxy-match-ignores-groups.js'
import { proxyNameShared } from './rules/proxy-name-shared.js'
import { remoteUserTrusted } from './rules/remote-user-trusted.js'
import { nextUpstreamRepeats } from './rules/repeats-requests.js'
import { returnBeforeAccess } from './rules/return-before-access.js'
import { rewriteLoop } from './rules/rewrite-loop.js'
import { rootInLocation } from './rules/root-in-location.js'
import { rootScriptName } from './rules/root-script-name.js'
import { roundRobinTwice } from './rules/round-robin-twice.js'
import { sectionNeverFits } from './rules/section-never-fits.js'
import { serverNameTwice } from './rules/server-name-twice.js'
import { shadowedBinding } from './rules/shadowed-binding.js'
import { shellInCommand } from './rules/shell-in-command.js'
import { slowPattern } from './rules/slow-pattern.js'
import { smallBodyLimit } from './rules/small-body-limit.js'
import { socketInSharedFolder } from './rules/socket-in-shared-folder.js'
import { socketTwice } from './rules/socket-twice.js'
import { sourceSent } from './rules/source-sent.js'
import { suffixCondition } from './rules/suffix-condition.js'
import { tooNew } from './rules/too-new.js'
import { tryFilesDropsQuery } from './rules/try-files-drops-query.js'
import { tryFilesSendsSource } from './rules/try-files-sends-source.js'
import { unknownKey } from './rules/unknown-key.js'
import { unmaintainedModule } from './rules/unmaintained-module.js'
import { unreachableLocation } from './rules/unreachable-location.js'
import { unsafeSendfile } from './rules/unsafe-sendfile.js'
import { unusedUpstream } from './rules/unused-upstream.js'
import { uselessIndex } from './rules/useless-index.js'
import { userInputInPass } from './rules/user-input-in-pass.js'
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
  actionTargetOpen,
  aliasTryFiles,
  aliasScriptFilename,
  aliasSlash,
  allowWithoutDeny,
  authRequestToItself,
  authorizationDropped,
  failsOpen,
  authorizerFilesReachable,
  authorizerNeverAsked,
  authorizerWithoutDocroot,
  catchAllHidesFiles,
  checkLocalOnPrefix,
  checkerDropped,
  childrenMultiply,
  commentSwallowsLine,
  contradiction,
  defaultPort,
  definitionPath,
  deprecatedKey,
  disableTime,
  doubleExtension,
  duplicateParam,
  emptyEnvironment,
  errorHandlerAsController,
  errorPageStatus,
  programOptions,
  existenceBeforeRemote,
  exposedApplication,
  fastcgiOptions,
  fcgidValues,
  forgedVariable,
  greedySplit,
  handlerUnknown,
  handlerWithoutModule,
  hashSameHost,
  headersLost,
  hostCase,
  hostName,
  httpHostWithoutPort,
  httpoxy,
  ifInLocation,
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
  newlineInHeader,
  onlyFirstAuthorizer,
  openProxy,
  optionWithoutEffect,
  paramsLost,
  pathInfoNeverComes,
  pathInfoReset,
  patternAsText,
  regexTakesOver,
  phpRunsAnything,
  processCount,
  programsNotAllowed,
  proxyConnections,
  proxyHandlerIncomplete,
  proxyMatchIgnoresGroups,
  proxyNameShared,
  remoteUserTrusted,
  nextUpstreamRepeats,
  returnBeforeAccess,
  rewriteLoop,
  rootInLocation,
  rootScriptName,
  roundRobinTwice,
  sectionNeverFits,
  serverNameTwice,
  shadowedBinding,
  shellInCommand,
  slowPattern,
  smallBodyLimit,
  socketInSharedFolder,
  socketTwice,
  sourceSent,
  suffixCondition,
  tooNew,
  tryFilesDropsQuery,
  tryFilesSendsSource,
  unknownKey,
  unmaintainedModule,
  unreachableLocation,
  unsafeSendfile,
  unusedUpstream,
  uselessIndex,
  userInputInPass,
  wrongProgram
]
