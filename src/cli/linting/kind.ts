import { realpathSync, statSync } from 'node:fs'

/** What stands at a path; undefined for nothing, and for what cannot be looked at. */
export function kindOf(path: string): 'file' | 'directory' | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return undefined
    return found.isDirectory() ? 'directory' : 'file'
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}

/** The path without links; as it is where there is nothing. */
export function realPath(path: string): string {
  return kindOf(path) === undefined ? path : realpathSync(path)
}
