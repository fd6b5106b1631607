import { printEntries } from './entries.js'
import type { Entry } from './entries.js'

/** What a virtual host has from the main server where it says nothing itself, whatever stands before or behind it. */
const inherited: ReadonlySet<string> = new Set([
  'AddType',
  'DirectoryIndex',
  'DirectorySlash',
  'ErrorDocument',
  'FileETag',
  'LimitRequestBody',
  'ProxyFCGIBackendType',
  'QualifyRedirectURL'
])

/** What all of several virtual hosts say alike stands once, in the main server, and they are left without it. */
export function factoredOut(hosts: readonly Entry[]): {
  readonly shared: readonly Entry[]
  readonly hosts: readonly Entry[]
} {
  const [first, ...others] = hosts.map(
    (host) => new Map(inheritedBy(host).map((entry) => [textOf(entry), entry]))
  )
  if (first === undefined || others.length === 0) return { shared: [], hosts }
  const shared = new Map([...first].filter(([text]) => others.every((other) => other.has(text))))
  return { shared: [...shared.values()], hosts: hosts.map((host) => withoutAll(host, shared)) }
}

function inheritedBy(host: Entry): readonly Entry[] {
  return host.kind === 'section' ? host.body.filter(isInherited) : []
}

function isInherited(entry: Entry): boolean {
  return entry.kind === 'directive' && inherited.has(entry.name)
}

function withoutAll(host: Entry, shared: ReadonlyMap<string, Entry>): Entry {
  if (host.kind !== 'section') return host
  return { ...host, body: host.body.filter((entry) => !isInherited(entry) || !shared.has(textOf(entry))) }
}

function textOf(entry: Entry): string {
  return printEntries([entry])
}
