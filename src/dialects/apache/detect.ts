import type { Evidence } from '../dialect.js'
import { apacheVocabulary } from './vocabulary.js'

/** A look at so much of a file tells what it is. */
const enough = 100_000

/** How much of a text is httpd's language: sections, and lines that begin with a known directive and end as none of nginx's or lighttpd's would. */
export function detectApache(file: string, text: string): Evidence {
  const because: string[] = []
  const known = knownNames()
  const lines = logicalLines(text.slice(0, enough))
  const fitting = lines.filter((line) => fits(line, known)).length
  const sections = lines.filter((line) => /^<\/?[A-Za-z]\w*(?:\s[^>]*)?>$/.test(line)).length
  if (fitting === 0 && sections === 0) return { score: 0, because }
  if (sections > 0) because.push(`${String(sections)} lines such as \`<VirtualHost …>\``)
  if (fitting > 0)
    because.push(`${String(fitting)} of ${String(lines.length)} lines begin with one of httpd's directives`)
  const named = /(?:^|[/.])(?:apache2?|httpd)(?:[/.]|$)|\.htaccess$/.test(file)
  if (named) because.push('its name says so')
  const share = (fitting + sections) / lines.length
  return { score: Math.min(1, share * share + (named ? 0.1 : 0)), because }
}

let names: ReadonlySet<string> | undefined

/** Names count without case; options of a directive, which stand in the table behind its name, do not begin a line. */
function knownNames(): ReadonlySet<string> {
  names ??= new Set(
    [...apacheVocabulary.keys()].filter((name) => !name.includes(' ')).map((name) => name.toLowerCase())
  )
  return names
}

function logicalLines(text: string): readonly string[] {
  const lines = text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
}

function fits(line: string, known: ReadonlySet<string>): boolean {
  const name = /^[A-Za-z]\w*(?=\s|$)/.exec(line)?.[0]
  if (name === undefined || !known.has(name.toLowerCase())) return false
  // `alias /x;` and `index a.php;` are nginx's, `include "x"` may be lighttpd's.
  return !/[;{]$/.test(line) && !/^\s*=/.test(line.slice(name.length))
}
