import type { Rule } from '../rule.js'

/** An authorizer whose answer leaves the request where it was, although authorizers were meant to map it. */
export const authorizerWithoutDocroot: Rule = {
  code: 'fastcgi/authorizer-without-docroot',
  severity: 'warning',
  summary: 'An authorizer that has no document root of its own',
  dialects: ['lighttpd'],
  setting(setting, _scope, { report }) {
    if (setting.key !== 'bindings') return
    for (const { target, origin } of setting.value) {
      if (target.kind !== 'fastcgi' || target.role !== 'authorizer') continue
      if (target.rootWhenAllowed !== undefined) continue
      report({
        span: origin,
        message: target.mustExist
          ? 'this authorizer has no `docroot`, and is asked only for files that exist'
          : 'this authorizer has no `docroot`',
        hint: target.mustExist
          ? 'give it the `docroot` of the files it guards, and `check-local => "disable"` if it guards URLs without a file'
          : 'give it the `docroot` of the files it guards; without one it is told of files below server.document-root'
      })
    }
  }
}
