/** Absolute, with `.`, `..` and doubled slashes cleaned up; a final slash stays. */
export function absolute(base: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${base}/${path}`
  const parts: string[] = []
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  const slash = parts.length > 0 && /\/\.{0,2}$/.test(whole) ? '/' : ''
  return `/${parts.join('/')}${slash}`
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? (slash === 0 ? '/' : '.') : path.slice(0, slash)
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether a path has wildcards of `fnmatch`. */
export function hasWildcards(path: string): boolean {
  return /[*?[]/.test(path)
}
