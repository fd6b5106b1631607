import { isKnownStatus } from '../statuses.js'
import { parseExpression } from './expression.js'
import type { Line } from './line.js'
import type { Place } from './place.js'
import { parseBackend, runtimeDirectory } from './proxy.js'
import { argumentsOf } from './rewrite-texts.js'

/** What is wrong with a directive's words beyond their number; undefined: nothing. */
type Check = (words: readonly string[], line: Line, around: Around) => string | undefined

interface Around {
  readonly place: Place
  /** Whether other lines give the name to what `Require` asks; absent where lines may be missing. */
  readonly isNamed?: (authority: string) => boolean
}

/** What httpd's modules say of the words of a directive while they read it, in words of our own. */
export function valuesProblem(line: Line, around: Around): string | undefined {
  return checks.get(line.name)?.(
    line.words.map(({ value }) => value),
    line,
    around
  )
}

const isIn = (names: readonly string[], word: string): boolean => names.includes(word.toLowerCase())

const eachOf =
  (names: readonly string[], what: string): Check =>
  (words) => {
    const odd = words.find((word) => !isIn(names, word))
    return odd === undefined ? undefined : `\`${odd}\` is no ${what}`
  }

const firstOf =
  (names: readonly string[], what: string): Check =>
  ([first = '']) =>
    isIn(names, first) ? undefined : `\`${first}\` is no ${what}`

const options = [
  ...['none', 'all', 'indexes', 'includes', 'includesnoexec', 'followsymlinks', 'symlinksifownermatch'],
  ...['execcgi', 'multiviews', 'runscripts']
]

const tokens = ['prod', 'productonly', 'major', 'minor', 'min', 'minimal', 'os', 'full']

const protocols = [...['unsafe', 'strict', 'registeredmethods', 'lenientmethods', 'allow0.9', 'require1.0']]

const authorities = [
  ...['all', 'env', 'method', 'expr', 'ip', 'host', 'forward-dns', 'local', 'user', 'valid-user', 'group'],
  ...['file-owner', 'file-group', 'dbm-group', 'dbm-file-group', 'dbd-group', 'dbd-login', 'dbd-logout'],
  ...[
    'ldap-user',
    'ldap-group',
    'ldap-dn',
    'ldap-attribute',
    'ldap-filter',
    'ldap-search',
    'ssl',
    'ssl-verify-client'
  ]
]

const isServer = ({ context }: Place): boolean => context === 'main' || context === 'vhost'

const alias: Check = (words, { name }, { place }) => {
  if (words.length === 1 && isServer(place)) return `\`${name}\` takes two arguments outside of sections`
  return words.length > 1 && !isServer(place) ? `\`${name}\` takes one argument in a section` : undefined
}

const virtual: Check = ([format = '']) =>
  format.startsWith('/') || isIn(['none'], format)
    ? undefined
    : `\`${format}\` is neither \`none\` nor a whole path`

const from: Check = ([first = '']) => (isIn(['from'], first) ? undefined : 'the first word must be `from`')

