import { expect, test } from 'vitest'
import { Configs } from '../../../src/cli/config/configs.js'
import type { Io } from '../../../src/cli/io.js'
import { look } from '../../../src/cli/linting/looked.js'
import { Seen } from '../../../src/cli/linting/seen.js'
import { folderWith } from '../temporary.js'

test('a reader that fails is a mistake of this tool, told with the file', async () => {
  const cwd = folderWith({ 'nginx.conf': 'events {}\nhttp { include a.conf; }\n' })
  const io: Io = {
    out: () => undefined,
    err: () => undefined,
    env: {},
    stdin: () => Promise.resolve(new Uint8Array()),
    cwd,
    isTTY: false,
    isErrTTY: false,
    pid: 1,
    onSignal: () => undefined,
    watch: () => Promise.resolve(() => undefined),
    onKey: () => Promise.resolve(() => undefined),
    page: () => undefined
  }
  const failing = {
    through: () => {
      throw new Error('no such world')
    }
  }
  const file = { path: 'nginx.conf', key: `${cwd}/nginx.conf`, isFound: false }
  const around = { configs: new Configs({}, io), io, seen: new Seen(), realPathOf: (path: string) => path }
  const looked = await look(file, failing, around)
  expect(looked).toMatchObject({
    outcome: 'failed',
    diagnostics: [{ code: 'internal/reader', severity: 'error', message: 'reading it failed: no such world' }]
  })
})
