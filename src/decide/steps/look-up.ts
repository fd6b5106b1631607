import type { Step } from '../../model/index.js'
import type { State } from '../state.js'
import { tryFiles, index } from './find.js'
import { innerRequest } from './inner.js'
import { locate } from './locate.js'
import { pathRules } from './path-rules.js'
import { becomeWritten } from './redirected.js'
import { scopes } from './scopes.js'
import { map } from './simple.js'

/** Ways to another path that a lookup follows. */
const mostTurns = 10

/**
 * The name of the file that a request for another path of the site would be mapped to, whoever may ask for it: with the
 * rules on URLs, aliases, index files and rules of folders, of which those that lead to another URL end the search
 * (httpd's `ap_sub_req_lookup_uri`).
 */
export function lookUp(state: State, path: string): string {
  const inner: State = { ...innerRequest(state), urlSettled: false, rewritesOver: false, trace: undefined }
  becomeWritten(inner, path)
  const { pipeline } = state.site.site
  let turns = 0
  for (let at = 0; at < pipeline.length; at++) {
    const step = pipeline[at]
    if (step === undefined) break
    const found = look(inner, step)
    if (found === 'next') continue
    if (found !== 'again') return found
    turns += 1
    if (turns > mostTurns) break
    at = -1
  }
  return nameOf(inner)
}

function nameOf({ mapped, path }: State): string {
  return mapped === undefined ? path : mapped.filename + mapped.pathInfo
}

/** The name, or how to go on. */
function look(inner: State, step: Step): 'next' | 'again' | `redirect:${string}` {
  switch (step.step) {
    case 'scopes':
      scopes(inner, step)
      return 'next'
    case 'path-rules': {
      const pathInfo = inner.mapped?.pathInfo ?? ''
      const led = pathRules(inner, step)?.kind === 'restart'
      return led ? `redirect:${inner.path}${pathInfo}` : 'next'
    }
    case 'map':
      map(inner)
      return 'next'
    case 'locate':
      locate(inner, step)
      return 'next'
    case 'index':
      return index(inner, step)?.kind === 'restart' ? 'again' : 'next'
    case 'try-files':
      return tryFiles(inner)?.kind === 'restart' ? 'again' : 'next'
    default:
      return 'next'
  }
}
