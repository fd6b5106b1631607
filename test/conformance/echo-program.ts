import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

/** An executable that serves the echo application on the socket it inherits as descriptor 0. */
export function makeEchoProgram(): string {
  const built = buildSync({
    stdin: {
      contents: "import { echoOnDescriptor } from './echo.js'\nechoOnDescriptor(process.env)\n",
      resolveDir: join(import.meta.dirname, '../../src/runtime'),
      loader: 'ts'
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false
  })
  const folder = mkdtempSync(join(tmpdir(), 'echo-'))
  // Servers start it as an account of their own.
  chmodSync(folder, 0o755)
  const file = join(folder, 'echo')
  writeFileSync(file, `#!${process.execPath}\n${built.outputFiles[0]?.text ?? ''}`)
  chmodSync(file, 0o755)
  return file
}
