import { literalText, type AnswerHeaderChange } from '../../../model/index.js'
import { unsayable } from '../../unsayable.js'
import { directive, quoted, type Entry } from './entries.js'
import { expression } from './conditions.js'
import { expressionString } from './templates.js'
import { exact, unsaid, type Written } from './written.js'

const actions: Readonly<Record<AnswerHeaderChange['how'], string>> = {
  set: 'set',
  'set-if-absent': 'setifempty',
  add: 'add',
  append: 'append',
  'append-new': 'merge',
  unset: 'unset',
  edit: 'edit',
  'edit-all': 'edit*',
  echo: 'echo'
}

/** `Header always set X-A "text" "expr=…"` */
export function headerChanges(changes: readonly AnswerHeaderChange[]): Written {
  const lines = changes.map(line)
  const known = lines.filter((one) => one !== undefined)
  return known.length === lines.length
    ? exact(...known)
    : { ...unsaid(unsayable.headerChanges), entries: known }
}

function line(change: AnswerHeaderChange): Entry | undefined {
  const { how, name, among, pattern } = change
  const value = how === 'unset' || how === 'echo' ? [] : valueWords(change)
  const when = change.when.kind === 'always' ? [] : [expression(change.when)]
  const [condition] = when
  if (value === undefined || (when.length > 0 && condition === undefined)) return undefined
  return directive(
    'Header',
    ...(among === 'lasting' ? ['always'] : []),
    actions[how],
    name,
    ...(pattern === undefined || how === 'echo' ? [] : [quoted(pattern.source)]),
    ...value,
    ...(condition === undefined ? [] : [quoted(`expr=${condition}`)])
  )
}

function valueWords({ how, value }: AnswerHeaderChange): readonly ReturnType<typeof quoted>[] | undefined {
  const text = literalText(value)
  if (text !== undefined) return [quoted(text.replaceAll('\\', String.raw`\\`).replaceAll('%', '%%'))]
  if (how === 'edit' || how === 'edit-all') return undefined
  const made = expressionString(value)
  return made === undefined ? undefined : [quoted(`expr=${made}`)]
}
