import type { Condition } from '../../model/index.js'
import { fits } from './regexes.js'

type Test = Extract<Condition, { kind: 'test' }>

/**
 * Whether a condition holds for a request of which only the path is known, and the file it leads to where that is given;
 * undefined where it asks for something else.
 */
export function holdsFor(condition: Condition, path: string, file?: string): boolean | undefined {
  switch (condition.kind) {
    case 'always':
      return true
    case 'never':
      return false
    case 'all':
      return allHold(condition.of.map((one) => holdsFor(one, path, file)))
    case 'any':
      return not(allHold(condition.of.map((one) => not(holdsFor(one, path, file)))))
    case 'not':
      return not(holdsFor(condition.of, path, file))
    case 'test':
      return testHolds(condition, path, file)
  }
}

/** Of answers of which some are not known. */
export function allHold(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false
  return answers.includes(undefined) ? undefined : true
}

function not(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer
}

function testHolds({ subject, test }: Test, path: string, file: string | undefined): boolean | undefined {
  const text = textOf(subject, path, file)
  if (text === undefined) return undefined
  switch (test.kind) {
    case 'equals':
      return test.value === text
    case 'prefix':
      if (!test.segments || test.value.endsWith('/')) return text.startsWith(test.value)
      return text === test.value || text.startsWith(`${test.value}/`)
    case 'suffix':
      return text.endsWith(test.value)
    case 'regex':
      return fits(test.regex, text)
    case 'glob':
      return globFits(test, text)
    default:
      return undefined
  }
}

function textOf(subject: Test['subject'], path: string, file: string | undefined): string | undefined {
  switch (subject.of) {
    case 'path':
      return path
    case 'basename':
      return path.replace(/.*\//, '')
    case 'filename':
      return subject.folder === true ? file?.replace(/\/[^/]*$/, '') : file
    default:
      return undefined
  }
}

function globFits(
  { pattern, crossesSlash, below, ignoreCase }: Extract<Test['test'], { kind: 'glob' }>,
  text: string
): boolean | undefined {
  if (/[[\]\\]/.test(pattern)) return undefined
  const any = crossesSlash ? '.' : '[^/]'
  const source = pattern
    .replace(/[.+^${}()|]/g, '\\$&')
    .replaceAll('*', `${any}*`)
    .replaceAll('?', any)
  return fits({ source: `^${source}${below ? '(?:/|$)' : '$'}`, ignoreCase: ignoreCase === true }, text)
}
