import fc from 'fast-check'
import { mostly } from '../words.js'
import { list, oneQuoted, table } from './words.js'

/** Values of the fastcgi.* directives. */

const on = fc.constantFrom('"enable"', '1', '"true"', '"Enabled"')
const off = fc.constantFrom('"disable"', '0', '"false"', '"DISABLED"')
const flag = fc.oneof(on, off)

const running = [
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c').map((name) => [`"socket" => "@UNIX:${name}@"`]) },
  {
    weight: 2,
    arbitrary: fc.constant(['"host" => "@TCPHOST:t@"', '"port" => @TCPPORT:t@'])
  },
  { weight: 1, arbitrary: fc.constant(['"host" => "@UNIX:b@"']) }
]
const address = fc.oneof(...running, {
  weight: 1,
  // How long it stays out is not left to seconds that a busy machine may take.
  arbitrary: fc.constant(['"socket" => "@ROOT@/run/none.sock"', '"disable-time" => 3600'])
})

interface Option {
  readonly name: string
  readonly value: fc.Arbitrary<string>
  readonly weight: number
}

const options: readonly Option[] = [
  { name: 'check-local', value: mostly(off, on, 3), weight: 12 },
  {
    name: 'docroot',
    value: oneQuoted('@ROOT@/alt', '/srv/app', '@ROOT@/alt/', '/', ''),
    weight: 2
  },
  { name: 'broken-scriptfilename', value: flag, weight: 1 },
  { name: 'fix-root-scriptname', value: mostly(on, off), weight: 2 },
  { name: 'strip-request-uri', value: oneQuoted('/app', '/app/', '/', '', '/app/x'), weight: 1 },
  {
    name: 'mode',
    value: fc.oneof(
      { weight: 6, arbitrary: fc.constant('"authorizer"') },
      { weight: 1, arbitrary: oneQuoted('responder', 'Authorizer', 'filter', '') }
    ),
    weight: 2
  },
  { name: 'x-sendfile', value: mostly(on, off), weight: 2 },
  { name: 'allow-x-send-file', value: flag, weight: 1 },
  {
    name: 'x-sendfile-docroot',
    value: list(
      fc.array(oneQuoted('@ROOT@/send', '@ROOT@/send/', '@ROOT@', '@ROOT@/www/../send', '/'), {
        maxLength: 2
      })
    ),
    weight: 1
  },
  { name: 'Check-Local', value: off, weight: 1 },
  { name: 'check_local', value: off, weight: 1 },
  { name: 'max-procs', value: fc.constantFrom('1', '"4"', '0'), weight: 1 },
  { name: 'disable-time', value: fc.constantFrom('0', '1', '"60"', '65535'), weight: 1 },
  { name: 'read-timeout', value: fc.constantFrom('30', '"0"'), weight: 1 },
  { name: 'unknown', value: fc.constantFrom('"x"', '( "a" )', '7'), weight: 1 },
  // Refused or odd.
  { name: 'port', value: fc.constantFrom('"90x"', '70000', '()'), weight: 0.05 },
  { name: 'docroot', value: fc.constantFrom('7', '()'), weight: 0.05 },
  { name: 'check-local', value: fc.constantFrom('"on"', '()'), weight: 0.05 },
  { name: 'x-sendfile-docroot', value: fc.constantFrom('( "relative" )', '"@ROOT@"', '( 7 )'), weight: 0.05 }
]

const option = fc.oneof(
  ...options.map(({ name, value, weight }) => ({
    weight: weight * 20,
    arbitrary: fc.tuple(fc.constant(name), value)
  }))
)

const hostEntries = (where: fc.Arbitrary<readonly string[]>): fc.Arbitrary<readonly string[]> =>
  fc
    .tuple(
      where,
      fc.uniqueArray(option, { selector: ([name]) => name.toLowerCase(), maxLength: 4 }),
      fc.nat()
    )
    .map(([where, more, turn]) => {
      const isSaid = (name: string): boolean => where.some((text) => text.startsWith(`"${name}"`))
      const others = more.filter(([name]) => !isSaid(name))
      const all = [...where, ...others.map(([name, value]) => `"${name}" => ${value}`)]
      const at = turn % all.length
      return [...all.slice(at), ...all.slice(0, at)]
    })

// One of several is running: when 1.4.69 tries one again that was not is a matter of seconds.
const host = list(hostEntries(fc.oneof(...running)))
const lonelyHost = list(hostEntries(address))

const labelled = fc
  .uniqueArray(fc.tuple(fc.constantFrom('one', 'two', 'three'), host), {
    selector: ([label]) => label,
    minLength: 1,
    maxLength: 3
  })
  .map((all) => all.map(([label, text]) => `"${label}" => ${text}`))

const hosts = fc.oneof(
  { weight: 12, arbitrary: list(fc.tuple(lonelyHost)) },
  { weight: 3, arbitrary: list(fc.array(host, { minLength: 2, maxLength: 3 })) },
  { weight: 3, arbitrary: list(labelled) },
  { weight: 1, arbitrary: fc.constant('()') }
)

export const extensions = [
  '.php',
  '/app/',
  '/app',
  '.php',
  '/',
  '/',
  '',
  '/app/info.php',
  '/private/',
  '/static/',
  '.inc',
  '.jpg',
  '.PHP',
  'info.php',
  '*.php',
  '/dir',
  '.html'
] as const

export const server = mostly(
  table(fc.constantFrom(...extensions), hosts, { minLength: 1, maxLength: 4 }),
  fc.oneof(
    { weight: 10, arbitrary: fc.constant('()') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '(( ))',
        '( ".php" => "x" )',
        '"x"',
        '( ".php" )',
        '( ".php" => ( "a" => 1 ) )'
      )
    }
  ),
  25
)

export const mapExtensions = table(
  fc.constantFrom('.inc', '.html', '.jpg', '/x', '.txt', 'info.php'),
  oneQuoted(...extensions),
  { minLength: 1, maxLength: 3 }
)

export const balance = mostly(
  oneQuoted('round-robin', 'hash', 'sticky', 'least-connection', 'fair'),
  fc.oneof({ weight: 4, arbitrary: oneQuoted('Hash', 'x', '') }, { weight: 1, arbitrary: fc.constant('7') })
)
