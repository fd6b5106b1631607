import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

const whole = /^proxy:(?:unix:[^|]+\|)?[a-z0-9]+:\/\/./i

/** A `proxy:` handler that does not say where to: httpd takes the text for the name of a handler nobody has. */
export const proxyHandlerIncomplete: Rule = {
  code: 'fastcgi/proxy-handler-incomplete',
  severity: 'error',
  summary: 'A `proxy:` handler without a URL, so that the file itself is sent',
  dialects: httpd,
  security: 7.5,
  site(site, context) {
    for (const record of [...liveRecordsOf(site, 'SetHandler'), ...liveRecordsOf(site, 'AddHandler')]) {
      const word = wordsOf(context, record.span)[1]
      if (word === undefined || !/^proxy:/i.test(word.value) || word.value.includes('$')) continue
      if (word.value.includes('%{') || whole.test(word.value)) continue
      const isSocket = /^proxy:unix:/i.test(word.value)
      context.report({
        span: word.span,
        message: `\`${word.value}\` names no application: ${problemOf(word.value, isSocket)}`,
        hint: isSocket
          ? 'write `proxy:unix:/path/to/socket|fcgi://localhost`'
          : 'write `proxy:fcgi://127.0.0.1:9000`'
      })
    }
  }
}

function problemOf(value: string, isSocket: boolean): string {
  if (isSocket && !value.includes('|')) return 'behind the socket the `|fcgi://` is missing'
  return 'a scheme with `://` and a host is missing'
}
