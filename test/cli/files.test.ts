import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readIo, textOf } from '../../src/cli/files.js'
import { encodeBytes } from '../../src/diagnostics/index.js'
import { folderWith } from './temporary.js'

function why(path: string, cwd: string): string {
  const found = readIo({ cwd, env: {} }).readFile(path)
  return found.kind === 'failed' ? found.why : found.kind
}

test('says why a file cannot be read', () => {
  const cwd = folderWith({ 'dir/a': 'a', binary: Uint8Array.of(0x7f, 0x45, 0, 1), text: 'a' })
  symlinkSync('loop', join(cwd, 'loop'))
  expect(why('missing', cwd)).toBe('missing')
  expect(why('text/below', cwd)).toBe('missing')
  expect(why('dir', cwd)).toBe('directory')
  expect(why('binary', cwd)).toBe('binary')
  expect(why('loop', cwd)).toBe('unreadable')
  expect(why('text', cwd)).toBe('text')
})

test('a device, which may have no end, is not read, and of a pipe no more than of a file', () => {
  const cwd = folderWith({})
  execFileSync('mkfifo', [join(cwd, 'pipe')])
  expect(why('/dev/zero', cwd)).toBe('unreadable')
  const writer = spawn('sh', ['-c', 'echo text > pipe'], { cwd, stdio: 'ignore' })
  expect(why('pipe', cwd)).toBe('text')
  const endless = spawn('sh', ['-c', 'yes > pipe'], { cwd, stdio: 'ignore' })
  expect(why('pipe', cwd)).toBe('too-large')
  writer.kill()
  endless.kill()
})

test('keeps bytes that are no UTF-8', () => {
  const bytes = Uint8Array.of(0x61, 0xff, 0xc3, 0x28)
  const found = textOf(bytes)
  expect(found.kind === 'text' && encodeBytes(found.text)).toEqual(bytes)
})

test('below a root, absolute names mean the tree that stands there, relative ones the current folder', () => {
  const cwd = folderWith({ 'tree/etc/a.conf': 'inside', 'etc/a.conf': 'outside' })
  const io = readIo({ cwd, env: {}, root: 'tree' })
  expect(io.readFile('/etc/a.conf')).toEqual({ kind: 'text', text: 'inside' })
  expect(io.readFile('etc/a.conf')).toEqual({ kind: 'text', text: 'outside' })
  expect(io.glob('/etc/*.conf', { braces: false })).toEqual(['/etc/a.conf'])
  expect(io.glob('etc/*.conf', { braces: false })).toEqual(['etc/a.conf'])
  expect(io.filesBelow('/etc')).toEqual(['/etc/a.conf'])
  expect(io.kind('/etc')).toBe('directory')
})

test('a folder whose own name has wildcards is taken as it is', () => {
  const cwd = folderWith({ 'a[1]{b,c}*/x.conf': '' })
  expect(readIo({ cwd: join(cwd, 'a[1]{b,c}*'), env: {} }).glob('*.conf', { braces: true })).toEqual([
    'x.conf'
  ])
})

test('a link that leads back up is not followed for ever', () => {
  const cwd = folderWith({ 'dir/a.conf': '' })
  symlinkSync('..', join(cwd, 'dir/up'))
  expect(readIo({ cwd, env: {} }).filesBelow('dir')).toEqual(['dir/a.conf'])
})

test('a folder that may not be looked into holds nothing', () => {
  const cwd = folderWith({ 'shut/a.conf': '' })
  chmodSync(join(cwd, 'shut'), 0)
  const found = readIo({ cwd, env: {} }).glob('shut/*.conf', { braces: false })
  chmodSync(join(cwd, 'shut'), 0o755)
  // The administrator may look into every folder.
  expect(found).toEqual(process.getuid?.() === 0 ? ['shut/a.conf'] : [])
})

describe('a command that a configuration takes text from', () => {
  const run = (command: string, env: Readonly<Record<string, string>> = {}, longestRun = 15_000): unknown =>
    readIo({
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', ...env },
      allowIncludeShell: true,
      longestRun
    }).run?.(command, '/usr')

  test('is not run unless that is allowed', () => {
    expect(readIo({ cwd: '/', env: {} }).run).toBeUndefined()
  })

  test('runs in its folder, without input and without a terminal', () => {
    expect(run('pwd; cat; ps -o sid= -p $$ | tr -d " " | grep -qx $$ && echo own session')).toEqual({
      kind: 'text',
      text: '/usr\nown session\n'
    })
  })

  test('runs in the shell of the environment', () => {
    expect(run('echo $0', { SHELL: '/bin/bash' })).toEqual({ kind: 'text', text: '/bin/bash\n' })
    expect(run('echo $0', { SHELL: '' })).toEqual({ kind: 'text', text: '/bin/sh\n' })
  })

  test('one that takes too long is ended', () => {
    expect(run('sleep 30 & sleep 30', {}, 300)).toMatchObject({
      kind: 'failed',
      message: 'it was still running after 0.3 s'
    })
  })

  test.each([
    ['fails', 'echo why >&2; exit 3', 'it ended with 3: why'],
    ['is not there', '/no/such/command', /^it ended with 127: /],
    ['prints without end', 'cat /dev/zero', 'it prints more than 32 MB']
  ])('one that %s is told with what it came to', (_name, command, message) => {
    expect(run(command)).toMatchObject({
      kind: 'failed',
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as string)
    })
  })
})
