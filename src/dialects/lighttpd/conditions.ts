import type { Span } from '../../diagnostics/index.js'
import type { Condition, Subject, Test } from '../../model/index.js'
import type { ConditionOperator } from '../../../grammars/lighttpd/index.js'
import { networkOf, normalHost, socketAddress } from './addresses.js'
import type { SocketAddress, UsualAddress } from './addresses.js'
import type { Problems } from './problems.js'
import { regexProblem } from './regex.js'

/** The head of a block, read. */
export interface Head {
  /** As the server names the block: two with the same are one block. */
  readonly key: string
  readonly condition: Condition
  /** The further listener that it opens. */
  readonly listener?: SocketAddress
}

interface Asked {
  readonly object: string
  readonly field: string
  readonly operator: ConditionOperator
  readonly value: string
  readonly span: Span
}

const headers: ReadonlyMap<string, string> = new Map([
  ['referer', 'referer'],
  ['useragent', 'user-agent'],
  ['user-agent', 'user-agent'],
  ['language', 'accept-language'],
  ['cookie', 'cookie']
])

const fields: ReadonlyMap<string, Subject> = new Map<string, Subject>([
  ['url', { of: 'path' }],
  ['querystring', { of: 'query' }],
  ['query-string', { of: 'query' }],
  ['request-method', { of: 'method' }],
  ['scheme', { of: 'scheme' }],
  ['remoteip', { of: 'remote-address' }],
  ['remote-ip', { of: 'remote-address' }]
])

/** What `$OBJECT["field"] op "value"` asks; undefined where the server knows no such thing. */
export function readCondition(asked: Asked, usual: UsualAddress, problems: Problems): Head | undefined {
  const simple = simplified(asked)
  const subject = subjectOf(asked, simple.operator)
  if (subject === undefined) {
    problems.refuse(
      'unknown-condition',
      asked.span,
      `Unexpected condition on \`$${asked.object}["${asked.field}"]\``,
      {
        hint: 'the server knows `$HTTP[…]` with url, querystring, host, request-method, scheme, remoteip, referer, useragent, cookie and language, `$REQUEST_HEADER["Name"]`, and `$SERVER["socket"]`'
      }
    )
    return undefined
  }
  const key = `$${asked.object}["${asked.field}"] ${simple.operator} "${simple.value}"`
  if (subject.of === 'listener') return { key, ...listenerHead(simple, usual) }
  if (!checkValue(subject, simple, asked.span, problems)) return undefined
  const negated = simple.operator === '!=' || simple.operator === '!~'
  const kept = subject.of === 'host' ? hostKept(simple, asked.span, problems) : simple
  if (kept === undefined) return undefined
  const test: Condition = { kind: 'test', subject, test: testOf(subject, kept) }
  return { key, condition: negated ? { kind: 'not', of: test } : test }
}

interface Simple {
  readonly operator: ConditionOperator
  readonly value: string
}

/**
 * `=~` with an anchored text becomes a plain comparison when the server reads it (configparser_simplify_regex), which
 * counts for hosts with a port and for blocks that are the same.
 */
export function simplified({
  object,
  operator,
  value
}: Pick<Asked, 'object' | 'operator' | 'value'>): Simple {
  if (operator !== '=~' || object === 'SERVER') return { operator, value }
  const found = /^(\^|\\(?=\.))?([\s\S]*?)(\$?)$/.exec(value)
  const [, start = '', middle = '', end = ''] = found ?? []
  const text = start === '\\' ? middle.slice(1) : middle
  if (/[\\^$.|?*+()[\]{}]/.test(text)) return { operator, value }
  if (start === '\\') return end === '$' ? { operator: '=$', value: `.${text}` } : { operator, value }
  if (start === '^') return { operator: end === '$' ? '==' : '=^', value: text }
  return end === '$' ? { operator: '=$', value: text } : { operator, value }
}

function subjectOf({ object, field }: Asked, operator: ConditionOperator): Subject | undefined {
  if (object === 'REQUEST_HEADER') return headerNamed(field.toLowerCase())
  if (object === 'SERVER') return field === 'socket' ? { of: 'listener' } : undefined
  if (object !== 'HTTP') return undefined
  if (field === 'host') {
    return {
      of: 'host',
      port: operator === '==' || operator === '!=' ? 'if-both-have-one' : 'unless-default'
    }
  }
  const header = headers.get(field)
  return header === undefined ? fields.get(field) : headerNamed(header)
}

function headerNamed(name: string): Subject {
  return { of: 'header', name, ...(name === 'cookie' && { join: '; ' }) }
}

function testOf(subject: Subject, { operator, value }: Simple): Test {
  switch (operator) {
    case '==':
    case '!=':
      return subject.of === 'remote-address' && networkOf(value) === 'network'
        ? { kind: 'address', network: value.replace(/^\[(.*)\]/, '$1') }
        : { kind: 'equals', value }
    case '=~':
    case '!~':
      return { kind: 'regex', regex: { source: value, ignoreCase: false } }
    case '=^':
      return { kind: 'prefix', value, segments: false }
    case '=$':
      return { kind: 'suffix', value }
  }
}

function listenerHead({ operator, value }: Simple, usual: UsualAddress): Omit<Head, 'key'> {
  const address = socketAddress(value, usual)
  const test: Condition = {
    kind: 'test',
    subject: { of: 'listener' },
    test:
      operator === '==' || operator === '!='
        ? { kind: 'equals', value: address.id }
        : testOf({ of: 'listener' }, { operator, value })
  }
  if (operator === '==') return { condition: test, listener: address }
  return { condition: operator === '!=' || operator === '!~' ? { kind: 'not', of: test } : test }
}

function checkValue(subject: Subject, { operator, value }: Simple, span: Span, problems: Problems): boolean {
  if (operator === '=~' || operator === '!~') {
    const problem = regexProblem(value)
    if (problem === undefined) return true
    problems.refuse('regex', span, `Unexpected regular expression \`${value}\`: ${problem}`)
    return false
  }
  if (subject.of !== 'remote-address') return true
  switch (networkOf(value)) {
    case 'network':
      return true
    case 'refused':
      problems.refuse(
        'address',
        span,
        `Unexpected \`${value}\`, expected an address such as \`192.0.2.0/24\``,
        {
          hint: 'names are not looked up in conditions; compare parts of the address with `=~`'
        }
      )
      return false
    case 'fits-nobody':
      problems.warn(
        'address',
        span,
        `No address is in \`${value}\`: the server takes it, and it fits nobody`,
        {
          hint: 'write an address, with a mask of 1 to 32 for IPv4 and of 1 to 128 for IPv6'
        }
      )
      return true
  }
}

/** A host that is compared as a text is kept in the form that requests' hosts are kept in. */
function hostKept({ operator, value }: Simple, span: Span, problems: Problems): Simple | undefined {
  if (operator === '=~' || operator === '!~') return { operator, value }
  const host = normalHost(value)
  if (host !== undefined) return { operator, value: host }
  problems.refuse(
    'address',
    span,
    `Unexpected \`${value}\`, expected a host name or an address, with or without a port`,
    {
      hint: 'a port alone can be compared on `$SERVER["socket"]`'
    }
  )
  return undefined
}
