import { setting, type Place } from './place.js'
import { overrideClasses } from '../vocabulary/overrides.js'
import type { FolderClasses } from '../../../model/index.js'
import type { Line } from './line.js'
import type { Handler, Reader, Said } from './reader.js'

/** What `.htaccess` files may say, and their names. */
export const overrideHandlers: readonly (readonly [string, Handler])[] = [
  ['AllowOverride', allowOverride],
  [
    'AllowOverrideList',
    (line, place, reader) => {
      if (place.context !== 'directory') return useless
      const names = line.words.map(({ value }) => value)
      const directives = names.length === 1 && names[0]?.toLowerCase() === 'none' ? [] : names
      if (directives.length > 0) reader.allowsFolderFiles ??= line.span
      place.settings.push(setting('folderDirectives', directives, line.span))
      return undefined
    }
  ],
  [
    'AccessFileName',
    (line, place) => {
      const names = line.words.map(({ value }) => value)
      place.settings.push(setting('folderFileNames', names, line.span))
      return undefined
    }
  ]
]

/** httpd warns and goes on (core: AH00114). */
const useless = {
  kind: 'ignored',
  why: '`.htaccess` files are looked for in folders, so only `<Directory>` has a say in them'
} as const

const tolerances: Readonly<Record<string, FolderClasses['passedOver']>> = {
  override: ['not-allowed'],
  unknown: ['unknown'],
  all: ['not-allowed', 'unknown']
}

/** `AllowOverride All`, `None`, or classes; `Options=ExecCGI,Indexes`; `Nonfatal=Override` (core: `set_override`). */
function allowOverride(line: Line, place: Place, reader: Reader): Said {
  if (place.context !== 'directory') return useless
  let classes: readonly string[] = []
  let options: readonly string[] | undefined
  let passedOver: FolderClasses['passedOver'] = []
  for (const { value, span } of line.words) {
    const [name = '', text] = value.split(/=(.*)/s)
    const key = name.toLowerCase()
    const found = overrideClasses.find((one) => one.toLowerCase() === key)
    const tolerated = key === 'nonfatal' ? tolerances[(text ?? '').toLowerCase()] : undefined
    if (key === 'all') classes = overrideClasses
    else if (key === 'none') classes = []
    else if (tolerated !== undefined) passedOver = [...passedOver, ...tolerated]
    else if (found !== undefined && (text === undefined || found === 'Options')) {
      classes = [...classes, found]
      if (text !== undefined) options = text.toLowerCase().split(',')
    } else {
      const message = `\`${value}\` is nothing that \`AllowOverride\` knows`
      const hint = `it takes \`All\`, \`None\`, or any of ${overrideClasses.join(', ')}`
      reader.report.refuse('bad-arguments', span, message, hint)
      return undefined
    }
  }
  if (classes.length > 0) reader.allowsFolderFiles ??= line.span
  const value = { classes, passedOver, ...(options === undefined ? {} : { options }) }
  place.settings.push(setting('folderClasses', value, line.span))
  return undefined
}
