import { unreachable } from '../diagnostics/index.js'
import type { FileView, LookUpFolderFile } from '../decide/types.js'
import type { FolderReading, ReadFolderFile } from '../model/index.js'
import type { Log } from './log.js'

interface Known {
  readonly text: string
  readonly reading: FolderReading
}

/** More files, or more ways to read them, are read anew. */
const mostKnown = 4096

/**
 * Reads files with settings that lie in folders. Each is looked at for every request, as the servers do, and understood once
 * as long as its text, what may be said in it, and the host stay the same.
 */
export function folderFiles(read: ReadFolderFile, files: FileView, log: Log): LookUpFolderFile {
  const known = new Map<string, Known>()
  return (path, rules, host) => {
    const text = files.readText(path)
    if (text === undefined) return undefined
    const key = `${path}\n${JSON.stringify([rules, host])}`
    const found = known.get(key)
    if (found?.text === text) return found.reading
    const reading = read(path, text, rules, host)
    tell(reading, log)
    if (known.size >= mostKnown) known.clear()
    known.set(key, { text, reading })
    return reading
  }
}

/** Said once for each state of a file. */
function tell(reading: FolderReading, log: Log): void {
  switch (reading.kind) {
    case 'refused':
      log({ level: 'error', message: reading.why, origin: reading.origin })
      return
    case 'read':
      for (const { severity, message, span } of reading.diagnostics) {
        if (severity === 'info') continue
        log({ level: severity, message, ...(span === undefined ? {} : { origin: span }) })
      }
      return
    default:
      unreachable(reading)
  }
}
