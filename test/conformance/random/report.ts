import type { Setup } from '../cases.js'
import type { Found } from './search.js'

/** What a search did, in one line. */
export function summary(name: string, seed: number, found: Found): string {
  const { configurations, refused, brokeDown, unsteady, pairs, answered } = found
  return (
    `${name}, seed ${seed}: ${pairs} pairs on ${configurations} configurations (${refused} refused by both${brokeDown === 0 ? '' : `, ${brokeDown} broke the real server`}), ` +
    `${answered} answered by an application${unsteady === 0 ? '' : `; ${unsteady} differed once and not again`}`
  )
}

/** All that is needed to look into a difference, and to come back to it. */
export function differenceText(found: Found): string {
  if (found.difference === undefined) return ''
  const { outcome, seed, path } = found.difference
  const { setup, problems, observed, said } = outcome
  return [
    `again: RANDOM_SEED=${seed} RANDOM_PATH=${path} npx vitest run --project random ${setup.server}`,
    `keep:  add RANDOM_RECORD=NAME to write fixtures/found/${setup.server}/NAME.json`,
    ...[...setup.configs].map(([name, text]) => `--- ${name}\n${text}`),
    `--- files\n${[...setup.files.keys()].join(' ')}`,
    `--- configuration\n${setup.config}`,
    ...setup.requests.map((request, index) => `--- request ${index + 1}\n${requestText(request)}`),
    `--- the real server\n${typeof observed === 'string' ? observed : 'starts'}\n${said.trim()}`,
    `--- differences\n${problems.join('\n')}`
  ].join('\n')
}

function requestText({ method, target, headers, body, port }: Setup['requests'][number]): string {
  const lines = [`${method} ${target}`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  if (body !== undefined) lines.push('', JSON.stringify(body))
  if (port === 2) lines.push('(to the second port)')
  return lines.join('\n')
}
