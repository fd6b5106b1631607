import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { FileView } from '../decide/types.js'

/** The tree that stands below a folder, seen as if the folder were `/`. */
export function below(root: string, cwd: string, files: FileView): FileView {
  const base = resolve(cwd, root)
  const at = placeBelow(root, cwd)
  return {
    kind: (path) => files.kind(at(path)),
    isExecutable: (path) => files.isExecutable(at(path)),
    isLink: (path) => files.isLink(at(path)),
    size: (path) => files.size(at(path)),
    realPath(path) {
      const real = files.realPath(at(path))
      return real?.startsWith(`${base}/`) === true ? real.slice(base.length) : real
    },
    readText: (path) => files.readText(at(path))
  }
}

/** Where a path stands on this machine when the tree below a folder is taken for `/`. */
export function placeBelow(root: string, cwd: string): (path: string) => string {
  const base = resolve(cwd, root)
  return (path) => (isAbsolute(path) ? join(base, path) : path)
}

/** Takes further files to exist, and the folders above them. */
export function withFiles(files: FileView, paths: readonly string[]): FileView {
  if (paths.length === 0) return files
  const known = new Set(paths)
  const folders = new Set(paths.flatMap(foldersAbove))
  const bare = (path: string): string => path.replace(/(?<=.)\/+$/, '')
  return {
    kind(path) {
      if (known.has(path)) return 'file'
      return folders.has(bare(path)) ? 'directory' : files.kind(path)
    },
    isExecutable: (path) => known.has(path) || files.isExecutable(path),
    isLink: (path) => !known.has(path) && files.isLink(path),
    // Something is in a file that is only taken to exist.
    size: (path) => files.size(path) ?? (known.has(path) ? 1 : undefined),
    realPath: (path) => (known.has(path) || folders.has(bare(path)) ? bare(path) : files.realPath(path)),
    readText: (path) => files.readText(path)
  }
}

function foldersAbove(path: string): readonly string[] {
  const above: string[] = []
  for (let folder = dirname(path); !above.includes(folder); folder = dirname(folder)) above.push(folder)
  return above
}
