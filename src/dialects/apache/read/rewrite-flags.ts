import type { PathRule } from '../../../model/index.js'
import { filled, type Around } from './rewrite-texts.js'

/** What one flag of a RewriteRule changes. */
export function flag(so: PathRule, name: string, text: string, around: Around): Partial<PathRule> {
  switch (name) {
    case 'nc':
    case 'nocase':
      return {}
    case 'unsafeprefixstat':
      return { anyFile: true }
    case 'qslast':
    case 'qsl':
      return { lastMark: true }
    case 'ns':
    case 'nosubreq':
      return { onlyAsked: true }
    case 'unsafeallow3f':
      return { escapedMark: 'kept' }
    case 'l':
    case 'last':
      return { then: 'last' }
    case 'end':
      return { then: 'end' }
    case 'n':
    case 'next':
      return { then: 'again', ...(text !== '' && { mostRounds: Number.parseInt(text, 10) || 0 }) }
    case 's':
    case 'skip':
      return { then: Number(text) || 0 }
    case 'c':
    case 'chain':
      return { chained: true }
    case 'qsa':
    case 'qsappend':
      return so.query === 'kept' ? { query: 'appended' } : {}
    case 'qsd':
    case 'qsdiscard':
      return { query: 'replaced' }
    case 'ne':
    case 'noescape':
      return { escaped: false }
    case 'b':
    case 'backrefescaping':
      return text === '' ? { capturesEscaped: true } : { unsupported: `the flag \`B=${text}\`` }
    case 'dpi':
    case 'discardpath':
      return { dropsPathInfo: true }
    case 'pt':
    case 'passthrough':
      return { mapped: true }
    case 'p':
    case 'proxy':
      return { then: 'last' }
    case 'h':
    case 'handler':
      if (/[$%]/.test(text)) return { unsupported: `the flag \`H=${text}\`` }
      return { label: text.includes('/') ? text : text.toLowerCase() }
    case 'f':
    case 'forbidden':
      return { answer: { kind: 'status', status: 403 } }
    case 'g':
    case 'gone':
      return { answer: { kind: 'status', status: 410 } }
    case 'r':
    case 'redirect':
      return redirectFlag(text)
    case 'e':
    case 'env':
      return environmentFlag(so, text, around)
    default:
      return { unsupported: `the flag \`${name}\` of a rewrite rule` }
  }
}

const redirectNames: ReadonlyMap<string, number> = new Map([
  ['', 302],
  ['temp', 302],
  ['permanent', 301],
  ['seeother', 303]
])

function redirectFlag(text: string): Partial<PathRule> {
  const status = redirectNames.get(text.toLowerCase()) ?? Number(text)
  if (!(status >= 100 && status <= 599)) return { unsupported: `the status \`${text}\` of a redirect` }
  const kind = status >= 300 && status <= 399 ? 'redirect' : 'status'
  return { answer: { kind, status }, onlyAsked: true }
}

/** `E=NAME:value`, `E=!NAME` */
function environmentFlag(so: PathRule, text: string, around: Around): Partial<PathRule> {
  if (text.startsWith('!')) return { environment: [...so.environment, { name: text.slice(1) }] }
  const at = text.indexOf(':')
  const value = at < 0 ? [] : filled(text.slice(at + 1), around)
  if (value === undefined) return { unsupported: `the flag \`E=${text}\`` }
  return { environment: [...so.environment, { name: at < 0 ? text : text.slice(0, at), value }] }
}
