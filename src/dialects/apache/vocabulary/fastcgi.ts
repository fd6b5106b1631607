import { read } from '../../vocabulary.js'
import * as r from './row.js'

const fastcgi = r.inModule('mod_fastcgi', 'mod_fastcgi.html')
const formerly = (instead: string) => ({ deprecated: { instead } }) as const
const auth = (what: string) => `FastCGI application that ${what} requests of this section.`
/** mod_fcgid has these names from its early days. */
const both = { orModule: 'mod_fcgid' }
const off = 'Whether a no of that application is final.'
const S = ['FastCgiServer'] as const
const C = ['FastCgiConfig'] as const
const SE = ['FastCgiServer', 'FastCgiExternalServer'] as const
const SC = ['FastCgiServer', 'FastCgiConfig'] as const
const SEC = ['FastCgiServer', 'FastCgiExternalServer', 'FastCgiConfig'] as const
const count = (min: number) => ({ kind: 'number', min }) as const
const percent = { kind: 'number', min: 0 } as const
const plan = 'member.process'

/** mod_fastcgi, its options by their names. An option's `where` is the directives that take it. */
export const fastcgiRows: r.Rows = [
  fastcgi(
    'FastCgiServer',
    r.servers,
    r.atLeast(1),
    read('bindings'),
    'An application that the server starts.'
  ),
  fastcgi(
    'AppClass',
    r.servers,
    r.atLeast(1),
    read('bindings'),
    'An application that the server starts.',
    formerly('FastCgiServer')
  ),
  fastcgi(
    'FastCgiExternalServer',
    r.servers,
    r.atLeast(1),
    read('bindings'),
    'An application that something else starts.'
  ),
  fastcgi(
    'ExternalAppClass',
    r.servers,
    r.atLeast(1),
    read('bindings'),
    'An application that something else starts.',
    formerly('FastCgiExternalServer')
  ),
  fastcgi('FastCgiConfig', r.main, r.any, read(plan), 'How applications without a definition are started.'),
  fastcgi(
    'FCGIConfig',
    r.main,
    r.any,
    read(plan),
    'How applications without a definition are started.',
    formerly('FastCgiConfig')
  ),
  fastcgi('FastCgiIpcDir', r.main, r.path, read('member.address'), 'Folder of sockets.', {
    default: '/var/run/apache2/fastcgi'
  }),
  fastcgi('FastCgiWrapper', r.main, r.text, read(plan), 'Program that starts applications as another user.', {
    default: 'Off'
  }),
  fastcgi(
    'FastCgiSuexec',
    r.main,
    r.text,
    read(plan),
    'Program that starts applications as another user.',
    formerly('FastCgiWrapper')
  ),
  fastcgi('FastCgiAuthenticator', r.sections, r.words(1, 2), read('bindings'), auth('authenticates'), both),
  fastcgi('FastCgiAuthorizer', r.sections, r.words(1, 2), read('bindings'), auth('authorizes'), both),
  fastcgi(
    'FastCgiAccessChecker',
    r.sections,
    r.words(1, 2),
    read('bindings'),
    auth('checks access for'),
    both
  ),
  fastcgi('FastCgiAuthenticatorAuthoritative', r.sections, r.flag, read('bindings'), off, {
    default: 'On',
    ...both
  }),
  fastcgi('FastCgiAuthorizerAuthoritative', r.sections, r.flag, read('bindings'), off, {
    default: 'On',
    ...both
  }),
  fastcgi('FastCgiAccessCheckerAuthoritative', r.sections, r.flag, read('bindings'), off, {
    default: 'On',
    ...both
  }),

  fastcgi(
    '-appConnTimeout',
    SEC,
    count(0),
    read('pool.connection.connectTimeout'),
    'Seconds to connect; 0 waits as long as it takes.',
    { default: '0' }
  ),
  fastcgi('-autoUpdate', C, r.flag, read(`${plan}.manager`), 'Start again when the program changed.', {
    default: 'off'
  }),
  fastcgi('-flush', SEC, r.flag, read('target.response'), 'Send each piece of an answer at once.', {
    default: 'off'
  }),
  fastcgi('-gainValue', C, r.text, read(`${plan}.manager`), 'Weight of the newest load, 0 to 1.', {
    default: '0.5'
  }),
  fastcgi('-group', SE, r.text, read(`${plan}.group`), 'Group of the processes; only with a wrapper.'),
  fastcgi(
    '-host',
    ['FastCgiExternalServer'],
    r.text,
    read('member.address'),
    'Host and port the application listens on.'
  ),
  fastcgi(
    '-idle-timeout',
    SEC,
    count(1),
    read('pool.connection.readTimeout'),
    'Seconds of silence until 500.',
    { default: '30' }
  ),
  fastcgi(
    '-init-start-delay',
    SC,
    count(0),
    read(`${plan}.restart.startDelay`),
    'Seconds between the first starts of one program.',
    { default: '1' }
  ),
  fastcgi(
    '-initial-env',
    SC,
    r.text,
    read(`${plan}.environment`),
    'Variable of the processes: NAME=VALUE, or NAME to copy it.'
  ),
  fastcgi(
    '-killInterval',
    C,
    count(1),
    read(`${plan}.manager`),
    'Seconds between looks for idle processes.',
    { default: '300' }
  ),
  fastcgi('-listen-queue-depth', SC, count(1), read(`${plan}.backlog`), 'Backlog of the listening socket.', {
    default: '100'
  }),
  fastcgi('-maxClassProcesses', C, count(1), read(`${plan}.maximum`), 'Most processes of one program.', {
    default: '10'
  }),
  fastcgi('-maxProcesses', C, count(1), read(`${plan}.manager`), 'Most processes of all programs.', {
    default: '50'
  }),
  fastcgi(
    '-min-server-life',
    SC,
    count(0),
    read(`${plan}.restart.minimumLife`),
    'Seconds a process must live to count as started.',
    { default: '30' }
  ),
  fastcgi('-minProcesses', C, count(0), read(`${plan}.manager`), 'Processes in all that are kept.', {
    default: '5'
  }),
  fastcgi(
    '-multiThreshold',
    C,
    percent,
    read(`${plan}.manager`),
    'Load in percent below which one of several processes is ended.',
    { default: '50' }
  ),
  fastcgi(
    '-multiThreshhold',
    C,
    percent,
    read(`${plan}.manager`),
    'Load in percent below which one of several processes is ended.',
    formerly('-multiThreshold')
  ),
  fastcgi('-nph', SE, r.flag, read('target.unparsed'), 'The application writes the status line itself.', {
    default: 'off'
  }),
  fastcgi('-pass-header', SEC, r.text, read('target.params'), 'Request header to tell the application.'),
  fastcgi(
    '-port',
    S,
    { kind: 'number', min: 1, max: 65535 },
    read('member.address'),
    'TCP port for the processes, on all interfaces.'
  ),
  fastcgi('-priority', S, count(0), read(`${plan}.priority`), 'Nice value of the processes.', {
    default: '0'
  }),
  fastcgi('-processes', S, count(1), read(`${plan}.maximum`), 'Processes to start.', { default: '1' }),
  fastcgi(
    '-processSlack',
    C,
    count(1),
    read(`${plan}.manager`),
    'Processes below the maximum at which others are ended.',
    { default: '5' }
  ),
  fastcgi('-restart', C, r.flag, read(`${plan}.manager`), 'Start dynamic programs again that ended.', {
    default: 'off'
  }),
  fastcgi(
    '-restart-delay',
    SC,
    count(0),
    read(`${plan}.restart.delay`),
    'Seconds between two starts of one program.',
    { default: '5' }
  ),
  fastcgi(
    '-singleThreshold',
    C,
    percent,
    read(`${plan}.manager`),
    'Load in percent below which the last process is ended.',
    { default: '0' }
  ),
  fastcgi(
    '-singleThreshhold',
    C,
    percent,
    read(`${plan}.manager`),
    'Load in percent below which the last process is ended.',
    formerly('-singleThreshold')
  ),
  fastcgi(
    '-socket',
    SE,
    r.path,
    read('member.address'),
    'Unix socket; a relative one lies in FastCgiIpcDir.'
  ),
  fastcgi(
    '-startDelay',
    C,
    count(1),
    read(`${plan}.manager`),
    'Seconds without an answer until another process is started.',
    { default: '3' }
  ),
  fastcgi(
    '-updateInterval',
    C,
    count(1),
    read(`${plan}.manager`),
    'Seconds between two measurements of load.',
    { default: '300' }
  ),
  fastcgi('-user', SE, r.text, read(`${plan}.user`), 'User of the processes; only with a wrapper.'),
  fastcgi(
    '-compat',
    ['FastCgiAuthenticator', 'FastCgiAuthorizer', 'FastCgiAccessChecker'],
    r.flag,
    read('response.authorizer'),
    'Follow the specification strictly.',
    { default: 'off' }
  )
]
