import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'

/** One of the requests that the example suggests. */
export interface Asked {
  readonly about: string
  readonly host: string
  readonly target: string
  readonly method?: string
  readonly body?: string
  readonly status: number
}

const file = fileURLToPath(new URL('../../fixtures/example/urls.json', import.meta.url))

export const exampleRequests = JSON.parse(readFileSync(file, 'utf8')) as readonly Asked[]

export interface Answer {
  readonly status: number
  readonly mediaType: string | undefined
  readonly body: string
}

export function ask(asked: Asked, port: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: asked.target,
        method: asked.method ?? 'GET',
        headers: {
          Host: asked.host,
          Connection: 'close',
          ...(asked.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(asked.body)) })
        }
      },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (body += chunk))
        response.on('error', reject)
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            mediaType: response.headers['content-type'],
            body
          })
        })
      }
    )
    sent.on('error', reject)
    sent.end(asked.body)
  })
}

export async function askAll(port: number): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (const asked of exampleRequests) answers.push(await ask(asked, port))
  return answers
}
