import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

const cgiNames = [
  'query_string',
  'server_name',
  'server_port',
  'server_protocol',
  'request_method',
  'request_uri',
  'script_name',
  'script_filename',
  'path_info',
  'path_translated',
  'document_root',
  'remote_addr',
  'content_length',
  'content_type',
  'gateway_interface'
]

/** Variables that applications take for facts of the request. */
export const forgedVariable: Rule = {
  code: 'security/forged-variable',
  severity: 'warning',
  summary: 'A `SetEnv` of a name that applications take for a fact of the request',
  dialects: httpd,
  security: 7.5,
  site(site, context) {
    for (const { span } of liveRecordsOf(site, 'SetEnv')) {
      const [, name, value] = wordsOf(context, span)
      if (name === undefined) continue
      const lower = name.value.toLowerCase()
      if (lower === 'remote_user') {
        context.report({
          span: name.span,
          severity: 'error',
          message: 'every request comes from this user, as far as applications can tell',
          hint: 'remove it; httpd sets REMOTE_USER where it has asked for a login'
        })
      } else if (cgiNames.includes(lower) && name.value !== name.value.toUpperCase()) {
        context.report({
          span: name.span,
          message: `\`${name.value}\` takes the place of \`${name.value.toUpperCase()}\`: the application loses that`,
          hint: 'choose another name'
        })
      } else if (cgiNames.includes(lower)) {
        context.report({
          span: name.span,
          severity: 'info',
          message: `this has no effect: \`${name.value}\` is set by httpd for each request`,
          hint:
            value === undefined
              ? 'remove it'
              : 'remove it; `ProxyFCGISetEnvIf` can change it for mod_proxy_fcgi'
        })
      }
    }
  }
}
