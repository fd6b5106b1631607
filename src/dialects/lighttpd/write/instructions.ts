import { unreachable } from '../../../diagnostics/index.js'
import { literalText } from '../../../model/index.js'
import type { CaptureSource, Condition, Instruction, Note, Rewrite, Template } from '../../../model/index.js'
import { unsayable } from '../../unsayable.js'
import { questions, type Alternatives } from './questions.js'
import { assign, nest, pairs, type Statement } from './statements.js'
import type { Texts } from './texts.js'
import { onTarget, replacement } from './url-patterns.js'
import { closing, exact, unsaid, type Written } from './written.js'

/** Where instructions stand. */
export interface InstructionPlace {
  /** Those of the host, which come first. */
  readonly before: readonly Instruction[]
  /** The block around asks a pattern of the path, whose groups can be named. */
  readonly onPattern: boolean
  /** What is rewritten here can come to a place that rewrites as well. */
  readonly rewritesElsewhere: boolean
  /** Its folder stands for the beginning of its URLs. */
  readonly aliased: boolean
  /** Nothing comes there, from outside or from inside. */
  readonly internal: boolean
  /** Where answers with a text of their own are kept. */
  readonly texts: Texts
  /** Behind all else of a host: what its blocks decide counts whatever else says, so these are taken back in each. */
  readonly behind?: ReadonlySet<string>
}

/**
 * Rules in order (set, if, rewrite, return) as lists of mod_rewrite and mod_redirect: the first that fits counts there as
 * well, and each `if` is a block with what is left to do where it holds.
 */
export function instructions(own: readonly Instruction[], place: InstructionPlace): Written {
  const [steps, plain] = [stepsOf([...place.before, ...own], new Map()), stepsOf(own, new Map())]
  if (plain?.length === 0) return { ...exact(), note: madeWhereUsed }
  const notes: Note[] = []
  const made = steps && blockOf(steps, startingAt(place, notes))
  if (made !== undefined) {
    const keys = new Set([...keysOf(made), ...keysIn.filter((key) => place.behind?.has(key))])
    const all = statementsOf(made, keys)
    // What is taken back in the blocks is said outside of them by others.
    const statements = place.behind === undefined ? all : all.filter(({ kind }) => kind === 'chain')
    const [first] = notes
    return first === undefined
      ? exact(...statements)
      : { statements, verdict: 'approx', note: joined(notes, first) }
  }
  const open = unsaid({
    ...unsayable.instructions,
    advice: 'write url.rewrite-once and url.redirect lines by hand'
  })
  return refuses(own) ? { ...open, statements: [closing] } : open
}

/** Whether all that is done is to answer where something holds, which can as well be asked behind all else. */
export function onlyAnswers(list: readonly Instruction[]): boolean {
  const steps = stepsOf(list, new Map()) ?? []
  return (
    steps.length > 0 &&
    steps.every((step) => step.kind === 'if' && step.then.every(({ kind }) => kind === 'answer'))
  )
}

/** The directives that a place's instructions are written with, so that stronger places can take them back. */
export function instructionKeys(own: readonly Instruction[], place: InstructionPlace): readonly string[] {
  const steps = stepsOf([...place.before, ...own], new Map())
  const made = steps && blockOf(steps, startingAt(place, []))
  if (made !== undefined) return [...keysOf(made)]
  return refuses(own) ? ['url.access-deny'] : []
}

function startingAt(place: InstructionPlace, notes: Note[]): At {
  const captures = new Set<CaptureSource>(place.onPattern ? ['scope', 'last'] : [])
  return { captures, rewritesElsewhere: place.rewritesElsewhere, texts: place.texts, depth: 0, notes }
}

function joined(notes: readonly Note[], first: Note): Note {
  const messages = [...new Set(notes.map(({ message }) => message))]
  const affects = [...new Set(notes.flatMap((note) => note.affects ?? []))]
  return { ...first, message: messages.join('; '), affects }
}

/** An answer of 404 for every request. */
export const missing: readonly Statement[] = [
  assign('url.redirect', pairs([['', '/']])),
  assign('url.redirect-code', 404)
]

