import { splitWords } from '../../../../grammars/apache/index.js'
import { lookUpOption } from '../vocabulary/index.js'
import { closePlace } from './gates.js'
import { roleOf, type Guard } from './guards.js'
import type { Line, Word } from './line.js'
import type { Place } from './place.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'
import { stateOf } from './state.js'

const fastcgiNames = ['FastCgiAuthenticator', 'FastCgiAuthorizer', 'FastCgiAccessChecker']
const fcgidNames = ['FcgidAuthenticator', 'FcgidAuthorizer', 'FcgidAccessChecker']

/** Who is asked whether a request may pass. The names of mod_fastcgi are old ones of mod_fcgid as well. */
export const guardingHandlers: readonly (readonly [string, Handler])[] = [
  ...fastcgiNames.map((name): readonly [string, Handler] => [name, eachModule(fastcgiGuard, fcgidGuard)]),
  ...fcgidNames.map((name): readonly [string, Handler] => [name, fcgidGuard]),
  ...fastcgiNames.map((name): readonly [string, Handler] => [
    `${name}Authoritative`,
    eachModule(authoritative('mod_fastcgi'), authoritative('mod_fcgid'))
  ]),
  ...fcgidNames.map((name): readonly [string, Handler] => [
    `${name}Authoritative`,
    authoritative('mod_fcgid')
  ])
]

/** Where both modules are loaded, one line tells both. */
function eachModule(fastcgi: Handler, fcgid: Handler): Handler {
  return (line, place, reader) => {
    if (!reader.modules.whole || !reader.modules.isThere('mod_fcgid.c')) return fastcgi(line, place, reader)
    if (!reader.modules.isThere('mod_fastcgi.c')) return fcgid(line, place, reader)
    return fastcgi(line, place, reader) ?? fcgid(line, place, reader)
  }
}

function add(
  line: Line,
  { place, reader }: { readonly place: Place; readonly reader: Reader },
  module: Guard['module'],
  says: Guard['says']
): void {
  const role = roleOf(line.name)
  reader.guards.push({
    module,
    role,
    place: place.section ?? place,
    rank: place.rank ?? 0,
    span: line.span,
    says
  })
}

function authoritative(module: Guard['module']): Handler {
  return (line, place, reader) => {
    const value = line.words[0]?.value.toLowerCase() === 'on'
    add(line, { place, reader }, module, { kind: 'authoritative', value })
    return undefined
  }
}

/** The application must be defined above, or be a program. */
function fastcgiGuard(line: Line, place: Place, reader: Reader): Said {
  const [word, option] = line.words
  if (word === undefined) return notReadYet
  const at = { place, reader }
  const path = reader.path(word.value)
  const definition = reader.definitions.covering(path)
  const compat = option !== undefined
  if (definition === undefined && reader.io.kind(path) !== 'file') {
    reader.report.refuse(
      'no-program',
      word.span,
      `\`${path}\` is neither defined above nor a program`,
      `put its \`FastCgiExternalServer\` above this line`
    )
    add(line, at, 'mod_fastcgi', { kind: 'nothing' })
    closePlace(line, place.section ?? place, reader)
    return undefined
  }
  if (option !== undefined) recordCompat(line, option, reader)
  reader.asksDynamic ||= definition === undefined
  add(line, at, 'mod_fastcgi', {
    kind: 'application',
    application: {
      module: 'mod_fastcgi',
      pool: definition?.path ?? 'dynamic',
      ...(definition === undefined ? { program: path } : {}),
      passed: definition?.passed ?? reader.definitions.dynamic(line.span).passed,
      compat
    }
  })
  return undefined
}

function recordCompat(line: Line, option: Word, { report }: Reader): void {
  const row = lookUpOption(line.name, option.value)?.row
  if (row === undefined) {
    const message = `\`${line.name}\` has no option \`${option.value}\``
    report.refuse('unknown-option', option.span, message, 'only `-compat` is possible')
    return
  }
  const state = stateOf(row.state)
  report.record({ name: '-compat', within: line.name, span: option.span, comments: [], state })
}

/** A program with its arguments, in one word. */
function fcgidGuard(line: Line, place: Place, reader: Reader): Said {
  const [word, more] = line.words
  if (word === undefined) return notReadYet
  if (more !== undefined) {
    const message = `\`${line.name}\` takes one argument`
    reader.report.refuse('bad-arguments', more.span, message, 'put quotes around a command with arguments')
  }
  const command = splitWords(word.value).map(({ value }) => value)
  const [program = ''] = command
  if (program === '' || reader.io.kind(program) === 'missing') {
    reader.report.refuseHere(
      'no-program',
      word.span,
      `There is no program \`${program}\` on this machine`,
      'correct the path; it is not relative to ServerRoot'
    )
  }
  add(line, { place, reader }, 'mod_fcgid', {
    kind: 'application',
    application: { module: 'mod_fcgid', command }
  })
  return undefined
}
