import { readFileSync } from 'node:fs'
import { readIo } from '../../src/cli/files.js'
import { convert } from '../../src/convert/index.js'
import type { Conversion } from '../../src/convert/index.js'
import { dialectLoaders } from '../../src/dialects/index.js'
import { readLighttpd } from '../../src/dialects/lighttpd/index.js'
import type { DialectName, ReadResult } from '../../src/dialects/index.js'
import type { Place } from './place.js'

/** The example as the project reads it, started from its own folder as its README says. */
export function readExample(place: Place): ReadResult {
  const given = new Map([[place.main, readFileSync(place.main, 'utf8')]])
  const io = readIo({ cwd: place.folder, env: { PWD: place.folder }, given })
  return readLighttpd(place.main, io, { name: 'lighttpd', prefix: place.folder })
}

export async function convertExample(place: Place, to: DialectName): Promise<Conversion> {
  const read = readExample(place)
  return convert(read, { from: 'lighttpd', to, fragment: false }, [await dialectLoaders[languageOf(to)]()])
}

/** The commands that someone must run first, as the ledger gives them. */
export function commandsIn({ ledger }: Conversion): readonly string[] {
  const commands = ledger.flatMap(({ advice }) => [
    ...(advice?.matchAll(/`((?:env |spawn-fcgi )[^`]+)`/g) ?? [])
  ])
  return [...new Set(commands.map(([, command]) => command ?? ''))]
}

function languageOf(name: DialectName): keyof typeof dialectLoaders {
  return name === 'lighttpd' || name === 'nginx' ? name : 'apache'
}
