import { describe, expect, test } from 'vitest'
import { missingRewriteItems, rewriteItems } from '../../../src/dialects/nginx/write/rewrites.js'
import { openOutput } from '../../../src/dialects/nginx/write/output.js'
import { printItems } from '../../../src/dialects/nginx/write/document.js'
import { always, type Rewrite, type Template } from '../../../src/model/index.js'
import { recordingLedger } from '../plans.js'
import { site } from '../../sites.js'

const at = { settings: {}, scriptName: '$fastcgi_script_name', pathInfo: '' }
const origin = { file: 'a.conf', start: 0, end: 1 }

function written(source: string, to: Template | undefined, items = rewriteItems): string | undefined {
  const rule: Rewrite = {
    match: { source, ignoreCase: false },
    on: 'uri',
    when: always,
    ...(to === undefined ? {} : { to }),
    then: 'stop',
    query: 'replaced',
    origin
  }
  const found = items([rule], at, openOutput(site, [], recordingLedger(), false))
  return found === undefined ? undefined : printItems(found).trim()
}

const text = (words: string): Template => [{ kind: 'text', text: words }]
const group = (number: number): Template => [{ kind: 'capture', group: number, from: 'rule' }]

describe('a rule on path and query', () => {
  test.each<readonly [what: string, source: string, to: Template | undefined, line: string | undefined]>([
    ['leaves a path alone', '^/static/', undefined, 'rewrite ^/static/ $uri last;'],
    [
      'takes any query',
      '^/p/([a-z]+)(\\?.*)?$',
      [...text('/i.php/'), ...group(1)],
      'rewrite ^/p/([a-z]+)$ /i.php/$1? last;'
    ],
    [
      'hands the query on',
      '^/q(?:\\?(.*))?$',
      [...text('/i.php?a=1&'), ...group(1)],
      'rewrite ^/q$ /i.php?a=1&$args? last;'
    ],
    [
      'goes no further than the query',
      '^/t/([^?]*)',
      [...text('/i.php?t='), ...group(1)],
      'rewrite ^/t/(.*) /i.php?t=$1? last;'
    ],
    [
      'takes the query for a part of the path',
      '^/new/(.*)',
      [...text('/app/'), ...group(1)],
      'rewrite ^/new/(.*)$ /app/$1 last;'
    ],
    [
      'takes all for a part of the path',
      '^(/.*)$',
      [...text('/app.fcgi'), ...group(1)],
      'rewrite ^(/.*)$ /app.fcgi$1 last;'
    ],
    [
      'puts path and query into the query',
      '^/(.*)$',
      [...text('/i.php?u='), ...group(1)],
      'rewrite ^/(.*)$ /i.php?u=$1$is_args$args? last;'
    ],
    ['would put the query into the middle of a path', '^/a/(.*)$', [...group(1), ...text('/z')], undefined],
    ['asks for something in the query', '^/a\\?x=(\\d+)', text('/b'), undefined]
  ])('that %s', (_what, source, to, line) => {
    expect(written(source, to)).toBe(line)
  })

  test('for what is missing is a list of files to try where it is for everything', () => {
    const to: Template = text('/index.php')
    expect(written('^/(.*)$', to, missingRewriteItems)).toBe(
      'location / {\n    try_files $uri /index.php;\n}'
    )
  })

  test('for some of what is missing asks for the file first', () => {
    expect(written('^/blog/', text('/b.php'), missingRewriteItems)).toBe(
      'if (!-f $request_filename) {\n    rewrite ^/blog/ /b.php? last;\n}'
    )
  })
})
