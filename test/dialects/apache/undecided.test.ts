import { describe, expect, test } from 'vitest'
import { compile, type Decision } from '../../../src/decide/index.js'
import { apacheVocabulary } from '../../../src/dialects/apache/vocabulary/index.js'
import { request, surroundings } from '../../decide/sites.js'
import { read } from './memory.js'

const files = ['/srv/a.txt', '/srv/in/a.txt', '/srv/in/run.fcgi']

function outcomeOf(lines: string, target: string): Decision['outcome'] {
  const { site } = read(`Listen 80\nServerName a\nDocumentRoot /srv\n${lines}`)
  const asked = { ...request(target), listener: site.listeners[0]?.id ?? '' }
  return compile(site).decide(asked, surroundings(files)).outcome
}

function brief(lines: string, target: string): string {
  const outcome = outcomeOf(lines, target)
  return outcome.kind === 'unsupported' ? `unsupported ${outcome.what}` : outcome.kind
}

describe('a directive that is not read yet', () => {
  test.each(['VirtualDocumentRoot /srv/%0', 'HostnameLookups Double', 'RemoteIPHeader X-Forwarded-For'])(
    '%s leaves every request without an answer, and names itself',
    (line) => {
      expect(brief(line, '/a.txt')).toBe(`unsupported \`${line}\``)
    }
  )

  test.each([
    ['<Directory /srv/in>', 'Directory'],
    ['<Location /in>', 'Location'],
    ['<Files a.txt>', 'Files']
  ])('in %s concerns the requests of that section alone', (head, name) => {
    const lines = `${head}\nForceType text/x-y\n</${name}>`
    expect(brief(lines, '/in/a.txt')).toBe('unsupported `ForceType text/x-y`')
    expect(brief(lines, name === 'Files' ? '/in/run.fcgi' : '/a.txt')).toBe('file')
  })

  test('UserDir concerns the URLs of users', () => {
    expect(brief('UserDir public_html', '/~ann/a.txt')).toBe('unsupported `UserDir public_html`')
    expect(brief('UserDir public_html', '/a.txt')).toBe('file')
    expect(brief('UserDir disabled', '/~ann/a.txt')).toBe('status')
  })
})

const unasked = [...apacheVocabulary].flatMap(([name, { state, where, default: value }]) =>
  state.kind === 'later' && value !== undefined && !name.endsWith('=') ? [[name, value, where] as const] : []
)

test.each(unasked)('%s %s asks for what httpd does unasked', (name, value, where) => {
  const line = `${name} ${value}`
  const lines = where.includes('main') ? line : `<Directory /srv>\n${line}\n</Directory>`
  expect(brief(lines, '/a.txt')).toBe('file')
})

describe('ServerSignature', () => {
  const signature = (line: string): string | undefined => {
    const lines = `ServerAdmin "a&b@c"\n${line}\nFastCgiExternalServer /srv/in/run.fcgi -socket /s`
    const outcome = outcomeOf(lines, '/in/run.fcgi')
    if (outcome.kind !== 'fastcgi') return undefined
    return outcome.params.find(({ name }) => name === 'SERVER_SIGNATURE')?.value
  }

  test.each([
    ['', ''],
    ['ServerSignature Off', ''],
    ['ServerTokens Prod\nServerSignature On', '<address>Apache Server at localhost Port 80</address>\n'],
    [
      'ServerTokens Prod\nServerSignature EMail',
      '<address>Apache Server at <a href="mailto:a&amp;b@c">localhost</a> Port 80</address>\n'
    ]
  ])('%j is told as %j', (line, told) => {
    expect(signature(line)).toBe(told)
  })
})
