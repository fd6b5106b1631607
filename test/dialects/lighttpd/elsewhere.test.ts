import { describe, expect, test } from 'vitest'
import { brief, decide, tree } from './decided.js'

const files = tree({
  '/www/a.php': '',
  '/www/a.pl': '',
  '/www/dir/x.pl/b.txt': '',
  '/www/run.cgi': '',
  '/www/plain.cgit': '',
  '/www/page.shtml': '',
  '/www/list/a.txt': '',
  '/www/list/a.php': '',
  '/www/index/index.html': ''
})

const base = [
  'server.document-root = "/www"',
  'server.port = 8080',
  'fastcgi.server = ( ".php" => (( "socket" => "/run/php.sock" )) )',
  'index-file.names = ( "index.html" )'
].join('\n')

const loaded = (...names: readonly string[]): string =>
  `server.modules = ( ${names.map((name) => `"mod_${name}"`).join(', ')} )`

const cgi = `${loaded('fastcgi', 'cgi')}\ncgi.assign = ( ".pl" => "/usr/bin/perl", ".cgi" => "" )`
const scgi = `${loaded('scgi', 'fastcgi')}\nscgi.server`
const proxy = `${loaded('access', 'proxy', 'fastcgi')}\nproxy.server`

describe('what no FastCGI application answers', () => {
  test.each([
    ['a CGI program', cgi, '/a.pl', 'unsupported `cgi.assign`'],
    ['a CGI program with path info', cgi, '/a.pl/more', 'unsupported `cgi.assign`'],
    ['a CGI program that is missing', cgi, '/none.pl', '404'],
    ['a directory that is named as a CGI program', cgi, '/dir/x.pl/', '403'],
    [
      'a CGI program that is executable',
      `${cgi}\ncgi.execute-x-only = 1`,
      '/run.cgi',
      'unsupported `cgi.assign`'
    ],
    ['a CGI program that is not executable', `${cgi}\ncgi.execute-x-only = 1`, '/a.pl', 'file /www/a.pl 200'],
    ['a script beside CGI programs', cgi, '/a.php', 'fastcgi /www/a.php'],
    [
      'a CGI program of a block, which leaves FastCGI as it is',
      `${cgi}\n$HTTP["url"] =^ "/a" { cgi.assign = () }`,
      '/a.pl',
      'file /www/a.pl 200'
    ],
    [
      'an SCGI application',
      `${scgi} = ( ".pl" => (( "port" => 9, "host" => "::1" )) )`,
      '/a.pl',
      'unsupported `scgi.server`'
    ],
    [
      'an SCGI application without its file',
      `${scgi} = ( ".pl" => (( "port" => 9, "host" => "::1" )) )`,
      '/x.pl',
      '404'
    ],
    [
      'an SCGI application that no file is looked for',
      `${scgi} = ( "/x" => (( "port" => 9, "host" => "::1", "check-local" => "disable" )) )`,
      '/x/y',
      'unsupported `scgi.server`'
    ],
    [
      'an SCGI application before FastCGI in the order of the modules',
      `${scgi} = ( ".php" => (( "port" => 9, "host" => "::1" )) )`,
      '/a.php',
      'unsupported `scgi.server`'
    ],
    ['an HTTP server', `${proxy} = ( "/p" => (( "host" => "::1" )) )`, '/p/x', 'unsupported `proxy.server`'],
    [
      'an HTTP server behind a refusal',
      `${proxy} = ( "" => (( "host" => "::1" )) )\nurl.access-deny = ( "~" )`,
      '/x~',
      '403'
    ],
    [
      'an HTTP server by map-extensions',
      `${proxy} = ( ".x" => (( "host" => "::1" )) )\nproxy.map-extensions = ( ".y" => ".x" )`,
      '/a.y',
      'unsupported `proxy.server`'
    ],
    [
      'server-side includes',
      `${loaded('fastcgi', 'ssi')}\nssi.extension = ( ".shtml" )`,
      '/page.shtml',
      'unsupported `ssi.extension`'
    ],
    [
      'a directory that is listed',
      'dir-listing.activate = "enable"',
      '/list/',
      'unsupported `dir-listing.activate`'
    ],
    [
      'a directory with an index file',
      'dir-listing.activate = "enable"',
      '/index/',
      'file /www/index/index.html 200'
    ],
    [
      'a directory that is listed by the old name',
      'server.dir-listing = 1',
      '/list/',
      'unsupported `server.dir-listing`'
    ],
    ['a directory that is not listed', 'server.dir-listing = 0', '/list/', '403'],
    [
      'a request that a script sees first',
      `${loaded('fastcgi', 'magnet')}\nmagnet.attract-raw-url-to = ( "/a.lua" )`,
      '/a.php',
      'unsupported `magnet.attract-raw-url-to`'
    ],
    [
      'a home directory',
      `${loaded('fastcgi', 'userdir')}\nuserdir.path = "public_html"`,
      '/~me/',
      'unsupported `userdir.path`'
    ],
    [
      'what is beside home directories',
      `${loaded('fastcgi', 'userdir')}\nuserdir.path = "public_html"`,
      '/a.php',
      'fastcgi /www/a.php'
    ],
    ['a handler whose module is not loaded', 'cgi.assign = ( ".pl" => "" )', '/a.pl', 'file /www/a.pl 200']
  ])('%s', (_, config, target, expected) => {
    const modules = config.includes('server.modules') ? '' : loaded('fastcgi')
    expect(brief(decide([base, modules, config].join('\n'), files, target))).toBe(expected)
  })

  test('a method of WebDAV', () => {
    const config = `${base}\n${loaded('fastcgi', 'webdav')}\nwebdav.activate = "enable"`
    expect(brief(decide(config, files, '/a.txt', { method: 'PUT' }))).toBe('unsupported `webdav.activate`')
    expect(brief(decide(config, files, '/a.php'))).toBe('fastcgi /www/a.php')
  })
})
