import type { ServerName } from '../conformance/cases.js'
import type { Outcome } from './run.js'
import type { TargetName } from './targets.js'

const columns = ['from', 'to', 'starts', 'requests', 'the same', 'declared', 'undeclared', 'over-declared']

/** One line a direction: how many cases start, and what became of their requests. */
export function figures(
  source: ServerName,
  target: TargetName,
  outcomes: readonly Outcome[]
): readonly string[] {
  const running = outcomes.filter(({ stopped }) => stopped === undefined)
  const asked = running.flatMap(({ asked }) => asked)
  const same = asked.filter(({ declared, undeclared }) => declared.length + undeclared.length === 0)
  const undeclared = asked.filter((each) => each.undeclared.length > 0)
  const declared = asked.length - same.length - undeclared.length
  const over = same.filter(({ lines }) => lines.length > 0)
  return [
    source,
    target,
    `${String(running.length)} of ${String(outcomes.length)}`,
    String(asked.length),
    share(same.length, asked.length),
    share(declared, asked.length),
    share(undeclared.length, asked.length),
    share(over.length, same.length)
  ]
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : `${String(part)} (${String(Math.round((100 * part) / whole))}%)`
}

export function markdown(rows: readonly (readonly string[])[], head: readonly string[] = columns): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export function page(rows: readonly (readonly string[])[]): string {
  return `# How translations hold

Made by \`FCGI_CONF_CONVERSION=write npx vitest run --project conversion\` from the recorded cases in \`fixtures/observed\`: each is converted, run on the
real target, and sent its requests. A request is the same where status, application, body and what the application is told of it
(SCRIPT_NAME, SCRIPT_FILENAME, PATH_INFO, QUERY_STRING, REQUEST_METHOD, REQUEST_URI, DOCUMENT_ROOT, CONTENT_TYPE, CONTENT_LENGTH, REMOTE_USER, HTTP_\\*)
are what the source was recorded to do; declared where every difference is named in \`affects\` of a line of the ledger, undeclared where one is not.
A param that is absent is the same as an empty one (RFC 3875, 4.1), and of applications that stand for one another (a pool) another is a matter of \`balance\`.
Over-declared are those of the same with a line in the ledger that names one of these words all the same. A line that is about requests of some kind (\`only\`: a
header that comes twice, a Host in capitals) or about some URLs counts for those alone, here and for what is declared; so does one about a directive in a block (a location, a
condition, a section) for the requests that come to that block, and one that names params for those that an application answers.

${markdown(rows)}
`
}