const madeWhereUsed: Note = { message: 'has its meaning where the variable is used' }

function refuses(rules: readonly Instruction[]): boolean {
  return rules.some(
    (rule) =>
      (rule.kind === 'answer' && rule.target.kind === 'status' && rule.target.status >= 400) ||
      (rule.kind === 'if' && refuses(rule.then))
  )
}

/** What is done, once the values of variables are in the places where they are used. */
type Step =
  | { readonly kind: 'rewrite'; readonly rewrite: Rewrite }
  | { readonly kind: 'answer'; readonly target: Answer }
  | { readonly kind: 'stop' }
  | { readonly kind: 'if'; readonly when: Condition; readonly then: readonly Step[]; readonly ends: boolean }

type Answer = Extract<Instruction, { kind: 'answer' }>['target']
type Values = Map<string, Template | undefined>

/** Undefined where a step has no counterpart whatever it is asked with. */
function stepsOf(list: readonly Instruction[], values: Values): readonly Step[] | undefined {
  const steps: Step[] = []
  for (const each of list) {
    switch (each.kind) {
      case 'set':
        values.set(each.name, withValues(each.value, values))
        break
      case 'rewrite':
        if (each.rewrite.when.kind !== 'always') return undefined
        steps.push({ kind: 'rewrite', rewrite: withTarget(each.rewrite, values) })
        break
      case 'answer':
        steps.push({ kind: 'answer', target: answerWith(each.target, values) })
        return steps
      case 'stop':
        steps.push({ kind: 'stop' })
        return steps
      case 'if': {
        const inner: Values = new Map(values)
        const then = stepsOf(each.then, inner)
        if (then === undefined) return undefined
        // What the variable is from here on hangs on the condition.
        for (const [name, value] of inner) if (values.get(name) !== value) values.set(name, undefined)
        const ends = endsIn(then)
        if (!ends && (each.takesOver ?? []).length > 0) return undefined
        if (then.length > 0) steps.push({ kind: 'if', when: conditionWith(each.when, values), then, ends })
        break
      }
      case 'set-query':
      case 'set-send-rate':
      case 'undecided':
        return undefined
      default:
        unreachable(each)
    }
  }
  return steps
}

function endsIn(steps: readonly Step[]): boolean {
  const last = steps.at(-1)
  return last?.kind === 'answer' || last?.kind === 'stop'
}

function withValues(template: Template, values: Values): Template {
  return template.flatMap((part) => (part.kind === 'user' ? (values.get(part.name) ?? [part]) : [part]))
}

function withTarget(rewrite: Rewrite, values: Values): Rewrite {
  return rewrite.to === undefined ? rewrite : { ...rewrite, to: withValues(rewrite.to, values) }
}

function answerWith(target: Answer, values: Values): Answer {
  return target.kind === 'redirect' ? { ...target, to: withValues(target.to, values) } : target
}

function conditionWith(when: Condition, values: Values): Condition {
  if (when.kind === 'not') return { ...when, of: conditionWith(when.of, values) }
  return when.kind === 'test' && when.subject.of === 'text'
    ? { ...when, subject: { of: 'text', template: withValues(when.subject.template, values) } }
    : when
}

/** What lighttpd tries in one block, and the blocks in it, of which later ones win. */
interface Block {
  readonly rewrites: readonly Pair[]
  /** Those for requests whose file is not there. */
  readonly missing: readonly Pair[]
  readonly redirects: readonly Pair[]
  readonly code: number | undefined
  readonly inner: readonly { readonly asked: Alternatives; readonly block: Block }[]
}

type Pair = readonly [pattern: string, to: string]

interface At {
  /** Whose groups the condition of the block has. */
  readonly captures: ReadonlySet<CaptureSource>
  readonly rewritesElsewhere: boolean
  readonly texts: Texts
  readonly depth: number
  readonly notes: Note[]
}

/** Blocks double with every `if` that does not end in an answer. */
const deepest = 4

