import { parse, type Statement } from '../../../grammars/apache/index.js'
import type { Evidence } from '../dialect.js'
import { lookUp } from './vocabulary/index.js'

/** Which of the three FastCGI modules a text speaks to. */
export type FastcgiModule = 'mod_fastcgi' | 'mod_fcgid' | 'mod_proxy_fcgi'

export interface ApacheEvidence extends Evidence {
  /** In the order of their first line. */
  readonly modules: readonly FastcgiModule[]
}

/** Longer texts are judged by their beginning. */
const enough = 200_000

/** How sure a look at the text is that it is httpd's: sections and directives that only httpd has. */
export function detectApache(file: string, text: string): ApacheEvidence {
  const tree = parse(file, text.slice(0, enough))
  const because: string[] = []
  const modules: FastcgiModule[] = []
  let known = 0
  let sections = 0
  let all = 0
  const pending: Statement[] = [...tree.body].reverse()
  for (let statement = pending.pop(); statement !== undefined; statement = pending.pop()) {
    all += 1
    const entry = lookUp(statement.name)
    const rest = tree.text.slice(statement.arguments.start, statement.arguments.end)
    if (entry !== undefined && isWritten(statement, rest)) {
      known += 1
      if (statement.kind === 'section') sections += 1
      if (because.length < 3)
        because.push(statement.kind === 'section' ? `<${statement.name}>` : statement.name)
    }
    for (const module of modulesOf(entry?.row.module, rest))
      if (!modules.includes(module)) modules.push(module)
    if (statement.kind === 'section') pending.push(...[...statement.body].reverse())
  }
  const name =
    /(^|\/)(\.htaccess|(httpd|apache2?)[^/]*\.conf|(mods|sites|conf)-(available|enabled)\/[^/]*)$/.test(file)
  if (name) because.push(`the name \`${file}\``)
  const share = all === 0 ? 0 : known / all
  const score = Math.min(1, (known === 0 ? 0 : 0.8 * share + (sections > 0 ? 0.15 : 0)) + (name ? 0.2 : 0))
  return { score, because, modules }
}

/** Names such as `Listen` or `User` stand in other languages too: there with `=`, `{` or a final `;`. */
function isWritten(statement: Statement, rest: string): boolean {
  return statement.kind === 'section' || !/[;{}]\s*$|^\s*\+?=|^\s*:/.test(rest)
}

function modulesOf(module: string | undefined, rest: string): readonly FastcgiModule[] {
  const found: FastcgiModule[] = []
  if (module === 'mod_fastcgi' || /\bfastcgi-script\b|\bmod_fastcgi\b|\bfastcgi_module\b/.test(rest))
    found.push('mod_fastcgi')
  if (module === 'mod_fcgid' || /\bfcgid-script\b|\bmod_fcgid\b|\bfcgid_module\b/.test(rest))
    found.push('mod_fcgid')
  if (module === 'mod_proxy_fcgi' || /\bfcgi:\/\/|\bmod_proxy_fcgi\b|\bproxy_fcgi_module\b/i.test(rest))
    found.push('mod_proxy_fcgi')
  return found
}
