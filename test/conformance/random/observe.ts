import { createHash } from 'node:crypto'
import type { Echoed } from '../cases.js'
import type { Answer } from '../client.js'
import { echoedIn, watched } from '../compare.js'
import type { Place } from '../place.js'
import type { RealServer } from './server.js'

/** What an answer shows, in the format of fixtures/observed, with placeholders where values change from run to run. */
export function observe(answer: Answer | undefined, server: RealServer, place: Place): object {
  if (answer === undefined) return { status: 0 }
  const headers = [...answer.headers]
    .filter(([name]) => watched.test(name))
    .map(([name, value]) => [name, place.unfill(value)] as const)
  const echoed = echoedIn(answer)
  return {
    status: answer.status,
    ...(echoed === undefined
      ? { body: bodyOf(answer, server, place) }
      : { fastcgi: applicationOf(echoed, server, place) }),
    headers: Object.fromEntries(headers)
  }
}

function bodyOf(answer: Answer, server: RealServer, place: Place): unknown {
  if (server.isOwnPage(answer)) return ''
  const { length } = answer.body
  if (length > 2000) return { length, sha256: createHash('sha256').update(answer.body).digest('hex') }
  const text = answer.body.toString('latin1').replace(/(\["REMOTE_PORT",")\d+/, '$1@ANY@')
  return place.unfill(text)
}

function applicationOf(echoed: Echoed, { ofRelease }: RealServer, place: Place): object {
  return {
    name: echoed.name,
    role: echoed.role,
    stdin: echoed.stdin,
    ...(echoed.stdinSha256 !== undefined && { stdin_sha256: echoed.stdinSha256 }),
    params: echoed.params.map(([name, value]) => [
      name,
      /^(?:REDIRECT_)*REMOTE_PORT$/.test(name) || ofRelease?.test(name) === true
        ? '@ANY@'
        : place.unfill(value)
    ])
  }
}
