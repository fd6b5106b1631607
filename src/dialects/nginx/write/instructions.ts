import { quote } from '../quote.js'
import type { Assignment, Condition, Instruction, Rewrite } from '../../../model/index.js'
import { block, commented, directive, type Item } from './document.js'
import type { Output } from './output.js'
import { templateText, type Surroundings } from './templates.js'

/** What is done in order before a location answers: `set`, `rewrite`, `return`, `break`, `if`. */
export function instructionItems(
  instructions: readonly Instruction[],
  at: Surroundings,
  out: Output
): readonly Item[] {
  return instructions.flatMap((instruction) => {
    if (out.isComputed(instruction)) return []
    const origin = instruction.kind === 'rewrite' ? instruction.rewrite.origin : instruction.origin
    const item = instructionItem(instruction, at, out)
    if (item === undefined) {
      out.ledger.mark(origin, 'lost', {
        message: 'nginx has no instruction that does this',
        affects: ['routing', 'status']
      })
      return []
    }
    out.ledger.mark(origin, 'exact')
    return [commented(item, out.ledger.takeComments(origin))]
  })
}

function instructionItem(instruction: Instruction, at: Surroundings, out: Output): Item | undefined {
  switch (instruction.kind) {
    case 'set': {
      const text = templateText(instruction.value, at, out)
      const known = out.variables.has(instruction.name)
      return text === undefined || !known ? undefined : directive('set', `$${instruction.name}`, quote(text))
    }
    case 'set-query':
    case 'set-send-rate': {
      const text = templateText(instruction.value, at, out)
      return text === undefined ? undefined : directive('set', assignedName(instruction), quote(text))
    }
    case 'rewrite':
      return rewriteItem(instruction.rewrite, at, out)
    case 'answer':
      return answerItem(instruction.target, at, out)
    case 'undecided':
      return undefined
    case 'stop':
      return directive('break')
    case 'if': {
      if ((instruction.takesOver ?? []).length > 0) return undefined
      const words = questionWords(instruction.when, at, out)
      return words === undefined
        ? undefined
        : block(['if', ...words], instructionItems(instruction.then, at, out))
    }
  }
}

/** The variable that an assignment gives its value. */
export function assignedName(assignment: Assignment): string {
  switch (assignment.kind) {
    case 'set':
      return `$${assignment.name}`
    case 'set-query':
      return '$args'
    case 'set-send-rate':
      return '$limit_rate'
  }
}

function answerItem(
  target: Extract<Instruction, { kind: 'answer' }>['target'],
  at: Surroundings,
  out: Output
): Item | undefined {
  const status = String(target.status)
  const template = target.kind === 'redirect' ? target.to : target.body
  if (template === undefined) return directive('return', status)
  const text = templateText(template, at, out)
  return text === undefined ? undefined : directive('return', status, quote(text))
}

function rewriteItem(rewrite: Rewrite, at: Surroundings, out: Output): Item | undefined {
  if (rewrite.when.kind !== 'always' || rewrite.to === undefined || rewrite.on !== 'path') return undefined
  const to = templateText(rewrite.to, at, out)
  const flag = rewriteFlag(rewrite.then)
  if (to === undefined || flag === undefined) return undefined
  // A question mark at the end keeps nginx from adding the query.
  const target = rewrite.query === 'replaced' && !to.endsWith('?') ? `${to}?` : to
  const source = `${rewrite.match.ignoreCase ? '(?i)' : ''}${rewrite.match.source}`
  return directive('rewrite', quote(source), quote(target), ...(flag === '' ? [] : [flag]))
}

function rewriteFlag(then: Rewrite['then']): string | undefined {
  if (typeof then === 'object') {
    return then.redirect === 301 ? 'permanent' : then.redirect === 302 ? 'redirect' : undefined
  }
  switch (then) {
    case 'next':
      return ''
    case 'stop':
      return 'break'
    case 'scopes':
      return 'last'
    case 'restart':
      return undefined
  }
}

/** The words between `if` and its block. */
function questionWords(when: Condition, at: Surroundings, out: Output): readonly string[] | undefined {
  const isNot = when.kind === 'not'
  const test = isNot ? when.of : when
  if (test.kind !== 'test') return undefined
  const subject = subjectText(test.subject, at, out)
  if (subject === undefined) return undefined
  // Only file names may be put together; everything else is asked of one variable.
  if (test.test.kind !== 'exists' && !/^\$\w+$/.test(subject)) return undefined
  switch (test.test.kind) {
    case 'equals':
      return [`(${subject}`, isNot ? '!=' : '=', `${quote(test.test.value)})`]
    case 'regex': {
      const operator = `${isNot ? '!' : ''}~${test.test.regex.ignoreCase ? '*' : ''}`
      return [`(${subject}`, operator, `${quote(test.test.regex.source)})`]
    }
    case 'true':
      return isNot ? undefined : [`(${subject})`]
    case 'exists': {
      const word = existence[test.test.what]
      return word === undefined ? undefined : [`(${isNot ? '!' : ''}${word}`, `${subject})`]
    }
    case 'prefix':
    case 'suffix':
    case 'glob':
    case 'address':
    case 'compare':
      return undefined
    default:
      return undefined
  }
}

const existence = {
  file: '-f',
  directory: '-d',
  any: '-e',
  executable: '-x',
  filled: undefined,
  link: undefined
} as const

/** The words that nginx compares for a subject. */
export function subjectText(
  subject: Extract<Condition, { kind: 'test' }>['subject'],
  at: Surroundings,
  out: Output
): string | undefined {
  switch (subject.of) {
    case 'text':
      return templateText(subject.template, at, out)
    case 'host':
      return '$host'
    case 'path':
      return '$uri'
    case 'query':
      return '$args'
    case 'method':
      return '$request_method'
    case 'scheme':
      return '$scheme'
    case 'remote-address':
      return '$remote_addr'
    case 'header':
      return `$http_${subject.name.replaceAll('-', '_')}`
    case 'filename':
      return '$request_filename'
    default:
      return undefined
  }
}
