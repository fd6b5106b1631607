/** What the bench compares lint with: every file of a folder read and parsed, and no more. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, parser] = process.argv.slice(2)
const { parse } = await import(pathToFileURL(parser).href)
for (const name of readdirSync(folder)) parse(name, readFileSync(join(folder, name), 'utf8'))
