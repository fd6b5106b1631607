import { describe, expect, test } from 'vitest'
import { tool } from '../../src/cli/version.js'
import { fcgiConf } from './terminal.js'

const commands = ['lint', 'convert', 'serve', 'route', 'ir', 'explain', 'completion']

test.each(commands)('%s --help says what it takes, with an example', async (command) => {
  const { exitCode, out } = await fcgiConf([command, '--help'])
  expect(exitCode).toBe(0)
  expect(out).toContain(`Usage: fcgi-conf ${command}`)
  expect(out).toMatch(/Examples:\n {2}\$ fcgi-conf /)
})

test('--help lists every command', async () => {
  const { exitCode, out } = await fcgiConf(['--help'])
  expect(exitCode).toBe(0)
  for (const command of commands) expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'))
})

describe('a command line that cannot be understood ends with 2 and says what was meant', () => {
  test.each([
    ['a misspelt command', ['lnt', 'x'], /Did you mean lint\?/],
    ['a misspelt option', ['lint', '--fromat', 'json', 'x'], /Did you mean --format\?/],
    ['a misspelt dialect', ['convert', '--to', 'ngnx', 'x'], /'ngnx' is invalid\. Did you mean `nginx`\?/],
    ['an unknown dialect', ['lint', '--from', 'caddy', 'x'], /Allowed choices are lighttpd, nginx, apache/],
    ['a missing file', ['lint'], /no file is named/],
    ['a missing target', ['convert', 'x'], /required option '--to <dialect\[@version\]>' not specified/],
    ['a number that is none', ['lint', '--max-warnings', 'many', 'x'], /must be a whole number/],
    ['an unknown format', ['lint', '-f', 'jsn', 'x'], /did you mean `json`\?/],
    [
      'two formats for one place',
      ['lint', '-f', 'json', '-f', 'text', 'x'],
      /give all but one of them a file/
    ],
    ['no file and no schema', ['ir'], /name a configuration/],
    ['an unknown code', ['explain', 'config/unknown-keys'], /did you mean `config\/unknown-key`\?/]
  ])('%s', async (_name, args, message) => {
    const { exitCode, out, err } = await fcgiConf(args)
    expect(exitCode).toBe(2)
    expect(err).toMatch(message)
    expect(`${out}${err}`).not.toMatch(/^\s+at /m)
  })
})

test('explain prints the page of a code', async () => {
  expect(await fcgiConf(['explain', 'config/unknown-key'])).toEqual({
    exitCode: 0,
    out: '# a page\n',
    err: ''
  })
})

test('ir --schema prints a JSON Schema', async () => {
  const { exitCode, out } = await fcgiConf(['ir', '--schema'])
  expect(exitCode).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ $ref: '#/definitions/Site' })
})

describe('--version', () => {
  test('--format json tells the forms that are written and the servers that are followed', async () => {
    const { exitCode, out } = await fcgiConf(['--version', '--format', 'json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      name: 'fcgi-conf',
      version: tool.version,
      schemas: { findings: 1 },
      servers: { nginx: '1.22.1', lighttpd: '1.4.69', apache: '2.4.62' }
    })
  })

  test('--format text tells the version alone', async () => {
    expect((await fcgiConf(['-V', '--format=text'])).out).toBe(`${tool.version}\n`)
  })

  test('another format is an error', async () => {
    const { exitCode, err } = await fcgiConf(['--version', '--format', 'xml'])
    expect(exitCode).toBe(2)
    expect(err).toContain('`--version` takes `--format text` or `--format json`')
  })
})