function blockOf(steps: readonly Step[], at: At): Block | undefined {
  const found = steps.findIndex((step, index) => step.kind === 'if' || hasOtherCode(steps, index))
  const step = steps[found]
  if (step === undefined) return flat(steps, at)
  if (at.depth >= deepest) return undefined
  const [before, rest] = [steps.slice(0, found), steps.slice(found + 1)]
  const out = blockOf([...before, ...rest], at)
  if (out === undefined) return undefined
  if (step.kind === 'if' && isMissingFile(step.when)) {
    const inner = flat(step.then, { ...at, depth: at.depth + 1 })
    if (inner === undefined || before.length > 0 || inner.redirects.length > 0) return undefined
    at.notes.push(aFolderIsMissing)
    return { ...out, missing: [...inner.rewrites, ...out.missing] }
  }
  const { when, then, ends } =
    step.kind === 'if' ? step : { when: onItsPattern(step), then: [step], ends: true }
  const asked = when && questions(when)
  if (asked === undefined) return undefined
  const matched = step.kind === 'if' && asked.every((each) => each.at(-1)?.operator === '=~')
  const block = blockOf(ends ? [...before, ...then] : [...before, ...then, ...rest], {
    ...at,
    captures: new Set(matched ? ['last'] : []),
    depth: at.depth + 1
  })
  return block && { ...out, inner: [...out.inner, { asked, block }] }
}

function isMissingFile(when: Condition): boolean {
  if (when.kind !== 'not' || when.of.kind !== 'test' || when.of.test.kind !== 'exists') return false
  const { subject, test } = when.of
  const isFile = subject.of === 'filename' || (subject.of === 'text' && isRequested(subject.template))
  return isFile && (test.what === 'file' || test.what === 'any')
}

function isRequested([first, second, ...others]: Template): boolean {
  if (others.length > 0 || first?.kind !== 'variable') return false
  if (second === undefined) return first.name === 'filename'
  return (
    first.name === 'document-root' &&
    second.kind === 'variable' &&
    (second.name === 'path' || second.name === 'script.name')
  )
}

const aFolderIsMissing: Note = {
  message: 'a folder is taken for a missing file',
  affects: ['routing', 'status', 'body'],
  only: ['folder']
}

/** One list has one code for all of its redirects, and rewrites come before them; others have blocks of their own. */
function hasOtherCode(steps: readonly Step[], index: number): boolean {
  const code = codeOf(steps[index])
  if (code === undefined) return false
  const last = [...steps].reverse().find((step) => codeOf(step) !== undefined)
  return code !== codeOf(last)
}

function codeOf(step: Step | undefined): number | 'text' | undefined {
  if (step?.kind === 'answer') return textOf(step.target) === undefined ? step.target.status : 'text'
  if (step?.kind !== 'rewrite') return undefined
  return typeof step.rewrite.then === 'object' ? step.rewrite.then.redirect : undefined
}

/** What is sent as a file: a text that is the same for every request. */
function textOf(target: Answer): string | undefined {
  if (target.kind !== 'status' || target.status !== 200 || target.body === undefined) return undefined
  const text = literalText(target.body)
  return text === '' ? undefined : text
}

function onItsPattern(step: Step): Condition | undefined {
  if (step.kind !== 'rewrite') return undefined
  return { kind: 'test', subject: { of: 'path' }, test: { kind: 'regex', regex: step.rewrite.match } }
}

/** The pattern of a rewrite is the one that was tried last. */
const ofPattern = new Set<CaptureSource>(['rule', 'last'])

function flat(steps: readonly Step[], at: At): Block | undefined {
  const rewrites: Pair[] = []
  const redirects: Pair[] = []
  let code: number | undefined
  for (const [index, step] of steps.entries()) {
    switch (step.kind) {
      case 'if':
        return undefined
      case 'stop':
        break
      case 'answer': {
        const text = textOf(step.target)
        if (text !== undefined) {
          rewrites.push(['', at.texts.urlOf(text)])
          break
        }
        const to = answered(step.target, at)
        if (to === undefined) return undefined
        redirects.push(['', to])
        code = step.target.status
        break
      }
      case 'rewrite': {
        const { then, query } = step.rewrite
        const pattern = onTarget(step.rewrite.match)
        const to = step.rewrite.to && replacement(step.rewrite.to, { own: ofPattern, around: at.captures })
        if (pattern === undefined || to === undefined || to === '') return undefined
        const pair: Pair = [pattern, query === 'replaced' ? to : `${to}\${qsa}`]
        if (typeof then === 'object') {
          redirects.push(pair)
          code = then.redirect
          noteLocation(to, at)
        } else {
          // What follows would be tried on what came of it, and a redirect ahead of it wins here as well.
          if (redirects.length > 0 || (then === 'next' && index < steps.length - 1)) return undefined
          if (!to.startsWith('/')) return undefined
          if (then === 'stop') at.notes.push(chosenAnew)
          if (at.rewritesElsewhere) at.notes.push(onlyOnce)
          rewrites.push(pair)
        }
        break
      }
      default:
        unreachable(step)
    }
  }
  return { rewrites, missing: [], redirects, code, inner: [] }
}

