import { cpSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readIo } from '../../src/cli/files.js'
import { readNginx } from '../../src/dialects/nginx/index.js'
import { serve } from '../../src/runtime/index.js'
import { emptyPlace, handOver, type Place } from './place.js'
import { folders, nginxOf, run, accepting, type Running, type Started } from './servers.js'

const fixture = fileURLToPath(new URL('../../fixtures/php-fpm', import.meta.url))

interface Asked {
  readonly host: string
  readonly target: string
  readonly method?: string
  readonly body?: string
  /** The body is so many bytes. */
  readonly long?: number
  /** 200 where absent. */
  readonly status?: number
  /** Some of what the page must have been told. */
  readonly told?: Readonly<Record<string, string>>
}

const urls = JSON.parse(readFileSync(join(fixture, 'urls.json'), 'utf8')) as Readonly<
  Record<string, readonly Asked[]>
>

interface Answer {
  readonly status: number | undefined
  readonly location: string | undefined
  readonly mediaType: string | undefined
  readonly body: string
}

function ask({ host, target, method = 'GET', body = '', long }: Asked, port: number): Promise<Answer> {
  const sent = long === undefined ? body : 'x'.repeat(long)
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(sent.length) }
  const headers = {
    Host: host,
    Cookie: 'a=1; b=2',
    Proxy: 'http://evil.test',
    'X-Requested-With': 'XMLHttpRequest',
    ...(sent === '' ? {} : form)
  }
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port, path: target, method, headers, agent: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => (text += piece))
        response.on('end', () => {
          const { location, 'content-type': mediaType } = response.headers
          resolve({ status: response.statusCode, location, mediaType, body: text })
        })
      }
    )
    asking.on('error', reject)
    asking.end(sent)
  })
}

/** The fixture in a folder and on a port of its own. */
async function placeOfFixture(): Promise<Place> {
  const place = await emptyPlace()
  cpSync(fixture, place.folder, { recursive: true })
  symlinkSync('release', join(place.folder, 'symfony/current'))
  for (const name of readdirSync(place.folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(place.folder, name)
    if (!statSync(path).isFile()) continue
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replaceAll('@FOLDER@', place.folder).replaceAll('@PORT@', String(place.port)))
  }
  handOver(place.folder)
  return place
}

/** Its name has a version in it. */
function fpmName(): string {
  const names = folders.flatMap((folder) => readdirSync(folder))
  const name = names.find((each) => /^php-fpm[\d.]*$/.test(each))
  if (name === undefined) throw new Error('there is no php-fpm')
  return name
}

describe('php-fpm behind nginx configurations of front controllers', () => {
  let place: Place
  let fpm: Running | undefined
  const answers = new Map<string, { readonly real: readonly Answer[]; readonly here: readonly Answer[] }>()

  beforeAll(async () => {
    place = await placeOfFixture()
    fpm = run(fpmName(), ['-n', '-F', '-y', join(place.folder, 'php-fpm.conf')], place)
    await accepting(join(place.folder, 'php.sock'), fpm)
    for (const [name, list] of Object.entries(urls)) {
      const file = join(place.folder, name, 'nginx.conf')
      const all = async (start: () => Promise<Started>): Promise<readonly Answer[]> => {
        const started = await start()
        const said: Answer[] = []
        for (const asked of list) said.push(await ask(asked, place.port))
        await started.stop()
        return said
      }
      const real = await all(() => nginxOf(place, readFileSync(file, 'utf8')).start())
      const here = await all(() => startHere(file))
      answers.set(name, { real, here })
    }
  }, 60_000)

  afterAll(async () => {
    await fpm?.stop()
    place.remove()
  })

  async function startHere(file: string): Promise<Started> {
    const io = readIo({ cwd: place.folder, env: {} })
    const { site, refused, diagnostics } = readNginx(file, io, { name: 'nginx' })
    expect(refused, JSON.stringify(diagnostics)).toBe(false)
    return serve(site, { log: () => undefined, environment: process.env, directory: place.folder })
  }

  const rows = Object.entries(urls).flatMap(([name, list]) =>
    list.map((asked, index) => [name, asked.method ?? 'GET', asked.target, index, asked] as const)
  )

  test.each(rows)('%s: %s %s is told the same as by nginx', (name, _method, _target, index) => {
    const { real, here } = answers.get(name) ?? { real: [], here: [] }
    expect(here[index]).toBeDefined()
    expect(told(here[index])).toEqual(told(real[index]))
  })

  test.each(rows)('%s: %s %s is what the application expects', (name, method, _target, index, asked) => {
    const answer = answers.get(name)?.here[index]
    expect(answer?.status).toBe(asked.status ?? 200)
    if (asked.told === undefined || method === 'HEAD') return
    const page = JSON.parse(answer?.body ?? '') as { readonly server: unknown }
    expect(page.server).toMatchObject(asked.told)
  })

  /** The server's own pages look different. */
  function told(answer: Answer | undefined): unknown {
    if (answer?.mediaType === 'text/html') return { ...answer, body: 'a page of the server' }
    if (answer?.mediaType !== 'application/json') return answer
    return { ...answer, body: JSON.parse(answer.body === '' ? 'null' : answer.body) as unknown }
  }
})
