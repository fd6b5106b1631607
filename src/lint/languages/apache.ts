import type { Rule } from '../rule.js'
import { actionInOneHost } from '../rules/action-in-one-host.js'
import { actionTargetOpen } from '../rules/action-target-open.js'
import { authorizationDropped } from '../rules/authorization-dropped.js'
import { failsOpen } from '../rules/authorizer-fails-open.js'
import { authorizerNeverAsked } from '../rules/authorizer-never-asked.js'
import { authorizerOverrides } from '../rules/authorizer-overrides.js'
import { checkerDropped } from '../rules/checker-dropped.js'
import { commentSwallowsLine } from '../rules/comment-swallows-line.js'
import { definitionInOtherHosts } from '../rules/definition-in-other-hosts.js'
import { definitionPath } from '../rules/definition-path.js'
import { doubleExtension } from '../rules/double-extension.js'
import { emptyEnvironment } from '../rules/empty-environment.js'
import { errorDocumentToApplication } from '../rules/error-document-to-application.js'
import { programOptions } from '../rules/exec-options.js'
import { fastcgiOptions } from '../rules/fastcgi-options.js'
import { fcgidTimeouts } from '../rules/fcgid-timeouts.js'
import { fcgidValues } from '../rules/fcgid-values.js'
import { forgedVariable } from '../rules/forged-variable.js'
import { handlerCannotExclude } from '../rules/handler-cannot-exclude.js'
import { handlerLeftOut } from '../rules/handler-left-out.js'
import { handlerUnknown } from '../rules/handler-unknown.js'
import { handlerWithoutModule } from '../rules/handler-without-module.js'
import { moduleUnknown } from '../rules/module-unknown.js'
import { openProxy } from '../rules/open-proxy.js'
import { programsNotAllowed } from '../rules/programs-not-allowed.js'
import { proxyConnections } from '../rules/proxy-connections.js'
import { proxyHandlerIncomplete } from '../rules/proxy-handler-incomplete.js'
import { proxyMatchIgnoresGroups } from '../rules/proxy-match-ignores-groups.js'
import { proxyNameShared } from '../rules/proxy-name-shared.js'
import { rewriteWithoutPt } from '../rules/rewrite-without-pt.js'
import { sectionNeverFits } from '../rules/section-never-fits.js'
import { smallBodyLimit } from '../rules/small-body-limit.js'
import { unmaintainedModule } from '../rules/unmaintained-module.js'

/** Rules for Apache httpd alone. */
export const rules: readonly Rule[] = [
  actionInOneHost,
  actionTargetOpen,
  authorizationDropped,
  failsOpen,
  authorizerNeverAsked,
  authorizerOverrides,
  checkerDropped,
  commentSwallowsLine,
  definitionInOtherHosts,
  definitionPath,
  doubleExtension,
  emptyEnvironment,
  errorDocumentToApplication,
  programOptions,
  fastcgiOptions,
  fcgidTimeouts,
  fcgidValues,
  forgedVariable,
  handlerCannotExclude,
  handlerLeftOut,
  handlerUnknown,
  handlerWithoutModule,
  moduleUnknown,
  openProxy,
  programsNotAllowed,
  proxyConnections,
  proxyHandlerIncomplete,
  proxyMatchIgnoresGroups,
  proxyNameShared,
  rewriteWithoutPt,
  sectionNeverFits,
  smallBodyLimit,
  unmaintainedModule
]
