import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { namedParams, paramsOf } from '../support/params.js'
import { uses } from '../support/templates.js'
import { isWhole } from '../support/whole.js'

/** `$remote_user` is what the client wrote, be it asked for or not. */
export const remoteUserTrusted: Rule = {
  code: 'security/remote-user-trusted',
  severity: 'warning',
  summary: 'REMOTE_USER from a login that nobody has checked',
  dialects: nginx,
  security: 6.5,
  visits(context) {
    return {
      binding(placed) {
        const param = namedParams(paramsOf(placed)).find(
          ({ name, value }) => name === 'REMOTE_USER' && uses(value, 'remote.user')
        )
        const login = placed.place.get('authentication')?.value
        if (param === undefined || login?.method === 'basic' || login?.permission !== undefined) return
        if (!isWhole(context, placed.place)) return
        context.report({
          span: param.origin,
          // A shared list of params is not written for this place.
          ...(param.origin.file === placed.binding.origin.file ? {} : { severity: 'info' as const }),
          message:
            'nobody checks a login here: whoever sends `Authorization: Basic` with a name is that user, as far as the application can tell',
          hint: 'leave the param out where there is no `auth_basic`'
        })
      }
    }
  }
}
