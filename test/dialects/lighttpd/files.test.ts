import { describe, expect, test } from 'vitest'
import { brief, decide, tree } from './decided.js'

const files = tree(
  {
    '/www/a.txt': '',
    '/www/a.php': '',
    '/www/pages/404.html': '',
    '/www/link.txt': '',
    '/www/link.php': ''
  },
  { '/www/link.txt': '/etc/passwd', '/www/link.php': '/srv/a.php' }
)

const base = [
  'server.document-root = "/www"',
  'server.port = 8080',
  'server.modules = ( "mod_fastcgi" )',
  'fastcgi.server = ( ".php" => (( "socket" => "/run/php.sock" )) )'
].join('\n')

const noLinks = 'server.follow-symlink = "disable"'

describe('files', () => {
  test.each([
    ['symbolic links are followed', '', '/link.txt', 'file /www/link.txt 200'],
    ['symbolic links are refused where the configuration says so', noLinks, '/link.txt', '403'],
    ['scripts that are symbolic links are refused too', noLinks, '/link.php', '403'],
    ['scripts that are none are run', noLinks, '/a.php', 'fastcgi /www/a.php'],
    [
      'links are followed again in a block that says so',
      `${noLinks}\n$HTTP["url"] =^ "/link" { server.follow-symlink = 1 }`,
      '/link.txt',
      'file /www/link.txt 200'
    ],
    [
      'a status has its file where there is one',
      'server.errorfile-prefix = "/www/pages/"',
      '/none',
      'file /www/pages/404.html 404'
    ],
    [
      'a status without its file is plain',
      'server.errorfile-prefix = "/www/pages/"\nstatic-file.exclude-extensions = ( ".txt" )',
      '/a.txt',
      '403'
    ]
  ])('%s', (_, config, target, expected) => {
    expect(brief(decide(`${base}\n${config}`, files, target))).toBe(expected)
  })
})
