/** What the bench compares lint with: every file of a folder read and parsed, and no more. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBytes, loadDialect } from '../dist/index.js'

const [folder] = process.argv.slice(2)
const { outline } = await loadDialect('nginx')
for (const name of readdirSync(folder)) outline(name, decodeBytes(readFileSync(join(folder, name))))
