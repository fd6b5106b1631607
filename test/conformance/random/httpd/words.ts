/** The words that configurations of httpd and requests are made of, so that they meet. */

const program = '#!/bin/sh\nexec @ECHO@\n'
/** What is run by mistake must be able to: a program that ends at once is not started again for a while. */
const text = (what: string): string => `${program}# ${what}\n`

export const files: ReadonlyMap<string, string> = new Map([
  ['www/app.fcgi', program],
  ['www/index.html', text('index')],
  ['www/app/run.fcgi', program],
  ['www/app/index.fcgi', program],
  ['www/app/data.txt', text('app data')],
  ['www/app/page.php', text('<?php app page')],
  ['www/page.php', text('<?php page')],
  ['www/index.php', text('<?php index')],
  ['www/dir/index.html', text('dir index')],
  ['www/dir/sub/a.txt', text('dir sub a')],
  ['www/plain', program],
  ['www/x.fcgi.txt', program],
  ['www/PAGE.PHP', text('<?php PAGE')],
  ['www/err.txt', text('an error')],
  ['www/private/doc.txt', text('private doc')],
  ['www/private/run.fcgi', program],
  ['alt/index.php', text('<?php alt index')],
  ['alt/run.fcgi', program],
  ['alt/doc.txt', text('alt doc')],
  ['bin/checker', program],
  ['users', 'bob:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n']
])

export const paths = [
  '/app.fcgi',
  '/',
  '/app/',
  '/app',
  '/app/run.fcgi',
  '/app/run.fcgi/more',
  '/app.fcgi/a/b',
  '/app.fcgi/',
  '/app/data.txt',
  '/app/data.txt/x',
  '/app/page.php',
  '/page.php',
  '/page.php/x/y',
  '/index.php',
  '/dir',
  '/dir/',
  '/dir/sub',
  '/dir/sub/a.txt',
  '/plain',
  '/plain/p',
  '/x.fcgi.txt',
  '/PAGE.PHP',
  '/none',
  '/none.php',
  '/none.fcgi/x',
  '/app/none/x.php',
  '/private/doc.txt',
  '/private/run.fcgi/i',
  '/alt/run.fcgi',
  '/alt/doc.txt',
  '/alt/',
  '/cgi/run.fcgi/p',
  '/one',
  '/one/two',
  '/match/run.fcgi',
  '/old/page.php',
  '/p/x',
  '/p',
  '/p/a.d/b.php/c.x',
  '/m/page.php'
] as const

export const hosts = [
  'localhost',
  'example.com',
  'EXAMPLE.com',
  'www.example.com',
  'example.com:8080',
  'example.com.',
  'other.test'
] as const
