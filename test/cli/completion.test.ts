import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { fcgiConf } from './terminal.js'

/** What bash offers for the last of some words. */
function offered(script: string, words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const ask = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _fcgi_conf; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', `${script}\n${ask}`], {
    encoding: 'utf8'
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.split('\n').filter((line) => line !== '')
}

test.each([
  [
    ['fcgi-conf', 'con'],
    ['convert', 'config']
  ],
  [['fcgi-conf', 'lint', '--max'], ['--max-warnings']],
  [['fcgi-conf', 'lint', '--fail-on', 'w'], ['warn']],
  [
    ['fcgi-conf', 'convert', '--from', 'apache-'],
    ['apache-fcgid', 'apache-proxy-fcgi']
  ],
  [['fcgi-conf', 'config', 'pr'], ['print']],
  [['fcgi-conf', 'explain', 'config/unknown'], ['config/unknown-key']],
  [['fcgi-conf', 'completion', 'f'], ['fish']],
  [['fcgi-conf', 'lint', '/etc/pass'], ['/etc/passwd']]
])('bash completes %j', async (words, expected) => {
  const { exitCode, out } = await fcgiConf(['completion', 'bash'])
  expect(exitCode).toBe(0)
  expect(offered(out, words)).toEqual(expect.arrayContaining(expected))
  expect(offered(out, words).every((word) => word.startsWith(words.at(-1) ?? ''))).toBe(true)
})

test('zsh is told every command, option and choice', async () => {
  const { out } = await fcgiConf(['completion', 'zsh'])
  expect(out).toMatch(/^#compdef fcgi-conf$/m)
  expect(out).toMatch(/^ {4}'convert:write a configuration/m)
  expect(out).toContain(
    "'*--fail-on[the least level at which the exit code is 1]:value:(error warn info never)'"
  )
  expect(out).toContain("'*--quiet[errors only]'")
})

test('fish is told every command, option and choice', async () => {
  const { out } = await fcgiConf(['completion', 'fish'])
  const within = "complete -c fcgi-conf -n '__fish_seen_subcommand_from lint'"
  expect(out).toContain(
    "complete -c fcgi-conf -n __fish_use_subcommand -f -a serve -d 'serve a configuration'"
  )
  expect(out).toContain(`${within} -s q -l quiet -d 'errors only'`)
  expect(out).toContain(`${within} -l fail-on -x -a 'error warn info never' -d `)
})

test('an unknown shell is refused', async () => {
  const { exitCode, err } = await fcgiConf(['completion', 'tcsh'])
  expect(exitCode).toBe(2)
  expect(err).toContain('Allowed choices are bash, zsh, fish')
})
