import { outside, read, type RowState } from '../../vocabulary.js'
import type { Shape } from '../../vocabulary.js'
import * as r from './row.js'

const fcgid = r.inModule('mod_fcgid', 'mod_fcgid.html')
type Entry = ReturnType<typeof fcgid>

/** A directive with the names it had before 2.3.6. */
function renamed(
  name: string,
  old: readonly string[],
  where: readonly string[],
  shape: Shape,
  state: RowState,
  doc: string,
  standard?: string
): readonly Entry[] {
  const more = standard === undefined ? {} : { default: standard }
  const deprecated = { since: '2.3.6', instead: name }
  return [
    fcgid(name, where, shape, state, doc, more),
    ...old.map((one) => fcgid(one, where, shape, state, doc, { ...more, deprecated }))
  ]
}

const plan = 'member.process'
const manager = read(`${plan}.manager`)
const auth = (what: string) => `Program that ${what} requests of this scope.`
const final = 'Whether a no of that program is final.'

export const fcgidRows: r.Rows = [
  ...renamed(
    'FcgidWrapper',
    ['FCGIWrapper'],
    r.anywhereAndHtaccess,
    r.words(1, 3),
    read('bindings'),
    'Program that answers for the files of an extension.'
  ),
  ...renamed(
    'FcgidInitialEnv',
    ['DefaultInitEnv'],
    r.servers,
    r.words(1, 2),
    read(`${plan}.environment`),
    'Variable of the processes.'
  ),
  ...renamed(
    'FcgidMaxProcesses',
    ['MaxProcessCount'],
    r.main,
    r.number,
    manager,
    'Most processes in all.',
    '1000'
  ),
  ...renamed(
    'FcgidMaxProcessesPerClass',
    ['DefaultMaxClassProcessCount'],
    r.servers,
    r.number,
    read(`${plan}.maximum`),
    'Most processes of one program.',
    '100'
  ),
  ...renamed(
    'FcgidMinProcessesPerClass',
    ['DefaultMinClassProcessCount'],
    r.servers,
    r.number,
    manager,
    'Idle processes of one program that are kept.',
    '3'
  ),
  ...renamed(
    'FcgidMaxRequestLen',
    ['MaxRequestLen'],
    r.servers,
    { kind: 'number', min: 0 },
    read('maxBodySize'),
    'Most bytes of a request body.',
    '131072'
  ),
  ...renamed(
    'FcgidMaxRequestInMem',
    ['MaxRequestInMem'],
    r.servers,
    r.number,
    outside('buffers'),
    'Most bytes of a request body in memory.',
    '65536'
  ),
  ...renamed(
    'FcgidMaxRequestsPerProcess',
    ['MaxRequestsPerProcess'],
    r.servers,
    r.number,
    manager,
    'Requests after which a process is ended; 0 is no limit.',
    '0'
  ),
  ...renamed(
    'FcgidIOTimeout',
    ['IPCCommTimeout'],
    r.servers,
    { kind: 'number', min: 1 },
    read('pool.connection.readTimeout'),
    'Seconds of silence until 500.',
    '40'
  ),
  ...renamed(
    'FcgidConnectTimeout',
    ['IPCConnectTimeout'],
    r.servers,
    r.number,
    read('pool.connection.connectTimeout'),
    'Seconds to connect.',
    '3'
  ),
  ...renamed(
    'FcgidBusyTimeout',
    ['BusyTimeout'],
    r.servers,
    r.number,
    manager,
    'Seconds after which a busy process is ended.',
    '300'
  ),
  ...renamed(
    'FcgidBusyScanInterval',
    ['BusyScanInterval'],
    r.main,
    r.number,
    manager,
    'Seconds between looks for busy processes.',
    '120'
  ),
  ...renamed(
    'FcgidIdleTimeout',
    ['IdleTimeout'],
    r.servers,
    r.number,
    manager,
    'Seconds after which an idle process is ended.',
    '300'
  ),
  ...renamed(
    'FcgidIdleScanInterval',
    ['IdleScanInterval'],
    r.main,
    r.number,
    manager,
    'Seconds between looks for idle processes.',
    '120'
  ),
  ...renamed(
    'FcgidProcessLifeTime',
    ['ProcessLifeTime'],
    r.servers,
    r.number,
    manager,
    'Seconds after which an idle process is ended whatever it did.',
    '3600'
  ),
  ...renamed(
    'FcgidErrorScanInterval',
    ['ErrorScanInterval'],
    r.main,
    r.number,
    manager,
    'Seconds between looks for broken processes.',
    '3'
  ),
  ...renamed(
    'FcgidZombieScanInterval',
    ['ZombieScanInterval'],
    r.main,
    r.number,
    outside('process table'),
    'Seconds between looks for ended processes.',
    '3'
  ),
  ...renamed(
    'FcgidSpawnScore',
    ['SpawnScore'],
    r.main,
    r.number,
    manager,
    'What a start adds to the score.',
    '1'
  ),
  ...renamed(
    'FcgidTerminationScore',
    ['TerminationScore'],
    r.main,
    r.number,
    manager,
    'What an end adds to the score.',
    '2'
  ),
  ...renamed(
    'FcgidTimeScore',
    ['TimeScore'],
    r.main,
    r.number,
    manager,
    'What a second takes off the score.',
    '1'
  ),
  ...renamed(
    'FcgidSpawnScoreUpLimit',
    ['SpawnScoreUpLimit'],
    r.main,
    r.number,
    manager,
    'Score at which nothing more is started.',
    '10'
  ),
  ...renamed(
    'FcgidPassHeader',
    ['PassHeader'],
    r.servers,
    r.text,
    read('target.params'),
    'Request header to tell the application, under two names.'
  ),
  ...renamed(
    'FcgidFixPathinfo',
    ['PHP_Fix_Pathinfo_Enable'],
    r.main,
    r.number,
    read('target.params'),
    'Nothing, as seen in 2.3.9.',
    '0'
  ),
  ...renamed(
    'FcgidOutputBufferSize',
    ['OutputBufferSize'],
    r.servers,
    r.number,
    outside('buffers'),
    'Bytes of an answer that are collected.',
    '65536'
  ),
  ...renamed('FcgidIPCDir', ['SocketPath'], r.main, r.path, read('member.address'), 'Folder of sockets.'),
  ...renamed(
    'FcgidProcessTableFile',
    ['SharememPath'],
    r.main,
    r.path,
    outside('shared memory'),
    'File of the process table.'
  ),
  fcgid(
    'FcgidCmdOptions',
    r.servers,
    r.atLeast(2),
    read(plan),
    'Settings for one program, in place of the general ones.'
  ),
  fcgid('FcgidAuthenticator', r.anywhereAndHtaccess, r.text, read('bindings'), auth('authenticates')),
  fcgid('FcgidAuthorizer', r.anywhereAndHtaccess, r.text, read('bindings'), auth('authorizes')),
  fcgid('FcgidAccessChecker', r.anywhereAndHtaccess, r.text, read('bindings'), auth('checks access for')),
  fcgid('FcgidAuthenticatorAuthoritative', r.anywhereAndHtaccess, r.flag, read('bindings'), final, {
    default: 'On'
  }),
  fcgid('FcgidAuthorizerAuthoritative', r.anywhereAndHtaccess, r.flag, read('bindings'), final, {
    default: 'On'
  }),
  fcgid('FcgidAccessCheckerAuthoritative', r.anywhereAndHtaccess, r.flag, read('bindings'), final, {
    default: 'On'
  })
]
