import { nearest } from '../../diagnostics/index.js'
import type { Block, Held } from './blocks.js'
import type { Modules } from './modules.js'
import { fits, flagOf } from './options.js'
import type { Problems } from './problems.js'
import { regexProblem } from './regex.js'
import { isParseOption, parseOptions } from './request.js'
import type { Entry, Value } from './values.js'
import { lighttpdVocabulary } from './vocabulary.js'

/** What the server checks when all is read: values against the types of their directives, and a few rules of their own. */
export function checkBlocks(blocks: readonly Block[], modules: Modules, problems: Problems): void {
  for (const block of blocks) {
    for (const [key, held] of block.held) {
      const row = lighttpdVocabulary.get(key)
      if (row === undefined || (row.module !== undefined && !modules.isLoaded(row.module))) continue
      if (row.where[0] === 'server' && block.parent !== undefined) continue
      // The hosts of fastcgi.server are checked where they are read.
      if (key === 'fastcgi.server') continue
      if (fits(held.name, held.value, row.shape, problems)) rules.get(key)?.(held, problems)
    }
    if (modules.isWhole) checkCertificate(block, problems)
  }
}

function checkCertificate(block: Block, problems: Problems): void {
  const engine = block.held.get('ssl.engine')
  if (engine === undefined || flagOf(engine.value) !== true || block.find('ssl.pemfile') !== undefined) return
  problems.refuse('certificate-missing', engine.origin, '`ssl.engine` is on, and no `ssl.pemfile` is set', {
    hint: 'set `ssl.pemfile` to the file with the certificate'
  })
}

type Check = (held: Held, problems: Problems) => void

const rules: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['alias.url', checkAliases],
  ['fastcgi.balance', checkBalance],
  ['auth.backend', checkBackend],
  ...['scgi', 'proxy', 'ajp13', 'sockproxy', 'wstunnel'].map((name): [string, Check] => [
    `${name}.server`,
    checkHosts
  ]),
  ['server.http-parseopts', checkParseOptions],
  ...[
    'url.rewrite',
    'url.rewrite-once',
    'url.rewrite-final',
    'url.rewrite-repeat',
    'url.rewrite-if-not-file',
    'url.rewrite-repeat-if-not-file',
    'url.redirect'
  ].map((name): [string, Check] => [name, checkPatterns])
])

function entriesOf(value: Value): readonly Entry[] {
  return value.kind === 'list' ? value.entries : []
}

/** An entry directly behind a shorter prefix of it can never match; the server sees only neighbours. */
function checkAliases({ value }: Held, problems: Problems): void {
  const entries = entriesOf(value)
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1]
    if (before?.key === undefined || entry.key?.startsWith(before.key) !== true) continue
    problems.refuse(
      'alias-order',
      entry.span,
      `Unexpected alias \`${entry.key}\`: \`${before.key}\` before it takes all its requests`,
      {
        hint: 'put the longer one first',
        related: [{ span: before.span, message: 'the shorter one is here' }]
      }
    )
  }
}

const balances = ['least-connection', 'round-robin', 'hash', 'sticky']

function checkBalance({ value }: Held, problems: Problems): void {
  if (value.kind !== 'string' || value.text === '' || value.text === 'fair' || balances.includes(value.text))
    return
  problems.warn(
    'unknown-balance',
    value.span,
    `Unexpected \`${value.text}\`: the server balances by \`least-connection\``,
    {
      hint: `write one of \`${balances.join('`, `')}\`, in small letters`
    }
  )
}

const backends = 'dbi gssapi htdigest htpasswd ldap mysql pam plain sasl'.split(' ')

function checkBackend({ value }: Held, problems: Problems): void {
  if (value.kind !== 'string' || value.text === '' || backends.includes(value.text)) return
  problems.refuse('auth-backend', value.span, `Unexpected backend \`${value.text}\``, {
    hint: `write one of \`${backends.join('`, `')}\``
  })
}

/** As for fastcgi.server, each host has parentheses of its own. */
function checkHosts({ name, value }: Held, problems: Problems): void {
  for (const { key = '', value: hosts } of entriesOf(value)) {
    const wrong = entriesOf(hosts).find(
      (host) => host.value.kind !== 'list' || host.value.entries.some((option) => option.key === undefined)
    )
    if (wrong === undefined) continue
    problems.refuse(
      'host-structure',
      wrong.span,
      `Unexpected value in the hosts of \`${key}\` in \`${name}\`, expected a list of options`,
      { hint: 'each host has parentheses of its own: `"extension" => (( "option" => value, … ))`' }
    )
  }
}

function checkPatterns({ value }: Held, problems: Problems): void {
  for (const { key, span } of entriesOf(value)) {
    const problem = key === undefined ? undefined : regexProblem(key)
    if (problem !== undefined) {
      problems.refuse('regex', span, `Unexpected regular expression \`${key ?? ''}\`: ${problem}`)
    }
  }
}

function checkParseOptions({ value }: Held, problems: Problems): void {
  const on = new Set(Object.entries(parseOptions).flatMap(([name, isOn]) => (isOn ? [name] : [])))
  for (const { key = '', value: asked, span } of entriesOf(value)) {
    const flag = flagOf(asked)
    if (!isParseOption(key)) {
      const meant = nearest(key, Object.keys(parseOptions))
      problems.refuse('parse-option', span, `Unexpected parse option \`${key}\``, {
        ...(meant !== undefined && { hint: `did you mean \`${meant}\`?` })
      })
    } else if (flag === undefined) {
      problems.refuse(
        'parse-option',
        span,
        `Unexpected value for \`${key}\`, expected \`"enable"\` or \`"disable"\``
      )
    } else if (flag) on.add(key)
    else on.delete(key)
    if (key === 'url-normalize' && flag === false) return
  }
  for (const [left, right] of [
    ['url-path-2f-decode', 'url-path-2f-reject'],
    ['url-path-dotseg-remove', 'url-path-dotseg-reject']
  ] as const) {
    if (!on.has(left) || !on.has(right)) continue
    problems.refuse(
      'parse-option',
      value.span,
      `Unexpected \`${right}\` beside \`${left}\`, which is on by default`,
      {
        hint: `add \`"${left}" => "disable"\` to the list`
      }
    )
  }
}
