import { expect } from 'vitest'
import { compile } from '../../../src/decide/index.js'
import type { Decision, FileView, PasswordVerdict, Request } from '../../../src/decide/index.js'
import { readLighttpd } from '../../../src/dialects/lighttpd/index.js'
import type { Pool } from '../../../src/model/index.js'
import { memory } from './memory.js'

/** A document tree of texts by path; a path in `links` is a symbolic link to another one. */
export function tree(
  texts: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {}
): FileView {
  const paths = [...Object.keys(texts), ...Object.keys(links)]
  return {
    kind: (path) => {
      if (paths.includes(path)) return 'file'
      const folder = path.endsWith('/') ? path : `${path}/`
      return paths.some((known) => known.startsWith(folder)) ? 'directory' : 'missing'
    },
    isExecutable: (path) => path.endsWith('.cgi'),
    isLink: (path) => path in links,
    size: (path) => texts[path]?.length,
    realPath: (path) => links[path] ?? path,
    readText: (path) => texts[path]
  }
}

/** What becomes of a request; a password that has to be compared is as `verdict` says. */
export function decide(
  config: string,
  files: FileView,
  target: string,
  more: Partial<Request> = {},
  verdict: PasswordVerdict = 'yes'
): Decision {
  const { site, refused } = readLighttpd('/a.conf', memory({ '/a.conf': `${config}\n` }), {
    name: 'lighttpd'
  })
  expect(refused).toBe(false)
  const request: Request = {
    listener: site.listeners[0]?.id ?? '',
    method: 'GET',
    target,
    protocol: 'HTTP/1.1',
    headers: [['Host', 'www.example.org']],
    body: { kind: 'none' },
    remote: { address: '192.0.2.1', port: 4000 },
    local: { address: '127.0.0.1', port: 8080 },
    tls: false,
    ...more
  }
  const surroundings = { files, pick: (pool: Pool) => pool.members[0] }
  const first = compile(site).decide(request, surroundings)
  if (first.outcome.kind !== 'password') return first
  const { given, stored } = first.outcome
  const passwords = [{ given, stored, verdict }]
  return compile(site).decide(request, surroundings, { authorized: [], redirects: [], passwords })
}

/** `fastcgi FILE`, `file PATH STATUS`, `STATUS LOCATION`, `STATUS`, `unsupported WHAT`. */
export function brief({ outcome }: Decision): string {
  switch (outcome.kind) {
    case 'fastcgi':
      return `fastcgi ${param({ outcome }, 'SCRIPT_FILENAME')}`
    case 'file':
      return `file ${outcome.path} ${String(outcome.status)}`
    case 'redirect':
      return `${String(outcome.status)} ${outcome.location}`
    case 'status':
      return String(outcome.status)
    case 'close':
    case 'counters':
    case 'listing':
    case 'http':
    case 'password':
    case 'count':
      return outcome.kind
    case 'unsupported':
      return `unsupported ${outcome.what}`
  }
}

/** The value that counts, or `none`. */
export function param({ outcome }: Pick<Decision, 'outcome'>, name: string): string {
  if (outcome.kind !== 'fastcgi') return 'none'
  return outcome.params.findLast((one) => one.name === name)?.value ?? 'none'
}
