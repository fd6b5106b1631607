import { parse, type Directive } from '../../../grammars/nginx/index.js'
import type { Evidence } from '../dialect.js'
import { nginxVocabulary } from './vocabulary/index.js'

/** A look at so much of a file tells what it is. */
const enough = 100_000

/** How much of a text is nginx's language: directives that are known, with the terminators they want. */
export function detectNginx(file: string, text: string): Evidence {
  const tree = parse(file, text.slice(0, enough))
  const because: string[] = []
  const found = { known: 0, other: 0 }
  count(tree.body, found)
  const all = found.known + found.other
  if (found.known === 0) return { score: 0, because }
  const share = found.known / all
  because.push(`${found.known} of ${all} directives are nginx's and end as nginx wants`)
  const named = /(?:^|[/.])nginx(?:[/.]|$)/.test(file)
  if (named) because.push('its name says so')
  // One known word in a sea of others is chance.
  const score = Math.min(1, share * share + (named ? 0.1 : 0)) * Math.min(1, 0.7 + found.known / 10)
  return { score: Math.min(1, score), because }
}

function count(statements: readonly Directive[], found: { known: number; other: number }): void {
  for (const { name, body } of statements) {
    const row = nginxVocabulary.get(name.value) ?? nginxVocabulary.get(`upstream ${name.value}`)
    const fits =
      body.kind === 'block' || body.kind === 'code' ? row?.shape.kind === 'block' : body.kind === 'none'
    if (row !== undefined && fits) found.known++
    else found.other++
    if (body.kind === 'block' && body.holds === 'directives') count(body.statements, found)
  }
}
