import fc from 'fast-check'
import { hosts, paths } from './words.js'

/** Heads of blocks: `$HTTP["url"] =~ "^/app"`. */

interface Field {
  readonly name: string
  readonly texts: readonly string[]
  readonly patterns: readonly string[]
  readonly weight: number
}

const fields: readonly Field[] = [
  {
    name: '$HTTP["url"]',
    texts: [...paths, '/a b.txt', '.php', '/static/', '/sta'],
    patterns: [
      '^/app',
      '\\.php$',
      '^/app/(.*)$',
      '/info',
      '^/(app|dir)/([^/]*)',
      '^/$',
      'x',
      '^/static/',
      '^/app/info\\.php$',
      '(?i)INFO',
      '^(?!/app)',
      ''
    ],
    weight: 8
  },
  {
    name: '$HTTP["host"]',
    texts: hosts,
    patterns: ['^(www\\.)?example\\.com$', 'example', '^([^.]+)\\.', '\\.com$', 'Example', '^localhost'],
    weight: 6
  },
  {
    name: '$HTTP["query-string"]',
    texts: ['', 'a=1', 'id=7&x=%20y'],
    patterns: ['(^|&)id=([0-9]+)', 'a=1', '^$', '%20'],
    weight: 2
  },
  { name: '$HTTP["querystring"]', texts: ['a=1', ''], patterns: ['a=(.)'], weight: 1 },
  {
    name: '$HTTP["request-method"]',
    texts: ['GET', 'POST', 'HEAD', 'get'],
    patterns: ['^(GET|HEAD)$', 'P'],
    weight: 2
  },
  { name: '$HTTP["scheme"]', texts: ['http', 'https'], patterns: ['s$'], weight: 1 },
  {
    name: '$HTTP["remote-ip"]',
    texts: ['127.0.0.1', '127.0.0.0/8', '10.0.0.0/8', '::1', '::ffff:127.0.0.1', '0.0.0.0/0', '127.0.0.1/33'],
    patterns: ['^127\\.', '^10\\.'],
    weight: 1
  },
  { name: '$HTTP["referer"]', texts: ['http://example.com/', ''], patterns: ['example', '^$'], weight: 1 },
  { name: '$HTTP["user-agent"]', texts: ['curl/8', ''], patterns: ['^curl', 'Curl'], weight: 1 },
  { name: '$HTTP["useragent"]', texts: ['curl/8'], patterns: ['curl'], weight: 1 },
  { name: '$HTTP["cookie"]', texts: ['k=v', ''], patterns: ['(^|; )k=(\\w+)'], weight: 1 },
  { name: '$HTTP["language"]', texts: ['de'], patterns: ['^de'], weight: 1 },
  { name: '$REQUEST_HEADER["X-Test"]', texts: ['1', '', 'one, two'], patterns: ['^(.)', 'two$'], weight: 2 },
  { name: '$REQUEST_HEADER["host"]', texts: ['example.com'], patterns: ['^www'], weight: 1 },
  {
    name: '$SERVER["socket"]',
    texts: ['127.0.0.1:@PORT2@', '127.0.0.1:@PORT@'],
    patterns: [],
    weight: 1
  }
]

/** Refused, or never true. */
const odd = [
  '$HTTP["nope"] == "x"',
  '$HTTP["remote-ip"] == "nowhere"',
  '$HTTP["url"] =~ "("',
  '$HTTP["url"] = "/app"',
  '$HTTP["url"] == 7',
  '$HTTP["url"] =~ "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)"'
]

const text = (value: string): string => `"${value.replaceAll('"', '\\"')}"`

function headOf({ name, texts, patterns }: Field): fc.Arbitrary<string> {
  if (patterns.length === 0) return fc.constantFrom(...texts).map((value) => `${name} == ${text(value)}`)
  const plain = fc
    .tuple(fc.constantFrom('==', '=^', '=$', '!='), fc.constantFrom(...texts))
    .map(([operator, value]) => `${name} ${operator} ${text(value)}`)
  const regex = fc
    .tuple(fc.constantFrom('=~', '=~', '!~'), fc.constantFrom(...patterns))
    .map(([operator, value]) => `${name} ${operator} ${text(value)}`)
  return fc.oneof(plain, regex)
}

export const condition: fc.Arbitrary<string> = fc.oneof(
  ...fields.map((field) => ({ weight: field.weight * 60, arbitrary: headOf(field) })),
  { weight: 2, arbitrary: fc.constantFrom(...odd) }
)

/** Conditions that capture something. */
export const capturingCondition: fc.Arbitrary<string> = fc.constantFrom(
  '$HTTP["url"] =~ "^/app/(.*)$"',
  '$HTTP["host"] =~ "^([^.]+)\\."',
  '$HTTP["query-string"] =~ "(?:^|&)id=([0-9]+)"',
  '$REQUEST_HEADER["X-Test"] =~ "^(.)"'
)
