import type { Rule } from '../rule.js'
import { optionsIn } from '../support/options.js'

/** Programs that go by PHP's name and do not speak FastCGI on descriptor 0. */
export const wrongProgram: Rule = {
  code: 'process/wrong-program',
  severity: 'warning',
  summary: 'A program that is no FastCGI application: php in place of php-cgi, php-fpm, spawn-fcgi',
  dialects: 'all',
  member({ process, origin }, _pool, { site, report }) {
    const name = process?.command[0]?.split('/').at(-1) ?? ''
    const found = programs.find(([pattern]) => pattern.test(name))
    if (found === undefined) return
    report({
      span: optionsIn(site, origin).get('bin-path')?.span ?? origin,
      message: `\`${name}\` ${found[1]}`,
      hint: found[2]
    })
  }
}

const programs: readonly (readonly [name: RegExp, what: string, hint: string])[] = [
  [
    /^php\d?(?:\.\d)?$/,
    'is the command line of PHP, which does not speak FastCGI (since PHP 5.2.3)',
    'start `php-cgi`'
  ],
  [
    /^php-?fpm/,
    'makes sockets of its own and takes none from the server',
    'start it as a service, and give its socket alone'
  ],
  [
    /^(?:spawn-fcgi|fcgistarter|cgi-fcgi)$/,
    'starts another program and ends',
    'start that program here, or give its socket alone'
  ]
]
