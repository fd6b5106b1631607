/** Below a folder (the main file's may be relative itself), with `.`, `..` and doubled slashes cleaned up; a final slash stays. */
export function absolute(base: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${base}/${path}`
  const rooted = whole.startsWith('/')
  const parts: string[] = []
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue
    const above = part === '..' && (rooted || (parts.length > 0 && parts.at(-1) !== '..'))
    if (above) parts.pop()
    else parts.push(part)
  }
  const slash = parts.length > 0 && /\/\.{0,2}$/.test(whole) ? '/' : ''
  const clean = `${parts.join('/')}${slash}`
  if (rooted) return `/${clean}`
  return clean === '' ? '.' : clean
}

/** Whether a path has wildcards of `fnmatch`. */
export function hasWildcards(path: string): boolean {
  return /[*?[]/.test(path)
}
