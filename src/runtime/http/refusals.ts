import { STATUS_CODES } from 'node:http'
import { noContent, withoutHeaders } from './answer.js'
import type { OwnAnswers } from '../../model/index.js'
import type { AnswerContent, HttpAnswer, Headers } from './answer.js'

/** The plain page that tells a status. */
export function statusAnswer(status: number, headers: Headers = []): HttpAnswer {
  if (status < 200 || status === 204 || status === 304) return { status, headers, body: noContent }
  return {
    status,
    headers: [['Content-Type', 'text/html'], ...headers],
    body: page(status, STATUS_CODES[status]),
    isPage: true
  }
}

function page(status: number, phrase = ''): AnswerContent {
  const title = `${status} ${phrase}`.trimEnd()
  const text = `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`
  return { kind: 'bytes', bytes: Buffer.from(text) }
}

/** An answer with the looks that the site gives to those the server makes itself. */
export function dressed(answer: HttpAnswer, looks: OwnAnswers = {}): HttpAnswer {
  const { status } = answer
  const isRedirect = status >= 300 && status < 400
  const isBare = (isRedirect && looks.redirectPage === false) || looks.pages?.includes(status) === false
  const bare = answer.isPage === true && isBare
  const dropped = [
    ...(answer.isPage === true ? ['content-type'] : []),
    ...(status === 206 && looks.rangesOnPart === false ? ['accept-ranges'] : []),
    ...(status === 416 && looks.sizeOnRefusedRange === false ? ['content-range'] : [])
  ]
  const type: Headers =
    answer.isPage === true && !bare ? [['Content-Type', looks.pageType ?? 'text/html']] : []
  const phrase = looks.reasons?.find((reason) => reason.status === status)?.phrase
  const body = answer.isPage === true && phrase !== undefined ? page(status, phrase) : answer.body
  return {
    ...answer,
    ...(phrase !== undefined && answer.reason === undefined && { reason: phrase }),
    headers: [...type, ...withoutHeaders(answer.headers, dropped)],
    body: bare ? noContent : body
  }
}
