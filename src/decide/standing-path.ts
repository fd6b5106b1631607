import type { Match } from '../model/index.js'
import { smallLetters } from './mapping.js'
import type { State, Taken } from './state.js'

/** The path without what was split off as path info by now: by the binding that took the request by its URL, or where the file was found. */
export function standingPath({ path, mapped, taken }: State): string {
  if (taken?.kind === 'application') return ofTaken(path, taken)
  const pathInfo = mapped?.located === undefined ? '' : mapped.pathInfo
  return pathInfo !== '' && endsAlike(path, pathInfo) ? path.slice(0, path.length - pathInfo.length) : path
}

function ofTaken(path: string, { binding, member, stage }: Taken): string {
  const script = binding.target.kind === 'fastcgi' ? binding.target.script : undefined
  const split = stage === 'url' ? (member.overrides?.script ?? script)?.split.kind : undefined
  if (split === 'all-path-info') return ''
  return split === 'after-prefix' ? path.slice(0, endOfScript(path, binding.match)) : path
}

/** Where the script's name ends that begins with a prefix: at the first slash behind it, or with the path. */
export function endOfScript(path: string, match: Match): number {
  const slash = path.indexOf('/', match.kind === 'prefix' ? match.value.length : 0)
  return slash < 0 ? path.length : slash
}

/** Names may have been looked up in small letters. */
export function endsAlike(path: string, tail: string): boolean {
  return path.endsWith(tail) || smallLetters(path).endsWith(smallLetters(tail))
}

/** Asks something about the request while that is its path. */
export function atStandingPath<T>(state: State, ask: () => T): T {
  const { path } = state
  state.path = standingPath(state)
  const result = ask()
  state.path = path
  return result
}
