import { lookUp } from '../vocabulary/index.js'
import type { Line } from './line.js'
import type { Report } from './report.js'
import { versionHolds } from './version.js'

/** What sections that are decided while the files are read may ask. */
export interface Answers {
  readonly isLoaded: (module: string) => boolean
  readonly isDefined: (name: string) => boolean
  readonly isThere: (path: string) => boolean
  readonly version: string
  readonly report: Report
}

/** Whether the lines of a section are read; undefined for sections that are no question to the reader. */
export function sectionHolds(line: Line, answers: Answers): boolean | undefined {
  const word = line.words[0]?.value ?? ''
  const name = word.replace(/^!/, '')
  const answer = (is: boolean): boolean => is !== word.startsWith('!')
  switch (line.name) {
    case 'IfModule':
      return answer(answers.isLoaded(name))
    case 'IfDefine':
      return answer(answers.isDefined(name))
    case 'IfFile':
      return answer(answers.isThere(name))
    case 'IfDirective':
      return answer(lookUp(name) !== undefined)
    case 'IfSection':
      return answer(lookUp(name.replace(/^<|>$/g, ''))?.row.shape.kind === 'block')
    case 'IfVersion':
      return ofVersion(line, answers)
    default:
      return undefined
  }
}

function ofVersion(line: Line, { version, report }: Answers): boolean {
  const words = line.words.map(({ value }) => value)
  const holds = versionHolds(words, version)
  if (holds === undefined) {
    const hint = 'write an operator and a version: `<IfVersion >= 2.4>`'
    report.refuse('bad-version', line.span, `\`${line.text}\` is no comparison with a version`, hint)
  }
  return holds ?? false
}
