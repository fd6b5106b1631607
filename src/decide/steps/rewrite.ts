import { unreachable } from '../../diagnostics/index.js'
import {
  foldAll,
  settingsOf,
  type Condition,
  type Instruction,
  type Rewrite,
  type Setting,
  type Step,
  type Template
} from '../../model/index.js'
import { evaluate } from '../condition.js'
import { mapPath, pathBelowRoot } from '../mapping.js'
import { regexGroups } from '../match.js'
import { mediaTypeOf } from '../media-type.js'
import { encodeQuery, unescapeRedirect } from '../path.js'
import type { Groups } from '../regex.js'
import { groupsAround } from '../scopes/choose.js'
import { answer, leaveBody, statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { assign } from './assign.js'
import {
  becomeUri,
  becomeWritten,
  closed,
  countRewrite,
  forget,
  redirectTo,
  redirectToText
} from './redirected.js'

/** The imperative rules of the scopes in force, then their rewrites. */
export function rewrite(state: State, { at, unaliased }: Extract<Step, { step: 'rewrite' }>): StepResult {
  const { instructions, rewrites, missingRewrites } = state.settings
  if (at === 'no-file') {
    if (missingRewrites === undefined || state.taken !== undefined || state.urlSettled) return undefined
    if (unaliased === true ? isFileBelowRoot(state) : isFile(state)) return undefined
    return applyRewrites(state, missingRewrites)
  }
  const isFirst = state.chosenBy === 'host'
  if (isFirst) state.ofServer = instructions
  // Those of a server are not done again where no location takes their place.
  const isDone = instructions === state.instructed || (!isFirst && instructions === state.ofServer)
  if (instructions !== undefined && !isDone) {
    state.instructed = instructions
    state.uriChanged = false
    const result = instruct(state, instructions.value)
    if (result.kind === 'result') return result.result
    if (hasChanged(state)) return searchAgain(state)
  }
  if (rewrites === undefined || rewrites === state.rewritten) return undefined
  return applyRewrites(state, rewrites)
}

function isFileBelowRoot(state: State): boolean {
  return state.surroundings.files.kind(pathBelowRoot(state)) === 'file'
}

function isFile(state: State): boolean {
  const { filename, pathInfo } = (state.mapped ??= mapPath(state))
  return pathInfo === '' && state.surroundings.files.kind(filename) === 'file'
}

type Progress =
  | { readonly kind: 'next' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'result'; readonly result: StepResult }

const next: Progress = { kind: 'next' }
const stopped: Progress = { kind: 'stopped' }

function instruct(state: State, instructions: readonly Instruction[]): Progress {
  for (const instruction of instructions) {
    if (isFoundLater(state, instruction)) continue
    const progress = one(state, instruction)
    if (progress.kind !== 'next') return progress
  }
  return next
}

/** What gives a computed variable its value need not be done: it is found where it is used first, and kept. */
function isFoundLater({ site }: State, instruction: Instruction): boolean {
  const only = instruction.kind === 'if' ? instruction.then[0] : instruction
  if (only?.kind !== 'set') return false
  const origin = site.computed.get(only.name)?.origin
  return origin !== undefined && origin.file === only.origin.file && origin.start === only.origin.start
}

function one(state: State, instruction: Instruction): Progress {
  switch (instruction.kind) {
    case 'set':
    case 'set-query':
    case 'set-send-rate':
      assign(state, instruction, renderText(instruction.value, { state, rule: state.last }))
      return next
    case 'rewrite': {
      const done = applyRewrite(state, instruction.rewrite)
      if (done === undefined) {
        state.last = undefined
        return next
      }
      if (done.kind === 'result') return done
      return rewritten(state, instruction.rewrite.then)
    }
    case 'answer': {
      const { target, origin } = instruction
      leaveBody(state)
      if (target.kind === 'redirect') {
        return { kind: 'result', result: redirectTo(state, target.status, target.to, state.last, origin) }
      }
      const body =
        target.body === undefined ? undefined : renderText(target.body, { state, rule: state.last })
      return {
        kind: 'result',
        result: answer({
          kind: 'status',
          status: target.status,
          why: 'the configuration says so',
          origin,
          ...(body === undefined ? {} : { body, ...typed(state) })
        })
      }
    }
    case 'undecided':
      throw new Unsupported(instruction.what, instruction.origin)
    case 'stop':
      if (state.uriChanged) state.rewrittenHere = true
      state.uriChanged = false
      return stopped
    case 'if': {
      const before = state.last
      const held = evaluate(instruction.when, state)
      // An expression that does not fit leaves no captures behind.
      if (state.last === before && usesRegex(instruction.when)) state.last = undefined
      if (!held.holds) return next
      if (instruction.takesOver !== undefined) takeOver(state, instruction.takesOver)
      return instruct(state, instruction.then)
    }
    default:
      return unreachable(instruction)
  }
}

/** What follows a rewrite that fitted. */
function rewritten(state: State, then: Rewrite['then']): Progress {
  if (state.path === '') {
    return { kind: 'result', result: statusAnswer(500, 'the rewritten path is empty', undefined) }
  }
  switch (then) {
    case 'stop':
      state.rewrittenHere = true
      state.uriChanged = false
      return stopped
    case 'restart':
    case 'scopes':
      return { kind: 'result', result: searchAgain(state) }
    default:
      state.uriChanged = true
      return next
  }
}

function hasChanged(state: State): boolean {
  return state.uriChanged
}

/** Locations are searched with the new path: the next question does so where none was chosen yet. */
function searchAgain(state: State): StepResult {
  return state.chosenBy === 'host' ? undefined : again(state)
}

/** The scopes' settings with these on top, but without their try list. */
function takeOver(state: State, settings: readonly Setting[]): void {
  const own = state.site.settings(state.chosen.map(({ compiled }) => compiled))
  const kept = settingsOf(own).filter(({ key }) => key !== 'tryFiles')
  state.settings = foldAll({}, [...kept, ...settings])
}

/** A text answers as a file of the URL's name would. */
function typed(state: State): { readonly mediaType?: string } {
  const mediaType = mediaTypeOf(state, state.path)
  return mediaType === undefined ? {} : { mediaType }
}

function applyRewrites(
  state: State,
  setting: NonNullable<State['settings']['rewrites' | 'missingRewrites']>
): StepResult {
  if (state.rewritesOver) return undefined
  for (const rule of setting.value) {
    const done = applyRewrite(state, rule, groupsAround(state, setting))
    if (done === undefined) continue
    if (rule.final === true && (done.kind === 'result' || done.changed)) state.rewritesOver = true
    if (done.kind === 'result') return done.result
    switch (rule.then) {
      case 'next':
        continue
      case 'stop':
        // Conditions are asked again with the new URL, the same rules are not.
        return done.changed ? scopesAgain(state) : undefined
      case 'restart':
      case 'scopes':
        return again(state)
      default:
        return undefined
    }
  }
  return undefined
}

type Applied = { readonly kind: 'applied'; readonly changed: boolean } | Extract<Progress, { kind: 'result' }>

/** Undefined if the rule does not fit. */
function applyRewrite(state: State, rule: Rewrite, scope?: Groups): Applied | undefined {
  const groups = regexGroups(rule.match, rule.on === 'path' ? state.path : state.uri, state)
  if (groups === undefined || !evaluate(rule.when, state).holds) return undefined
  if (rule.to === undefined) return { kind: 'applied', changed: false }
  if (rule.on === 'path') return rewritePath(state, rule, rule.to, groups)
  const text = renderText(rule.to, { state, rule: groups, scope })
  if (typeof rule.then === 'object') {
    return { kind: 'result', result: redirectToText(state, rule.then.redirect, text, rule.origin) }
  }
  state.trace?.push({ step: 'rewrite', text: `becomes ${text}`, origin: rule.origin })
  const refused = setTarget(state, rule, text)
  if (refused !== undefined) return { kind: 'result', result: refused }
  return { kind: 'applied', changed: true }
}

/** A new decoded path, and a query where the text itself has a question mark. */
function rewritePath(state: State, rule: Rewrite, to: Template, groups: Groups): Applied {
  const [path, written] = renderedParts(state, to, typeof rule.then === 'object', groups)
  const query = joinedQuery(rule, written, state.query)
  if (typeof rule.then === 'object') {
    const text = unescapeRedirect(written === undefined ? path : `${path}?${written}`)
    const { status, target } = { status: rule.then.redirect, target: withQuery(rule, text, written, state) }
    return { kind: 'result', result: redirectToText(state, status, target, rule.origin) }
  }
  state.trace?.push({ step: 'rewrite', text: `becomes ${path}`, origin: rule.origin })
  state.internal = true
  becomeWritten(state, path, query)
  state.mapped = undefined
  return { kind: 'applied', changed: true }
}

/**
 * The text before its own question mark and behind it. Captures of a path that came with escapes are escaped as arguments
 * behind the mark, and everywhere in a redirect.
 */
function renderedParts(
  state: State,
  to: Template,
  isRedirect: boolean,
  rule: Groups
): readonly [path: string, query: string | undefined] {
  let path = ''
  let query: string | undefined
  const escapes = /[%+]/.test(/^[^?#]*/.exec(state.received)?.[0] ?? '')
  for (const part of to) {
    const mark = part.kind === 'text' && query === undefined ? part.text.indexOf('?') : -1
    if (part.kind === 'text' && mark >= 0) {
      path += part.text.slice(0, mark)
      query = part.text.slice(mark + 1)
      continue
    }
    const value = renderText([part], { state, rule })
    const isCapture = part.kind === 'capture' && typeof part.group === 'number'
    const isEscaped = isCapture && escapes && (isRedirect || query !== undefined)
    const text = isEscaped ? encodeQuery(value) : value
    if (query === undefined) path += text
    else query += text
  }
  return [path, query]
}

/** A redirect's target with the arguments the request had, as the rule says. */
function withQuery(rule: Rewrite, text: string, written: string | undefined, state: State): string {
  if (rule.query === 'replaced' || state.query === undefined || state.query === '') return text
  return `${text}${written === undefined ? '?' : '&'}${state.query}`
}

/** Rules that repeat may double the target each time; a longer one is taken for such. */
const longestTarget = 1024 * 1024

/** An encoded target. */
function setTarget(state: State, rule: Rewrite, text: string): StepResult {
  if (rule.on === 'uri' && !text.startsWith('/') && state.site.site.request.closesOnBadRewrite === true)
    return answer({ kind: 'close', why: 'a rewrite leads to what is no path', origin: rule.origin })
  if (text.length > longestTarget) return closed(state, 'the rewrites make the target longer and longer')
  return becomeUri(state, rule.query === 'appended' ? withRest(text, state.query) : text)
}

/** The query behind what the text has of one already. */
function withRest(text: string, query: string | undefined): string {
  if (query === undefined) return text
  if (!text.includes('?')) return `${text}?${query}`
  return query === '' ? text : `${text}&${query}`
}

function joinedQuery(
  rule: Rewrite,
  written: string | undefined,
  before: string | undefined
): string | undefined {
  switch (rule.query) {
    case 'kept':
      return written ?? before
    case 'replaced':
      return written === '' ? undefined : written
    case 'appended':
      if (written === undefined) return before
      return before === undefined || before === '' ? written : `${written}&${before}`
    default:
      return unreachable(rule.query)
  }
}

function again(state: State): StepResult {
  const over = countRewrite(state)
  if (over !== undefined) return over
  const rewritten = state.rewritten
  forget(state)
  state.rewritten = rewritten
  return { kind: 'restart', from: 'url-scopes' }
}

function scopesAgain(state: State): StepResult {
  const over = countRewrite(state)
  if (over !== undefined) return over
  const settings = state.settings.rewrites
  forget(state)
  state.rewritten = settings
  return { kind: 'restart', from: 'url-scopes' }
}

function usesRegex(condition: Condition): boolean {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return false
    case 'all':
    case 'any':
      return condition.of.some(usesRegex)
    case 'not':
      return usesRegex(condition.of)
    case 'test':
      return condition.test.kind === 'regex'
    default:
      return unreachable(condition)
  }
}
