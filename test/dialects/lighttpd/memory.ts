import type { ReadIo } from '../../../src/dialects/dialect.js'

/** A file system of texts by path. Patterns know `*` only. */
export function memory(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {}
): ReadIo {
  const paths = Object.keys(files).sort()
  return {
    readFile(path) {
      const text = files[path]
      return text === undefined
        ? { kind: 'failed', why: 'missing', message: 'there is no such file' }
        : { kind: 'text', text }
    },
    glob(pattern) {
      const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^$(){}|[\]\\]/g, String.raw`\$&`))
      const regex = new RegExp(`^${parts.join('[^/]*')}$`)
      return paths.filter((path) => regex.test(path))
    },
    filesBelow: () => undefined,
    kind: (path) => (files[path] === undefined ? 'missing' : 'file'),
    environment: (name) => environment[name]
  }
}
