import type { Setting, Undecided } from '../../../model/index.js'
import { nginxVocabulary, type NginxRow } from '../vocabulary/index.js'
import type { Level } from './level.js'
import { headText, type Item, type Session } from './session.js'
import { setting } from './setting.js'
import { parseFlag } from './values.js'

const rows: readonly (readonly [name: string, row: NginxRow])[] = [...nginxVocabulary].filter(
  ([name, row]) => row.undecided !== undefined && !name.includes(' ')
)

const others = rows.flatMap(([, { undecided }]) =>
  [undecided?.unlessOn ?? [], undecided?.unlike ?? []].flat()
)
export const undecidedNames = [...rows.map(([name]) => name), ...others]

/** What is in force here that is not decided: a level that says one of these has a list of its own. */
export function readUndecided(session: Session, level: Level): Setting | undefined {
  const value = rows.flatMap(([name, row]) => {
    const asking = level.inForce(name).filter((item) => asks(row, item, level))
    return asking.map((item) => entry(session, row, item))
  })
  return setting('undecided', value, 'inherited', [...new Set(value.map(({ origin }) => origin))])
}

/** Whether it asks for anything: not with `off`, nor where another directive takes its effect away. */
export function asks(row: NginxRow, { directive }: Item, level: Level): boolean {
  const { undecided } = row
  if (undecided === undefined) return false
  const first = directive.args[0]?.value.toLowerCase() ?? ''
  const isRead = undecided.matching?.test(first) === false
  const isOn = !isRead && (undecided.only?.includes(first) ?? undecided.unless?.includes(first) !== true)
  const said = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : level.inForce(name).at(-1)?.directive.args[0]?.value.toLowerCase()
  const other = said(undecided.unlike) ?? 'off'
  const isLike = undecided.unlike !== undefined && (other === 'off' || other === first)
  return isOn && !isLike && parseFlag(said(undecided.unlessOn) ?? 'off') !== true
}

function entry(session: Session, { undecided }: NginxRow, item: Item): Undecided {
  const { at = 'rewrite', methods } = undecided ?? {}
  const listed = methods === 'named' ? item.directive.args.map(({ value }) => value.toUpperCase()) : methods
  return {
    what: `\`${headText(item)}\``,
    at,
    ...(listed === undefined ? {} : { methods: listed }),
    origin: session.span(item)
  }
}
