import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fcgiConf } from '../cli/terminal.js'
import { freePort } from '../ports.js'

const recipes = join(import.meta.dirname, '../../fixtures/recipes')

interface Recipe {
  readonly folder: string
  readonly main: string
  readonly program: string
  readonly port: number
  readonly applicationPort: number
}

/** A recipe and its application in a folder of their own, on free ports. */
async function laidOut(name: string): Promise<Recipe> {
  const folder = mkdtempSync(join(tmpdir(), 'fcgi-conf-recipe-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [port, applicationPort] = [await freePort(), await freePort()]
  const values = new Map([
    ['@ROOT@', folder],
    ['@PORT@', String(port)],
    ['@APP_PORT@', String(applicationPort)],
    ['@NODE@', process.execPath],
    ['@USER@', userInfo().username]
  ])
  const fill = (file: string): string => {
    const text = readFileSync(join(recipes, file), 'utf8')
    writeFileSync(
      join(folder, file),
      text.replace(/@[A-Z_]+@/g, (key) => values.get(key) ?? key)
    )
    return join(folder, file)
  }
  for (const made of ['run', 'htdocs']) mkdirSync(join(folder, made))
  const program = fill('htdocs/hello.fcgi')
  chmodSync(program, 0o755)
  return { folder, main: fill(`${name}.conf`), program, port, applicationPort }
}

/** Starts the application as someone would by hand, and waits until it takes connections. */
async function startedByHand(
  { program }: Recipe,
  args: readonly string[],
  address: NetConnectOpts
): Promise<void> {
  const child = spawn(program, args, { env: { MODE: 'external' }, stdio: 'ignore' })
  onTestFinished(async () => {
    const ended = once(child, 'exit')
    child.kill()
    await ended
  })
  await vi.waitFor(() => connected(address))
}

async function connected(address: NetConnectOpts): Promise<void> {
  const socket = connect(address)
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

interface Answered {
  readonly status: number
  readonly body: string
}

/** What the application answers at these URLs while the recipe is served. */
async function asked({ folder, main, port }: Recipe, targets: readonly string[]): Promise<Answered[]> {
  const answers: Answered[] = []
  const { exitCode, err } = await fcgiConf(['serve', main], {
    cwd: folder,
    meanwhile: async (said, send) => {
      await said
      for (const target of targets) {
        const response = await fetch(`http://127.0.0.1:${port}${target}`)
        answers.push({ status: response.status, body: await response.text() })
      }
      send('SIGTERM')
    }
  })
  expect({ exitCode, err }).toMatchObject({ exitCode: 0 })
  return answers
}

const targets = ['/hello.fcgi', '/hello.fcgi/path/info?name=Ada', '/hello.fcgi?name=Bob', '/none.fcgi']

const inMode = (mode: string): Answered[] => [
  { status: 200, body: `Hello, world! /hello.fcgi undefined in mode ${mode}\n` },
  { status: 200, body: `Hello, Ada! /hello.fcgi /path/info in mode ${mode}\n` },
  { status: 200, body: `Hello, Bob! /hello.fcgi undefined in mode ${mode}\n` }
]

test.each([
  ['static-socket', 'static'],
  ['static-port', 'static'],
  ['dynamic', 'dynamic']
])('the application that the recipe %s starts answers', async (name, mode) => {
  const answers = await asked(await laidOut(name), targets)
  expect(answers).toEqual([...inMode(mode), expect.objectContaining({ status: 404 })])
})

test('the application started by hand on a socket answers behind the recipe external-socket', async () => {
  const recipe = await laidOut('external-socket')
  const path = join(recipe.folder, 'run/hello.sock')
  await startedByHand(recipe, [path], { path })
  expect(await asked(recipe, targets.slice(0, 3))).toEqual(inMode('external'))
})

test('the application started by hand on a host and port answers behind the recipe external-host', async () => {
  const recipe = await laidOut('external-host')
  const port = recipe.applicationPort
  await startedByHand(recipe, ['127.0.0.1', String(port)], { host: '127.0.0.1', port })
  expect(await asked(recipe, targets.slice(0, 3))).toEqual(inMode('external'))
})
