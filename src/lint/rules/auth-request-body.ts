import { literalText } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { answering } from '../support/answering.js'
import { nginx } from '../support/dialects.js'
import { namedParams, paramsOf } from '../support/params.js'
import { fastcgiAt, settingsOf } from '../support/places.js'
import { uses } from '../support/templates.js'

/** An application that decides is told the length of a body that it does not get. */
export const authRequestBody: Rule = {
  code: 'fastcgi/auth-request-body',
  severity: 'warning',
  summary: 'An application asked by `auth_request` that waits for a body',
  dialects: nginx,
  site(site, { report }) {
    for (const { setting, place } of settingsOf(site, 'authentication')) {
      const { permission } = setting.value
      if (permission === undefined || place.host === undefined) continue
      const asked = answering(site, place.host, permission.to.replace(/\?.*/, ''))
      const [placed] = asked === undefined ? [] : fastcgiAt(asked)
      if (placed === undefined) continue
      const length = namedParams(paramsOf(placed)).findLast(({ name }) => name === 'CONTENT_LENGTH')
      if (length === undefined || literalText(length.value) !== undefined) continue
      if (!uses(length.value, 'request.content-length')) continue
      report({
        span: placed.binding.origin,
        message:
          'a POST has this application wait: it is told the length of the body, which `auth_request` does not send along',
        hint: 'add `fastcgi_param CONTENT_LENGTH "";` behind the other params, and `fastcgi_pass_request_body off;`',
        related: [{ span: permission.origin, message: 'asked here' }]
      })
    }
  }
}
