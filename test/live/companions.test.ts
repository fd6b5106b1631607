import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../ports.js'
import { emptyPlace, handOver, type Place } from './place.js'
import { ask } from './requests.js'
import { accepting, nginxOf, run, type Running } from './servers.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The environment the applications are started in: one variable is handed on, the other is not. */
const environment = { PATH: path, LANGUAGE_OF_SHOP: 'sv', NOT_HANDED_ON: 'secret' }

interface Conversion {
  readonly place: Place
  /** The folder with what was written. */
  readonly output: string
}

/** The fixture in a place of its own, converted as a user does it. */
async function converted(spawner: string): Promise<Conversion> {
  const place = await emptyPlace()
  cpSync(join(root, 'fixtures/companions'), place.folder, { recursive: true })
  mkdirSync(join(place.folder, 'run'))
  const values: Readonly<Record<string, string>> = {
    FOLDER: place.folder,
    PROGRAM: String(await freePort())
  }
  const text = readFileSync(place.main, 'utf8').replace(
    /@([A-Z]+)@/g,
    (_all, name: string) => values[name] ?? ''
  )
  writeFileSync(place.main, text.replace('= 8080', `= ${String(place.port)}`))
  const output = join(place.folder, 'out')
  const args = [
    'bin/fcgi-conf.js',
    'convert',
    '--to',
    'nginx',
    '-o',
    output,
    '--spawner',
    spawner,
    place.main
  ]
  const { stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  expect(stderr).toContain('Before the server is started:')
  handOver(place.folder)
  return { place, output }
}

const toldEverywhere = { greeting: `50% of $5 "x" 'y'`, language: 'sv', other: false, memory: '77M' }

/** What PHP says of how it was started, asked through the converted nginx. */
async function told({ place, output }: Conversion, target: string): Promise<unknown> {
  const nginx = await nginxOf(place, readFileSync(join(output, 'nginx.conf'), 'utf8')).start()
  try {
    const { status, body } = await ask({ about: target, host: 'localhost', target, status: 200 }, place.port)
    expect(status).toBe(200)
    return JSON.parse(body)
  } finally {
    await nginx.stop()
  }
}

describe('spawn-backends.sh', () => {
  let conversion: Conversion

  beforeAll(async () => {
    conversion = await converted('spawn-fcgi')
  })

  afterAll(() => {
    script('stop')
    conversion.place.remove()
  })

  function script(...args: readonly string[]): { readonly status: number | null; readonly said: string } {
    const { status, stdout, stderr } = spawnSync(join(conversion.output, 'spawn-backends.sh'), args, {
      encoding: 'utf8',
      env: { ...environment, RUN_DIRECTORY: join(conversion.place.folder, 'run'), STOP_TIMEOUT: '1' }
    })
    return { status, said: stdout + stderr }
  }

  test('starts what the source started, as the source did', async () => {
    expect(script('start')).toEqual({ status: 0, said: 'php-cgi: started\nphp-cgi-2: started\n' })
    expect(script('status').said.split('\n')).toEqual([
      // Two processes; their children are their own affair.
      expect.stringMatching(/^php-cgi: running as \d+ \d+$/),
      expect.stringMatching(/^php-cgi-2: running as \d+$/),
      ''
    ])
    expect(await told(conversion, '/told.php')).toEqual(toldEverywhere)
    expect(await told(conversion, '/told.phtml')).toMatchObject({ other: 'secret' })
  })

  test('starts nothing twice', () => {
    expect(script('start').said).toBe('php-cgi: is running\nphp-cgi-2: is running\n')
  })

  test('takes single applications by name, and knows no others', () => {
    expect(script('stop', 'php-cgi-2')).toEqual({ status: 0, said: 'php-cgi-2: stopped\n' })
    expect(script('status', 'php-cgi-2')).toEqual({ status: 3, said: 'php-cgi-2: not running\n' })
    expect(script('restart', 'php-cgi-2').said).toBe('php-cgi-2: stopped\nphp-cgi-2: started\n')
    expect(script('stop', 'ruby')).toEqual({
      status: 2,
      said: 'ruby: no such application; there are: php-cgi php-cgi-2\n'
    })
    expect(script('halt').status).toBe(2)
  })

  test('stops what it started', () => {
    expect(script('stop')).toEqual({ status: 0, said: 'php-cgi: stopped\nphp-cgi-2: stopped\n' })
    expect(script('status')).toEqual({ status: 3, said: 'php-cgi: not running\nphp-cgi-2: not running\n' })
  })
})

describe('units of systemd', () => {
  test('are taken by systemd without a word', async () => {
    const { place, output } = await converted('systemd')
    const folder = join(output, 'systemd')
    const units = readdirSync(folder)
      .filter((name) => !name.includes('@'))
      .map((name) => join(folder, name))
    const instances = [1, 2].map((number) => join(folder, `php-cgi@${String(number)}.service`))
    const args = ['verify', ...units, ...instances]
    const { status, stdout, stderr } = spawnSync('systemd-analyze', args, {
      encoding: 'utf8',
      env: { PATH: path, SYSTEMD_UNIT_PATH: `${folder}:` }
    })
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' })
    place.remove()
  })
})

describe('pools of PHP-FPM', () => {
  let conversion: Conversion
  let fpm: Running

  beforeAll(async () => {
    conversion = await converted('php-fpm')
    const { folder } = conversion.place
    const main = join(folder, 'fpm.conf')
    const pools = join(conversion.output, 'php-fpm/*.conf')
    writeFileSync(main, `[global]\nerror_log = ${join(folder, 'fpm.log')}\ninclude = ${pools}\n`)
    const [program] = readdirSync('/usr/sbin').filter((name) => /^php-fpm[\d.]*$/.test(name))
    fpm = run(`/usr/sbin/${program ?? 'php-fpm'}`, ['-F', '-y', main], conversion.place, environment)
    const written = readdirSync(join(conversion.output, 'php-fpm'))
    const listens = written.flatMap((name) => {
      const pool = readFileSync(join(conversion.output, 'php-fpm', name), 'utf8')
      return [...pool.matchAll(/^listen = (.+)$/gm)].map((found) => found[1] ?? '')
    })
    for (const listen of listens) {
      const port = /^127\.0\.0\.1:(\d+)$/.exec(listen)?.[1]
      await accepting(port === undefined ? listen : Number(port), fpm)
    }
  })

  afterAll(async () => {
    await fpm.stop()
    conversion.place.remove()
  })

  test('hold as many workers as php-cgi had, and the same environment and settings', async () => {
    const pool = readFileSync(join(conversion.output, 'php-fpm/php-cgi.conf'), 'utf8')
    expect(pool).toContain('pm.max_children = 6\n')
    expect(pool).toContain('pm.max_requests = 1000\n')
    expect(await told(conversion, '/told.php')).toEqual(toldEverywhere)
    expect(await told(conversion, '/told.phtml')).toMatchObject({ other: 'secret' })
  })
})
