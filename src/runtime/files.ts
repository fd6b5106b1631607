import { accessSync, constants, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import type { FileView } from '../decide/types.js'
import { decodeBytes, encodeBytes } from '../diagnostics/index.js'

/** A path as the file system takes it: names that are no UTF-8 keep their bytes. */
export function diskPath(path: string): string | Buffer {
  return /[\udc80-\udcff]/.test(path) ? Buffer.from(encodeBytes(path)) : path
}

/** Files whose text decisions ask for (htpasswd) are small. */
const longestText = 4 * 1024 * 1024

/** The document tree on the real disk. Asked anew each time: files change while a server runs. */
export const diskFiles: FileView = {
  kind(path) {
    const stats = lookAt(path)
    if (stats === 'forbidden' || stats === 'missing') return stats
    if (stats.isDirectory()) return 'directory'
    // Devices, sockets and pipes are never sent.
    return stats.isFile() && isAllowed(path, constants.R_OK) ? 'file' : 'forbidden'
  },
  isExecutable(path) {
    const stats = lookAt(path)
    return typeof stats === 'object' && stats.isFile() && isAllowed(path, constants.X_OK)
  },
  isLink(path) {
    if (path.includes('\0')) return false
    try {
      return lstatSync(diskPath(path), { throwIfNoEntry: false })?.isSymbolicLink() === true
    } catch {
      // Not to be reached: nothing is known of it.
      return false
    }
  },
  size(path) {
    const stats = lookAt(path)
    return typeof stats === 'object' && stats.isFile() ? stats.size : undefined
  },
  realPath(path) {
    if (path.includes('\0')) return undefined
    try {
      return decodeBytes(realpathSync(diskPath(path), 'buffer'))
    } catch {
      // Missing, or not to be reached: there is no real path to tell.
      return undefined
    }
  },
  readText(path) {
    const stats = lookAt(path)
    if (typeof stats === 'string' || !stats.isFile() || stats.size > longestText) return undefined
    try {
      return decodeBytes(readFileSync(diskPath(path)))
    } catch {
      // It went away or may not be read: either way there is no text.
      return undefined
    }
  }
}

function lookAt(path: string): Stats | 'missing' | 'forbidden' {
  if (path.includes('\0')) return 'missing'
  try {
    return statSync(diskPath(path), { throwIfNoEntry: false }) ?? 'missing'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? 'forbidden' : 'missing'
  }
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(diskPath(path), mode)
    return true
  } catch {
    return false
  }
}
