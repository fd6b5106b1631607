import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

/** httpd looks at every extension of a name: `x.php.bak` is a script. */
export const doubleExtension: Rule = {
  code: 'security/double-extension',
  severity: 'warning',
  summary: 'A handler by extension, which runs `x.php.bak` as well',
  dialects: httpd,
  security: 8.1,
  site(site, context) {
    for (const name of ['AddHandler', 'AddType']) {
      for (const { span } of liveRecordsOf(site, name)) {
        const [, handler = '', ...extensions] = valuesOf(context, span)
        // The last extension with a type gives the type, so that `.jpg` would take a type back; a handler it leaves alone.
        const last = name === 'AddHandler' ? 'jpg' : 'bak'
        const script = extensions.find((extension) => /^\.?(?:php\d?|phtml|phar)$/i.test(extension))
        const runs = name === 'AddHandler' || /x-httpd-(?:fast)?php|php\d?-f?cgi|fastcgi/i.test(handler)
        if (script === undefined || !runs || /source|^text\/|^none$|^default-handler$/i.test(handler))
          continue
        context.report({
          span,
          message: `\`upload.${script.replace(/^\./, '')}.${last}\` is run as well: httpd looks at every extension of a name`,
          hint: `write \`<FilesMatch "\\.${script.replace(/^\./, '')}$">\` with \`SetHandler ${handler}\``
        })
      }
    }
  }
}
