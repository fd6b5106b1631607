import type { Step } from '../../model/index.js'
import type { Looks, State, StepResult } from '../state.js'
import { authenticate } from './authenticate.js'
import { tryFiles, index } from './find.js'
import { guarded } from './guard.js'
import { innerRequest } from './inner.js'
import { locate } from './locate.js'
import { pathRules } from './path-rules.js'
import { becomeWritten } from './redirected.js'
import { scopes } from './scopes.js'
import { access, map } from './simple.js'

/** Ways to another path that a lookup follows. */
const mostTurns = 10

/**
 * The file that a request for another path of the site would be mapped to, whoever may ask for it: with the
 * rules on URLs, aliases, index files and rules of folders, of which those that lead to another URL end the search
 * (httpd's `ap_sub_req_lookup_uri`).
 */
function up(state: State, path: string): ReturnType<Looks['up']> {
  const inner = lookedUp(state, path)
  const { pipeline } = state.site.site
  let turns = 0
  for (let at = 0; at < pipeline.length; at++) {
    const step = pipeline[at]
    if (step === undefined) break
    const found = look(inner, step)
    if (found === 'next') continue
    if (found !== 'again') return { filename: found, pathInfo: '' }
    turns += 1
    if (turns > mostTurns) break
    at = -1
  }
  const { mapped } = inner
  return { filename: mapped?.filename ?? inner.path, pathInfo: mapped?.pathInfo ?? '' }
}

function lookedUp(state: State, path: string): State {
  const inner: State = {
    ...innerRequest(state),
    lookedUp: true,
    left: { scopes: state.chosen, user: state.user },
    history: { authorized: [], redirects: [], passwords: state.history.passwords ?? [] },
    urlSettled: false,
    rewritesOver: false,
    soFar: undefined,
    trace: undefined
  }
  becomeWritten(inner, path)
  return inner
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

/** What a request for the path is refused with, or redirected, ahead of whoever would answer it. */
function objection(state: State, path: string, as: 'url' | 'file'): StepResult {
  const inner = lookedUp(state, as === 'url' ? path : '')
  if (as === 'file') {
    inner.mapped = {
      documentRoot: '',
      context: undefined,
      filename: path,
      pathInfo: '',
      located: undefined,
      programs: undefined
    }
  }
  for (const step of state.site.site.pipeline) {
    if (as === 'file' && (step.step === 'map' || (step.step === 'path-rules' && step.on === 'url'))) continue
    const result = object(inner, step)
    // What leads elsewhere is looked up there by whoever goes there.
    if (result !== undefined) return result.kind === 'answer' ? result : undefined
  }
  return undefined
}

function object(inner: State, step: Step): StepResult {
  switch (step.step) {
    case 'scopes':
      return scopes(inner, step)
    case 'path-rules':
      return pathRules(inner, step)
    case 'map':
      return map(inner)
    case 'locate':
      return locate(inner, step)
    case 'access':
      return guarded(inner, 'access', () => access(inner))
    case 'authenticate':
      return guarded(inner, 'authenticate', () => authenticate(inner))
    default:
      return undefined
  }
}

function allows(state: State, path: string, as: 'url' | 'file'): boolean {
  if (as === 'file' && state.surroundings.files.kind(path) === 'missing') return false
  const result = objection(state, path, as)
  if (result?.kind !== 'answer') return true
  const { outcome } = result
  const status = 'status' in outcome && typeof outcome.status === 'number' ? outcome.status : 200
  return status < (as === 'url' ? 400 : 300)
}

export const looks: Looks = { up, allows, objection }