const onlyOnce: Note = {
  message: 'a URL is rewritten once',
  affects: ['routing', 'status', 'body', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'QUERY_STRING']
}

const chosenAnew: Note = {
  message: 'the block for a rewritten URL is chosen anew',
  affects: ['routing', 'status', 'body', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'QUERY_STRING']
}

function noteLocation(to: string, { notes }: At): void {
  if (to.startsWith('/') || to.includes('${url.authority}'))
    notes.push({
      message: 'a Location is sent as it is said, and a host with its port',
      affects: ['Location']
    })
}

/** Where an answer redirects to; lighttpd redirects with any status, and gives an error the page it has for it. */
function answered(target: Answer, at: At): string | undefined {
  if (target.kind === 'redirect') {
    const to = replacement(target.to, { own: new Set(), around: at.captures })
    if (to === undefined || to === '') return undefined
    noteLocation(to, at)
    return to
  }
  const { status, body } = target
  if (status < 400) at.notes.push({ message: 'the answer has a Location', affects: ['Location'] })
  if (body !== undefined && literalText(body) !== '')
    at.notes.push({
      message: 'lighttpd answers with a status alone, without the text',
      affects: ['body', 'content-type']
    })
  return '/'
}

const keysIn = ['url.rewrite-once', 'url.rewrite-if-not-file', 'url.redirect', 'url.redirect-code'] as const
type Key = (typeof keysIn)[number]

function keysOf(block: Block): ReadonlySet<Key> {
  return new Set([
    ...(block.rewrites.length > 0 ? (['url.rewrite-once'] as const) : []),
    ...(block.missing.length > 0 ? (['url.rewrite-if-not-file'] as const) : []),
    ...(block.redirects.length > 0 ? (['url.redirect'] as const) : []),
    ...([...codesOf(block)].some((code) => code !== 301) ? (['url.redirect-code'] as const) : []),
    ...block.inner.flatMap((inner) => [...keysOf(inner.block)])
  ])
}

/** In a block everything is said that some block says, so that nothing of the ones around it is left. */
function statementsOf(
  block: Block,
  keys: ReadonlySet<Key>,
  isDefault = !keys.has('url.redirect-code')
): readonly Statement[] {
  const lists: readonly (readonly [Key, readonly Pair[]])[] = [
    ['url.rewrite-once', block.rewrites],
    ['url.rewrite-if-not-file', block.missing],
    ['url.redirect', block.redirects]
  ]
  return [
    ...lists.filter(([key]) => keys.has(key)).map(([key, list]) => assign(key, pairs(list))),
    ...(block.code === undefined || isDefault ? [] : [assign('url.redirect-code', block.code)]),
    ...block.inner.flatMap(({ asked, block: inner }) =>
      asked.map((each) => nest(each, statementsOf(inner, keys, isDefault)))
    )
  ]
}

function codesOf(block: Block): ReadonlySet<number> {
  return new Set([
    ...(block.code === undefined ? [] : [block.code]),
    ...block.inner.flatMap((inner) => [...codesOf(inner.block)])
  ])
}

/** Whether URLs are rewritten by some of these. */
export function rewritesSome(list: readonly Instruction[]): boolean {
  return list.some(
    (each) =>
      (each.kind === 'rewrite' && typeof each.rewrite.then === 'string') ||
      (each.kind === 'if' && rewritesSome(each.then))
  )
}
