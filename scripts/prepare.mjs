/**
 * What npm runs to make a package of a clone. `npm install --global git+…`, which is how pre-commit installs hooks,
 * hands "global" on to the install inside the clone, so that the tools of the build are not there: they are installed
 * first then.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What npm was told about an install from outside is not meant for what is run here. */
const env = { ...process.env }
for (const name of ['npm_config_global', 'npm_config_location']) delete env[name]

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync(`${root}node_modules/esbuild`)) {
  run('npm', ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'])
}
run(process.execPath, ['scripts/build.mjs'])
