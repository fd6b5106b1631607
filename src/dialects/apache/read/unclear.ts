import { closePlace } from './gates.js'
import type { Unclear } from './interpolation.js'
import type { Line } from './line.js'
import type { Place } from './place.js'
import { notReadYet, type Reader, type Said } from './reader.js'

/** An expression that httpd refuses, or one that is not understood here: requests it bears on are not answered then. */
export function unclear(why: Unclear, line: Line, place: Place, reader: Reader): Said {
  if ('wrong' in why) {
    reader.report.refuse(
      'bad-expression',
      line.span,
      `\`${line.name}\`: ${why.wrong}`,
      'see httpd’s manual on expressions'
    )
    return undefined
  }
  const message = `The expression of \`${line.name}\` is not understood yet: ${why.unread}`
  reader.report.warn('expression-not-read', line.span, message)
  closePlace(line, place.section ?? place, reader)
  return notReadYet
}
