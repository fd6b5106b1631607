import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { folderWith } from '../cli/temporary.js'
import { fcgiConf } from '../cli/terminal.js'

const root = resolve(import.meta.dirname, '../..')
const textOf = (name: string): string => readFileSync(resolve(root, name), 'utf8')

test.each([
  ['action.yml', 'github-action'],
  ['.pre-commit-hooks.yaml', 'pre-commit-hooks']
])('%s fits the schema %s', (file, schema) => {
  const path = createRequire(import.meta.url).resolve(`schemastore/schemas/json/${schema}.json`)
  const ajv = new Ajv({ strict: false, validateFormats: false })
  const validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')) as object)
  expect([validate(parse(textOf(file), { merge: true })), validate.errors]).toEqual([true, null])
})

test('every input of the action reaches its script, and every output comes from it', () => {
  const action = textOf('action.yml')
  const { inputs, outputs } = parse(action) as { readonly inputs: object; readonly outputs: object }
  const script = textOf('scripts/action.sh')
  for (const name of Object.keys(inputs).filter((input) => input !== 'working-directory')) {
    const variable = `INPUT_${name.toUpperCase().replaceAll('-', '_')}`
    expect(action).toContain(`${variable}: \${{ inputs.${name} }}`)
    expect(script).toContain(variable)
  }
  for (const name of Object.keys(outputs)) expect(script).toMatch(new RegExp(`["\`]${name}=`))
})

describe('the files that the hooks of pre-commit look at', () => {
  const hooks = parse(textOf('.pre-commit-hooks.yaml'), { merge: true }) as readonly {
    readonly id: string
    readonly files: string
  }[]
  const pattern = (hooks[0]?.files ?? '').replace('(?i)', '')

  test.each([
    'nginx.conf',
    'etc/nginx/sites-available/default',
    'www/.htaccess',
    'fastcgi_params',
    'a/Vhost.CONF'
  ])('are those like %s', (path) => {
    expect(path).toMatch(new RegExp(pattern, 'i'))
  })

  test.each(['index.php', 'README.md', 'nginx/logo.png', 'confetti.txt'])('are none like %s', (path) => {
    expect(path).not.toMatch(new RegExp(pattern, 'i'))
  })

  test('are named by hooks with names of their own', () => {
    const ids = hooks.map(({ id }) => id)
    expect(ids).toContain('fcgi-conf-lint')
    expect(new Set(ids).size).toBe(ids.length)
  })
})

test('the problem matcher reads what the compact report says', async () => {
  const { problemMatcher } = JSON.parse(textOf('docs/examples/problem-matcher.json')) as {
    readonly problemMatcher: readonly { readonly pattern: readonly { readonly regexp: string }[] }[]
  }
  const regexp = new RegExp(problemMatcher[0]?.pattern[0]?.regexp ?? '')
  const cwd = folderWith({ 'a b.conf': 'server { fastcgi_pas x; }\n' })
  const { out } = await fcgiConf(['lint', '--from', 'nginx', '-f', 'compact', 'a b.conf'], { cwd })
  expect(regexp.exec(out.split('\n')[0] ?? '')?.slice(1)).toEqual([
    'a b.conf',
    '1',
    '10',
    'error',
    expect.stringContaining('fastcgi_pas'),
    'config/unknown-key'
  ])
})