/** mod_rewrite takes its lines apart itself. */
const rewriting =
  (flags: RegExp | undefined): Check =>
  (_, { name, text }) => {
    const [, second, third] = argumentsOf(text)
    // A word in quotes may stand alone: the other one is empty then.
    const isAlone = second === undefined && !/^\s*(["']).*\1\s*$/s.test(text)
    if (isAlone) return `\`${name}\` needs at least 2 arguments`
    if (third === undefined) return undefined
    if (!/^\[.*\]$/s.test(third)) return `the flags \`${third}\` must stand in \`[\` and \`]\``
    const odd = third
      .slice(1, -1)
      .split(',')
      .map((flag) => flag.trim())
      .find((flag) => flag !== '' && flags?.test(flag) === false)
    return odd === undefined ? undefined : `there is no flag \`${odd}\``
  }

const ruleFlags =
  /^(?:B(?:ackrefescaping)?(?:=.*)?|BNE=.+|BNP|backrefnoplus|BCTLS|C(?:hain)?|CO=.*|cookie=.*|D(?:PI|iscardpath)?|E(?:nv)?(?:=.*)?|END|F(?:orbidden)?|G(?:one)?|H(?:andler)?(?:=.*)?|L(?:ast)?|N(?:ext)?(?:=.*)?|NE|noescape|NS|nosubreq|NC|nocase|P(?:roxy)?|PT|passthrough|QSA|qsappend|QSD|qsdiscard|QSL|qslast|R(?:edirect)?(?:=.*)?|S(?:kip)?(?:=.*)?|T(?:ype)?(?:=.*)?|UnsafePrefixStat|UnsafeAllow3F|UNC)$/i
const conditionFlags = /^(?:NC|nocase|OR|ornext|NV|novary)$/i

const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    'Options',
    (words) => {
      const odd = words.find((word) => !isIn(options, word.replace(/^[+-]/, '')))
      return odd === undefined ? undefined : `\`${odd}\` is no option`
    }
  ],
  ['ServerTokens', firstOf(tokens, 'extent that `ServerTokens` knows')],
  ['HttpProtocolOptions', eachOf(protocols, 'option of the protocol')],
  [
    'LimitInternalRecursion',
    (words) =>
      words.every((word) => Number.parseInt(word, 10) > 0) ? undefined : 'the limit must be greater than 0'
  ],
  [
    'CGIVar',
    ([name = '', value = '']) =>
      isIn(['request_uri'], name) && isIn(['original-uri', 'current-uri'], value)
        ? undefined
        : 'it takes `REQUEST_URI` and `original-uri` or `current-uri`'
  ],
  [
    'ErrorDocument',
    ([status = '']) =>
      isKnownStatus(Number.parseInt(status, 10)) ? undefined : `\`${status}\` is no status that httpd knows`
  ],
  ['Alias', alias],
  ['ScriptAlias', alias],
  [
    'Action',
    ([, , third]) =>
      third === undefined || isIn(['virtual'], third) ? undefined : `there is no option \`${third}\``
  ],
  ['MultiviewsMatch', eachOf(['any', 'negotiatedonly', 'filters', 'handlers'], 'kind of file')],
  [
    'DirectoryIndexRedirect',
    ([first = '']) =>
      isIn(['on', 'off', 'permanent', 'temp', 'seeother'], first) || /^3\d\d/.test(first)
        ? undefined
        : `\`${first}\` is no redirect`
  ],
  ['VirtualDocumentRoot', virtual],
  ['VirtualDocumentRootIP', virtual],
  ['VirtualScriptAlias', virtual],
  ['VirtualScriptAliasIP', virtual],
  [
    'SetEnvIfExpr',
    ([text = '']) => {
      const read = parseExpression(text)
      return 'wrong' in read ? read.wrong : undefined
    }
  ],
  ['RewriteRule', rewriting(ruleFlags)],
  ['RewriteCond', rewriting(conditionFlags)],
  [
    'RewriteBase',
    ([url = '']) => (url.startsWith('/') ? undefined : `\`${url}\` is no URL that begins with a slash`)
  ],
  [
    'Require',
    (words, _, { isNamed }) => {
      const [first] = words.filter((word, index) => index > 0 || !isIn(['not'], word))
      if (first === undefined || isNamed === undefined || isIn(authorities, first)) return undefined
      return isNamed(first.toLowerCase()) ? undefined : `nobody says what \`${first}\` is`
    }
  ],
  ['Order', firstOf(['deny,allow', 'allow,deny', 'mutual-failure'], 'order')],
  ['Allow', from],
  ['Deny', from],
  [
    'AuthnzFcgiCheckAuthnProvider',
    ([, ...words]) => {
      const odd = words.find(
        (word, index) =>
          index % 2 === 0 && !isIn(['authoritative', 'defaultuser', 'requirebasicauth', 'userexpr'], word)
      )
      if (words.length % 2 === 1) return `\`${words.at(-1) ?? ''}\` needs an argument`
      return odd === undefined ? undefined : `there is no option \`${odd}\``
    }
  ],
  ['AuthnzFcgiDefineProvider', firstOf(['authn', 'authz', 'authnz'], 'type of provider')],
  [
    'ProxySet',
    ([first = ''], _, { place }) =>
      place.context === 'proxy' ||
      first.includes('=') ||
      parseBackend(first, runtimeDirectory) !== undefined ||
      /^[a-z]+:\/\//i.test(first)
        ? undefined
        : `there is no worker \`${first}\``
  ]
])
