import { describe, expect, test } from 'vitest'
import { convert } from '../../../src/convert/index.js'
import { compile } from '../../../src/decide/index.js'
import { apache } from '../../../src/dialects/apache/index.js'
import { request, surroundings } from '../../decide/sites.js'
import { read } from './memory.js'

const frame = 'Listen 80\nServerName a\nDocumentRoot /srv'

function located(outer: string, inner: string): string {
  return `${frame}\n<Location />\n${outer}\n</Location>\n<Location /in>\n${inner}\n</Location>`
}

function statusOf(text: string, target: string): number | string {
  const { site } = read(text)
  const asked = { ...request(target), listener: site.listeners[0]?.id ?? '' }
  const { outcome } = compile(site).decide(asked, surroundings(['/srv/in/a.txt', '/srv/a.txt']))
  return outcome.kind === 'file' || outcome.kind === 'status' ? outcome.status : outcome.kind
}

const opened = 'Order allow,deny\nAllow from all'
const closed = 'Order deny,allow\nDeny from all'

describe('httpd asks Require and Order/Allow/Deny, each merged without the other', () => {
  test.each([
    ['Require all denied', opened, 403],
    [closed, 'Require all granted', 403],
    [opened, 'Require all denied', 403],
    ['Require all granted', closed, 403],
    ['Require all granted', opened, 200],
    [`Require all denied\n${closed}`, `Require all granted\n${opened}`, 200],
    [`Require all granted\n${closed}`, `Require all granted\n${opened}`, 200],
    [`Require all granted\n${closed}`, 'Require all granted', 403],
    [`Require all granted\n${closed}`, 'Satisfy All', 200],
    [closed, opened, 200],
    [opened, closed, 403]
  ])('outside %j, inside %j: %d', (outer, inner, status) => {
    expect(statusOf(located(outer, inner), '/in/a.txt')).toBe(status)
  })
})

describe('written with one set of rules, nothing is opened', () => {
  test.each([
    ['Require all denied', opened],
    [closed, 'Require all granted'],
    [`Require all granted\n${closed}`, 'Require all granted'],
    [opened, 'Require all denied']
  ])('outside %j, inside %j', (outer, inner) => {
    const options = { from: 'apache', to: 'apache-proxy-fcgi', fragment: false } as const
    const { files } = convert(read(located(outer, inner)), options, [apache])
    const [main] = files
    expect(main).toBeDefined()
    expect(statusOf(main?.text ?? '', '/in/a.txt')).toBe(403)
  })

  test('and where one set lets everybody in, only the other one counts', () => {
    const options = { from: 'apache', to: 'apache-proxy-fcgi', fragment: false } as const
    const { files } = convert(read(located('Require all granted', opened)), options, [apache])
    expect(statusOf(files[0]?.text ?? '', '/in/a.txt')).toBe(200)
  })
})
