import type { SessionRules } from '../model/index.js'
import type { State } from './state.js'

/** What a request says of the session it belongs to. */
export interface Session {
  /** The argument or cookie that holds its id. */
  readonly name: string
  readonly route: string
}

/** The session of an argument of the URL, else of a cookie (httpd: `find_session_route`). */
export function sessionOf(state: State, rules: SessionRules): Session | undefined {
  const url = state.path + (state.query === undefined ? '' : `?${state.query}`)
  const argument = argumentIn(url, rules)
  const name = argument === undefined ? rules.cookie : rules.argument
  const id = argument ?? cookieIn(state.headers.get('cookie')?.join('; ') ?? '', rules.cookie)
  if (id === undefined) return undefined
  const { separator } = rules
  if (separator === undefined) return { name, route: id }
  const at = id.indexOf(separator)
  return at < 0 ? undefined : { name, route: id.slice(at + 1) }
}

/** The first `name=` that something follows, even inside another word. */
function argumentIn(url: string, { argument, ends }: SessionRules): string | undefined {
  const sign = `${argument}=`
  for (let at = url.indexOf(sign); at >= 0; at = url.indexOf(sign, at + 1)) {
    const rest = url.slice(at + sign.length)
    if (rest === '') continue
    return piecesOf(rest, ends).find((piece) => piece !== '')
  }
  return undefined
}

/** What stands between the characters that end a value. */
function piecesOf(text: string, ends: string): readonly string[] {
  const [first = '', ...others] = ends
  return others.reduce((rest, end) => rest.replaceAll(end, first), text).split(first)
}

function cookieIn(cookies: string, name: string): string | undefined {
  for (let at = cookies.indexOf(name); at >= 0; at = cookies.indexOf(name, at + 1)) {
    if (at > 0 && !/[;,\s]/.test(cookies.charAt(at - 1))) continue
    const value = /^\s*=([^]+)/.exec(cookies.slice(at + name.length))?.[1]
    if (value !== undefined) return /^[^;,]*/.exec(value)?.[0] ?? ''
  }
  return undefined
}
