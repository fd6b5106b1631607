import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'
import { isWhole } from '../support/whole.js'

/** Who is not let in gets the bare 401, and a login page that is redirected to becomes 500. */
export const authRequestWithoutPage: Rule = {
  code: 'routing/auth-request-without-page',
  severity: 'info',
  summary: 'An `auth_request` without a page for those who are not let in',
  dialects: nginx,
  site(site, context) {
    for (const { setting, place } of settingsOf(site, 'authentication')) {
      const { permission, method } = setting.value
      // With `auth_basic` beside it browsers ask for a password.
      if (permission === undefined || method === 'basic' || !isWhole(context, place)) continue
      const pages = place.get('errorPages')?.value ?? []
      if (place.host === undefined || pages.some(({ statuses }) => statuses.includes(401))) continue
      context.report({
        span: permission.origin,
        message:
          'only 401 and 403 of the URL that is asked keep people out as meant: a redirect to a login page is answered with 500',
        hint: 'let that URL answer 401, and send people to the login page with `error_page 401 = @login`'
      })
    }
  }
}
