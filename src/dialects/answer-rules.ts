import type { FastcgiTarget, Note, RequestKind, ResponseRules } from '../model/index.js'

/** How the target treats an application's answer otherwise than the source, and with which answers that shows. */
export function answersNote(source: ResponseRules, target: ResponseRules): Note {
  const only: readonly RequestKind[] = [
    'broken-answer',
    ...(source.location === target.location ? [] : (['location-answer'] as const)),
    ...(source.redirectHeader === target.redirectHeader ? [] : (['accel-answer'] as const)),
    ...(source.ranges === target.ranges ? [] : (['range-of-answer'] as const))
  ]
  return {
    message:
      "what becomes of an application's headers, and of answers that are broken, late or missing, is the target's own",
    affects: ['status', 'routing', 'Location', 'body', 'content-type', ...askedFor],
    only
  }
}

/** Where the source keeps the body to itself; undefined where it does not. */
export function withheldNote({ withholdsBody }: FastcgiTarget): Note | undefined {
  if (withholdsBody !== true) return undefined
  return {
    message: 'the application is sent the body as well, which the source keeps to itself',
    affects: ['body', 'CONTENT_LENGTH', 'CONTENT_TYPE'],
    only: ['with-body']
  }
}

/** What differs at one place or another. */
export function joinedAnswers(before: Note | undefined, note: Note): Note {
  const only = [...new Set([...(before?.only ?? []), ...(note.only ?? [])])]
  return { ...note, only }
}

/** What an application is told of a request differs where another one, or another URL, answers for it. */
export const askedFor = [
  'SCRIPT_NAME',
  'SCRIPT_FILENAME',
  'PATH_INFO',
  'QUERY_STRING',
  'REQUEST_METHOD',
  'CONTENT_LENGTH',
  'CONTENT_TYPE'
] as const

/** What an application is told of a path that was handed on to it as a URL; undefined where none is. */
export function handedOnNote({ passedTo, script }: FastcgiTarget): Note | undefined {
  if (passedTo === undefined && script.split.kind !== 'disk') return undefined
  return {
    message: 'the source takes the path for one at the application, and tells it where that would be',
    affects: ['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'PATH_TRANSLATED', 'routing', 'status', 'body']
  }
}
