import { unreachable } from '../diagnostics/index.js'
import type { RequestRules } from '../model/index.js'
import { valuesOf } from './headers.js'
import type { Problem } from './reading.js'
import type { Request } from './types.js'

/** Why requests are refused for their method, their headers or the way their body is told. */

/** The status for a method that is not answered. */
export function methodProblem(method: string, rules: RequestRules): number | undefined {
  const { known, otherwise, refused } = rules.methods
  const special = refused.find((entry) => entry.method === method)
  if (special !== undefined) return special.status
  if (known === 'any') return undefined
  const isKnown = known === 'any-upper-case' ? /^[A-Z_-]+$/.test(method) : known.includes(method)
  return isKnown ? undefined : otherwise
}

export function headerProblem({ headers }: Request, rules: RequestRules): Problem | undefined {
  const { once, sameAgain, strictHeaders, unknownExpect } = rules
  const names = headers.map(([name]) => name.toLowerCase())
  const repeated = once?.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (repeated !== undefined) return { status: 400, why: `the header ${repeated} comes twice` }
  const differs = sameAgain?.find((name) => new Set(valuesOf(headers, name)).size > 1)
  if (differs !== undefined) return { status: 400, why: `the header ${differs} comes twice and differs` }
  const odd = strictHeaders && headers.find(strictHeaders === true ? isOdd : hasSeparator)
  if (odd !== undefined) return { status: 400, why: `the header ${odd[0]} has characters it must not have` }
  if (unknownExpect === undefined) return undefined
  const expect = headers.find(([name]) => name.toLowerCase() === 'expect')?.[1]
  if (expect === undefined || expect.toLowerCase() === '100-continue') return undefined
  return { status: unknownExpect, why: `the expectation \`${expect}\` is not known` }
}

function hasSeparator([name]: Request['headers'][number]): boolean {
  return /[\s()<>@,:;\\"/[\]?={}\0]/.test(name)
}

function isOdd([name, value]: Request['headers'][number]): boolean {
  return !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || hasControls(value)
}

function hasControls(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if ((code < 32 && code !== 9) || code === 127) return true
  }
  return false
}

export function bodyProblem(request: Request, rules: RequestRules): Problem | undefined {
  const { body, method } = request
  const lengthRequired = (why: string): { status: number; why: string } => ({ status: 411, why })
  switch (body.kind) {
    case 'none':
      return rules.body.withoutLength === 'length-required' && method === 'POST'
        ? lengthRequired('POST without a length')
        : undefined
    case 'chunked':
      if (rules.body.chunked === 'length-required') return lengthRequired('a chunked body')
      break
    case 'length':
      if (body.bytes === 0) return undefined
      break
    default:
      return unreachable(body)
  }
  if (rules.body.withGet === 'refused' && (method === 'GET' || method === 'HEAD'))
    return { status: 400, why: `a body with ${method}` }
  return undefined
}
