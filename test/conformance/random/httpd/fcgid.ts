import fc from 'fast-check'
import type { Setup } from '../../cases.js'
import { line, mostly, one } from '../words.js'
import { requests } from './requests.js'
import { several, statementsOf } from './statements.js'
import { files } from './words.js'

/** Sites of mod_fcgid. */

const anywhere = several(
  line('AddHandler fcgid-script', one('.fcgi', '.php', '.fcgi .php')),
  line('FcgidWrapper @ECHO@', one('.php', '', '.fcgi', '.txt'), mostly(one(''), one('virtual'), 3))
)

const inSection = several(line('SetHandler fcgid-script'), line('FcgidAccessChecker @ROOT@/bin/checker'))

const ofServer = several(
  line('FcgidInitialEnv', one('I 1', 'PATH /own', 'J=2', 'K "a b"')),
  line('FcgidPassHeader', one('X-Test', 'Authorization', 'x-a.b')),
  line('FcgidMaxRequestLen', one('10', '1000', '0')),
  line(
    'FcgidCmdOptions',
    one('@ROOT@/www/app.fcgi', '@ECHO@'),
    one('InitialEnv O=1', 'MaxProcesses 2 InitialEnv P=q', 'IOTimeout 20')
  ),
  line('FcgidMaxRequestsPerProcess', one('0', '500')),
  line('FcgidMinProcessesPerClass', one('0', '1')),
  line('FcgidMaxProcessesPerClass', one('3', '5'))
)

const refused = one(
  'FcgidWrapper @ROOT@/none .php',
  'FcgidWrapper @ECHO@ php',
  'FcgidWrapper @ECHO@ .php other',
  'FcgidMaxRequestLen 10k',
  'FcgidMaxRequestLen -1',
  'FcgidIOTimeout 0',
  'FcgidIOTimeout',
  'FcgidCmdOptions @ROOT@/none MaxProcesses 1',
  'FcgidCmdOptions @ROOT@/www/app.fcgi',
  'FcgidCmdOptions @ROOT@/www/app.fcgi BusyTimeout 1',
  'FcgidCmdOptions @ROOT@/www/app.fcgi MaxProcesses',
  'FcgidAccessChecker @ROOT@/none',
  'FcgidInitialEnv',
  'FcgidInitialEnv A b c',
  '<Directory @ROOT@/www>\nFcgidInitialEnv A b\n</Directory>',
  '<Directory @ROOT@/www>\nFcgidMaxProcesses 1\n</Directory>',
  '<VirtualHost *:@PORT@>\nFcgidMaxProcesses 1\n</VirtualHost>',
  'FastCgiServer @ROOT@/www/app.fcgi',
  'FastCgiConfig -restart',
  'FcgidWin32PreventOrphans On'
)

const statements = statementsOf({ anywhere, inSection, ofServer, refused })

/** What every configuration begins with: folders of its own, and a site that mostly has programs. */
const head = [
  'FcgidIPCDir @ROOT@/run/fcgidsock',
  'FcgidProcessTableFile @ROOT@/run/fcgid_shm',
  // The name is that of a build.
  'ServerTokens Prod',
  'DocumentRoot @ROOT@/www'
]
const programs = '<Directory @ROOT@/www>\nOptions +ExecCGI\nAddHandler fcgid-script .fcgi\n</Directory>'

export const setups: fc.Arbitrary<Setup> = fc
  .tuple(fc.boolean(), statements, requests, fc.subarray([...files.keys()], { maxLength: 2 }))
  .map(([bare, own, asked, missing]) => ({
    server: 'mod_fcgid',
    files: new Map([...files].filter(([name]) => !missing.includes(name) || name === 'bin/checker')),
    config: `${[...head, ...(bare ? [] : [programs]), ...own].join('\n')}\n`,
    configs: new Map(),
    backends: new Map(),
    requests: asked
  }))
