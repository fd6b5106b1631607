import type { Step } from '../../model/index.js'
import { MustAsk, type IndexLook, type Looks, type State, type StepResult } from '../state.js'
import { handedOn } from '../environment.js'
import { encodePath } from '../path.js'
import { scriptParts } from '../script.js'
import { renderText } from '../template.js'
import { firstAt } from './bind.js'
import { authenticate } from './authenticate.js'
import { fallbackOf, tryFiles, index, slashDirectory } from './find.js'
import { guarded, hasPassed } from './guard.js'
import { askGuards } from './guards.js'
import { innerRequest } from './inner.js'
import { locate } from './locate.js'
import { pathRules } from './path-rules.js'
import { redirect } from './redirect.js'
import { becomeUri, becomeWritten, leftBehind } from './redirected.js'
import { scopes } from './scopes.js'
import { access, label, map, passedOn } from './simple.js'

/** Ways to another path that a lookup follows. */
const mostTurns = 10

/**
 * The file that a request for another path of the site would be mapped to, whoever may ask for it: with the
 * rules on URLs, aliases, index files and rules of folders, of which those that lead to another URL end the search
 * (httpd's `ap_sub_req_lookup_uri`).
 */
function up(state: State, path: string): ReturnType<Looks['up']> {
  const inner = lookedUp(state, path)
  // It is read as the target of a request is, doubled slashes and all; of one that would be refused no file is known.
  const isRefused = path.startsWith('/') && becomeUri(inner, encodePath(path)) !== undefined
  if (isRefused) return { filename: '', pathInfo: '' }
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
  const onward = isPassedOn(inner) ? firstAt(inner, 'url') : undefined
  if (onward?.binding.target.kind === 'fastcgi') {
    const { match, target } = { ...onward.binding, target: onward.binding.target }
    return scriptParts(inner, match, target.script, 'url', onward.groups)
  }
  const { mapped } = inner
  return { filename: mapped?.filename ?? inner.path, pathInfo: mapped?.pathInfo ?? '' }
}

function lookedUp(state: State, path: string): State {
  const inner: State = {
    ...innerRequest(state),
    lookedUp: true,
    left: leftBehind(state),
    history: { ...state.history, redirects: [] },
    environment: state.environment,
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
    case 'bind':
      if (step.at === 'url') goOn(inner)
      return 'next'
    case 'map':
      if (!isPassedOn(inner)) map(inner)
      return 'next'
    case 'locate':
      if (!isPassedOn(inner)) locate(inner, step)
      return 'next'
    case 'index':
      return toIndex(inner, step)
    case 'try-files':
      return tryFiles(inner)?.kind === 'restart' ? 'again' : 'next'
    default:
      return 'next'
  }
}

/** Whether there is one may hang on what a guard says of it. */
function toIndex(inner: State, step: Extract<Step, { step: 'index' }>): 'next' | 'again' {
  const result = index(inner, step)
  if (result?.kind === 'answer' && result.outcome.kind === 'fastcgi') throw new MustAsk(result.outcome)
  return result?.kind === 'restart' ? 'again' : 'next'
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

function indexed(state: State, path: string, method: string): IndexLook {
  const inner: State = {
    ...lookedUp(state, path),
    ...handedOn(state),
    carried: state.carried,
    method,
    query: state.query,
    redirects: state.redirects
  }
  for (const step of state.site.site.pipeline) {
    if (step.step === 'label') break
    // Where a folder's rules lead from a file that is there, whoever takes it goes as well.
    const before = step.step === 'path-rules' && step.on === 'folder' ? { ...inner } : inner
    const result = objectToIndex(inner, step)
    if (result?.kind === 'answer') return { kind: 'answered', outcome: result.outcome }
    if (result?.kind === 'restart')
      return before.mapped?.located === 'file' ? { kind: 'found', inner: before } : { kind: 'none' }
  }
  const withSlash = slashed(inner)
  if (withSlash?.kind === 'answer') return { kind: 'answered', outcome: withSlash.outcome }
  label(inner)
  const fallback = fallbackOf(inner)
  if (fallback !== undefined) {
    if (inner.redirects > state.site.site.request.maxRedirects) return tooMany
    return indexed({ ...inner, redirects: inner.redirects + 1 }, fallback.path, fallback.method)
  }
  // What is passed on counts as a file, unless its handler says otherwise (mod_dir: `fixup_dir`).
  const isThere = isPassedOn(inner)
    ? (inner.settings.label?.value ?? null) === null
    : inner.mapped?.located === 'file'
  return isThere ? { kind: 'found', inner } : { kind: 'none' }
}

/** A folder is redirected to its slash, also where it was looked up as an index. */
function slashed(inner: State): StepResult {
  const step = inner.site.site.pipeline.find((each) => each.step === 'slash-directory')
  if (step?.step !== 'slash-directory' || isPassedOn(inner)) return undefined
  return inner.mapped?.located === 'directory' ? slashDirectory(inner, step) : undefined
}

const tooMany: IndexLook = {
  kind: 'answered',
  outcome: { kind: 'status', status: 500, why: 'fallbacks that lead in circles' }
}

function objectToIndex(inner: State, step: Step): StepResult {
  switch (step.step) {
    case 'bind':
      if (step.at === 'url') goOn(inner)
      return undefined
    case 'map':
    case 'locate':
      return isPassedOn(inner) ? undefined : object(inner, step)
    case 'redirect':
      return redirect(inner, step)
    case 'guards': {
      if (hasPassed(inner)) return undefined
      const heard = askGuards(inner, step.at)
      return heard.kind === 'end' ? heard.result : undefined
    }
    default:
      return object(inner, step)
  }
}

/** The URL that the request would be passed on to, whoever of a pool were asked. */
function goOn(inner: State): void {
  const found = firstAt(inner, 'url')
  if (found?.binding.target.kind !== 'fastcgi') return
  const { passedTo } = found.binding.target
  if (passedTo === undefined) return
  inner.mapped = passedOn(inner, renderText(passedTo, { state: inner, rule: found.groups }))
}

function isPassedOn({ mapped }: State): boolean {
  return mapped?.passedTo !== undefined
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
      return hasPassed(inner) ? undefined : guarded(inner, 'access', () => access(inner))
    case 'authenticate':
      return hasPassed(inner) ? undefined : guarded(inner, 'authenticate', () => authenticate(inner))
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

export const looks: Looks = { up, allows, objection, index: indexed }
