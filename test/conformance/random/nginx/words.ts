import fc from 'fast-check'
import { mostly } from '../words.js'

/** The words that configurations and requests are made of, so that they meet. */

export const files: ReadonlyMap<string, string> = new Map([
  ['www/index.php', '<?php index'],
  ['www/info.php', '<?php info'],
  ['www/app/info.php', '<?php app info'],
  ['www/app/index.php', '<?php app index'],
  ['www/app/x.txt', 'app x'],
  ['www/app/sub/index.html', 'app sub index'],
  ['www/dir/index.html', 'dir index'],
  ['www/dir/sub/a.txt', 'dir sub a'],
  ['www/dir.php/a.php', '<?php dir.php a'],
  ['www/up/pic.jpg', 'picture'],
  ['www/err.php', '<?php err'],
  ['www/err.html', 'error page'],
  ['www/INFO.PHP', '<?php INFO'],
  ['www/private/doc.txt', 'doc'],
  ['www/a b.txt', 'a b'],
  ['alt/index.php', '<?php alt index'],
  ['alt/index.html', 'alt index'],
  ['alt/info.php', '<?php alt info'],
  ['alt/app/info.php', '<?php alt app info'],
  ['alt/doc.txt', 'alt doc'],
  ['alt/private/doc.txt', 'alt private doc'],
  ['users', 'bob:{PLAIN}secret\nann:{PLAIN}other\n']
])

export const paths = [
  '/info.php',
  '/',
  '/index.php',
  '/app/info.php',
  '/app/',
  '/app',
  '/app/x.txt',
  '/app/x/y',
  '/app/sub/',
  '/app/sub',
  '/application/z',
  '/none.php',
  '/info.php/a/b',
  '/app/info.php/more',
  '/dir/',
  '/dir',
  '/dir/sub',
  '/dir/sub/a.txt',
  '/dir/sub/a.txt/x',
  '/dir.php/',
  '/dir.php/a.php',
  '/up/pic.jpg',
  '/up/pic.jpg/x.php',
  '/err.php',
  '/err.html',
  '/INFO.PHP',
  '/private/doc.txt',
  '/private/',
  '/a%20b.txt',
  '/static/doc.txt',
  '/static/info.php/p',
  '/none',
  '/none/none.txt'
] as const

export const hosts = [
  'localhost',
  'example.com',
  'www.example.com',
  'Example.COM',
  'a.b.example.com',
  'example.com:8080',
  'example.com.',
  '127.0.0.1',
  'other.test'
] as const

/** Names that configurations define: by `set` and by groups of expressions. */
const own = ['$v1', '$v2', '$script', '$rest', '$first']
const asked = [
  ...['$uri', '$request_uri', '$args', '$is_args', '$host', '$http_host', '$server_name', '$server_port'],
  ...['$scheme', '$request_method', '$remote_addr', '$remote_user', '$content_length', '$content_type'],
  ...['$http_x_test', '$cookie_k', '$arg_id', '$https', '$request', '$server_protocol', '$server_addr']
]
const found = [
  ...['$document_root', '$realpath_root', '$request_filename', '$document_uri', '$query_string'],
  ...['$fastcgi_script_name', '$fastcgi_path_info', '$1', '$2', '$kind', '$named', '$near', '$later']
]

export const variable = fc.constantFrom(...own, ...asked, ...found)

/** A variable of an answer, which is empty before there is one. */
export const answered = fc.constantFrom(
  '$upstream_status',
  '$upstream_http_x_a',
  '$upstream_cookie_a',
  '$status',
  '$sent_http_content_type'
)

/** A text with variables in it. */
export const text = mostly(
  fc
    .array(fc.oneof(variable, fc.constantFrom('x', '/', '-', '?', '/app', '.php', '%20', ' ')), {
      minLength: 1,
      maxLength: 3
    })
    .map((parts) => `"${parts.join('')}"`),
  fc.constantFrom('""', '"plain"', `'single'`, 'bare', '"${uri}x"')
)
