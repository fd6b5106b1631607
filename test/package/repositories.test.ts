import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { folderWith } from '../cli/temporary.js'

const root = resolve(import.meta.dirname, '../..')
const typo = 'events {}\nhttp { server { listen 8080; location / { fastcgi_pas x; } } }\n'

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly outputs: string
}

/** The step of the GitHub Action, as a runner starts it. */
function action(cwd: string, inputs: Readonly<Record<string, string>>): Ended {
  const output = join(cwd, 'output')
  writeFileSync(output, '')
  const { status, stdout } = spawnSync('bash', [join(root, 'scripts/action.sh')], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      RUNNER_TEMP: cwd,
      GITHUB_OUTPUT: output,
      GITHUB_ACTIONS: 'true',
      ACTION_PATH: root,
      INPUT_FILES: '.',
      INPUT_FAIL_ON: 'error',
      ...inputs
    }
  })
  return { status, out: stdout, outputs: readFileSync(output, 'utf8') }
}

test('the action shows findings, fails with them and tells its outputs', () => {
  const cwd = folderWith({ 'nginx.conf': typo })
  const { status, out, outputs } = action(cwd, {
    INPUT_SARIF_FILE: 'found.sarif',
    INPUT_FORMAT: 'markdown=found.md'
  })
  expect(status).toBe(1)
  expect(out).toContain('::error file=nginx.conf,line=2')
  expect(outputs).toMatch(/^findings=[1-9]\d*\nsarif=found\.sarif\nreport=found\.md\n$/)
  expect(readFileSync(join(cwd, 'found.sarif'), 'utf8')).toContain('"2.1.0"')
  expect(readFileSync(join(cwd, 'found.md'), 'utf8')).toContain('config/unknown-key')
})

test('the action passes where its level is not reached, and takes further options', () => {
  const cwd = folderWith({ 'nginx.conf': typo })
  expect(action(cwd, { INPUT_FAIL_ON: 'never' }).status).toBe(0)
  expect(action(cwd, { INPUT_FILES: 'none', INPUT_ARGS: '--no-config' }).status).toBe(2)
})

test('the jobs of the GitLab example give one report together', () => {
  const cwd = folderWith({
    'a/nginx.conf': typo,
    'b/nginx.conf': typo,
    'c/lighttpd.conf': 'server.port = 80\nserver.prt = 80\n'
  })
  mkdirSync(join(cwd, 'bin'))
  writeFileSync(join(cwd, 'bin/fcgi-conf'), `#!/bin/sh\nexec node '${root}/bin/fcgi-conf.js' "$@"\n`)
  chmodSync(join(cwd, 'bin/fcgi-conf'), 0o755)
  const jobs = parse(readFileSync(join(root, 'docs/examples/gitlab-ci.yml'), 'utf8')) as Readonly<
    Record<string, { readonly parallel?: number; readonly script?: readonly string[] }>
  >
  const run = (name: string, index: number): number | null => {
    const { parallel = 1, script = [] } = jobs[name] ?? {}
    const PATH = `${join(cwd, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`
    const env = { PATH, CI_NODE_INDEX: String(index), CI_NODE_TOTAL: String(parallel) }
    return spawnSync('bash', ['-ec', script.join('\n')], { cwd, env }).status
  }
  expect(jobs['fcgi-conf']?.parallel).toBe(3)
  expect([1, 2, 3].map((index) => run('fcgi-conf', index))).toEqual([0, 0, 0])
  expect(run('fcgi-conf-report', 1)).toBe(1)
  const found = JSON.parse(readFileSync(join(cwd, 'gl-code-quality-report.json'), 'utf8')) as readonly {
    readonly location: { readonly path: string }
  }[]
  expect(new Set(found.map(({ location }) => location.path))).toEqual(
    new Set(['a/nginx.conf', 'b/nginx.conf', 'c/lighttpd.conf'])
  )
})
