import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

/** Modules that nobody maintains, and modules that get in each other's way. */
export const unmaintainedModule: Rule = {
  code: 'config/unmaintained-module',
  severity: 'info',
  summary: 'A module that nobody maintains any more, or that quarrels with another one',
  dialects: httpd,
  site(site, context) {
    const loads = liveRecordsOf(site, 'LoadModule')
    const names = new Map(
      loads.map((record) => [valuesOf(context, record.span)[1]?.replace(/_module$/, '') ?? '', record])
    )
    for (const [name, instead] of unmaintained) {
      const record = names.get(name)
      if (record === undefined) continue
      context.report({ span: record.span, message: `nobody maintains mod_${name} any more`, hint: instead })
    }
    const fastcgi = names.get('fastcgi')
    const fcgid = names.get('fcgid')
    if (fastcgi === undefined || fcgid === undefined) return
    context.report({
      span: fcgid.span,
      severity: 'warning',
      message:
        'mod_fastcgi and mod_fcgid are both loaded: `FastCgiAuthenticator`, `FastCgiAuthorizer` and `FastCgiAccessChecker` are directives of both',
      hint: 'load one of them',
      related: [{ span: fastcgi.span, message: 'the other one' }]
    })
  }
}

const unmaintained: readonly (readonly [name: string, instead: string])[] = [
  ['fastcgi', 'mod_proxy_fcgi comes with httpd; `fcgi-conf convert --to apache-proxy-fcgi` translates'],
  ['php5', 'run PHP as php-fpm, and ask it with mod_proxy_fcgi'],
  ['php4', 'run PHP as php-fpm, and ask it with mod_proxy_fcgi'],
  ['suphp', 'run a pool of php-fpm for each user'],
  ['python', 'use mod_wsgi, or an application server with mod_proxy'],
  ['fastcgi_handler', 'use mod_proxy_fcgi']
]
