import type { AuthorizerAnswer, Decision, FastcgiOutcome } from '../../decide/types.js'
import { defaultAuthorizerRules, literalText } from '../../model/index.js'
import type { AuthorizerRules } from '../../model/index.js'
import type { AnswerBody } from '../fastcgi/connection.js'
import type { ResponseHead } from '../fastcgi/head.js'
import { headerOf, withoutHeaders } from './answer.js'
import type { Headers, HttpAnswer } from './answer.js'
import { statusAnswer } from './refusals.js'
import { wantedFile } from './sendfile.js'
import type { Wanted } from './sendfile.js'
import { passedHeaders } from './respond.js'

export type Judged =
  | { readonly kind: 'allowed'; readonly answer: AuthorizerAnswer }
  /** `sendfile`: what the no wants sent in place of its body. */
  | { readonly kind: 'denied'; readonly answer: HttpAnswer; readonly sendfile?: Wanted }

/** What an authorizer's answer means for the request. Its body is still to be dropped, but where a no is told with it. */
export function judge(
  outcome: FastcgiOutcome,
  decision: Decision,
  head: ResponseHead,
  body: AnswerBody
): Judged {
  const rules = outcome.response.authorizer ?? defaultAuthorizerRules
  const status = head.status ?? 200
  if (rules.allows.includes(status)) {
    const variables = variablesOf(head.headers, rules)
    const { rootWhenAllowed: root, at } = outcome
    return {
      kind: 'allowed',
      answer: {
        origin: outcome.origin,
        allowed: true,
        variables,
        ...(root !== undefined && { root }),
        ...(at && { at })
      }
    }
  }
  const answer = denial(outcome, decision, status, head, body, rules)
  const sendfile = outcome.sendfile && wantedFile(outcome.sendfile, keptHeaders(head, rules))
  return { kind: 'denied', answer, ...(sendfile && { sendfile }) }
}

function keptHeaders(
  { headers, beforeStatus }: ResponseHead,
  { dropsBeforeStatus }: AuthorizerRules
): Headers {
  return dropsBeforeStatus === true ? headers.slice(beforeStatus ?? 0) : headers
}

function denial(
  outcome: FastcgiOutcome,
  decision: Decision,
  status: number,
  head: ResponseHead,
  body: AnswerBody,
  rules: AuthorizerRules
): HttpAnswer {
  const { denied } = rules
  const headers = passedHeaders(outcome.response, { ...head, headers: keptHeaders(head, rules) })
  if (denied.kind === 'answer') return { status, headers, body: { kind: 'stream', stream: body.stream } }
  const realm = decision.settings.authentication && literalText(decision.settings.authentication.value.realm)
  const isChallenged = denied.challenge && headerOf(headers, 'www-authenticate') === undefined
  const challenge: Headers = isChallenged ? [['WWW-Authenticate', `Basic realm="${realm ?? ''}"`]] : []
  return statusAnswer(denied.status, [...withoutHeaders(headers, ['content-type']), ...challenge])
}

const prefix = /^variable-/i

/** Headers of a yes that the application behind it is told as variables. */
function variablesOf(headers: Headers, rules: AuthorizerRules): readonly (readonly [string, string])[] {
  const told = rules.variables === 'all' ? headers : headers.filter(([name]) => prefix.test(name))
  const variables = told.map(([name, value]): readonly [string, string] => {
    const bare = name.replace(prefix, '')
    return [rules.names === 'upper-case' ? bare.toUpperCase().replaceAll('-', '_') : bare, value]
  })
  if (rules.repeated === 'apart') return variables
  const joined = new Map<string, string>()
  for (const [name, value] of variables) {
    const earlier = joined.get(name)
    joined.set(name, earlier === undefined ? value : `${earlier}, ${value}`)
  }
  return [...joined]
}
