import { lineStarts, positionAt } from '../../../src/diagnostics/index.js'
import type { ReadIo, ReadResult } from '../../../src/dialects/dialect.js'
import { readNginx } from '../../../src/dialects/nginx/index.js'
import type { Scope, SettingKey, SettingValues, Template } from '../../../src/model/index.js'

/** Files by path, as a reader would find them. */
export function filesIo(files: Readonly<Record<string, string>>): ReadIo {
  return {
    readFile: (path) => {
      const text = files[path]
      return text === undefined
        ? { kind: 'failed', why: 'missing', message: 'there is no such file' }
        : { kind: 'text', text }
    },
    glob: (pattern) => {
      const source = pattern
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]')
      return Object.keys(files)
        .filter((path) => new RegExp(`^${source}$`).test(path))
        .sort()
    },
    filesBelow: () => undefined,
    kind: (path) => (path in files ? 'file' : 'missing'),
    environment: () => undefined
  }
}

export function read(text: string, included: Readonly<Record<string, string>> = {}): ReadResult {
  return readNginx('/etc/nginx/nginx.conf', filesIo({ '/etc/nginx/nginx.conf': text, ...included }), {
    name: 'nginx'
  })
}

/** A whole configuration around the directives of one server. */
export function inServer(text: string, http = ''): string {
  return `events { }\nhttp { ${http}\nserver { listen 80;\n${text}\n} }\n`
}

export function inLocation(text: string, http = ''): string {
  return inServer(`location / {\n${text}\n}`, http)
}

/** `line code` of each diagnostic. */
export function found(result: ReadResult): readonly string[] {
  return result.diagnostics.map(({ code, span }) => {
    const starts = lineStarts(result.texts.get(span?.file ?? '') ?? '')
    return `${positionAt(starts, span?.start ?? 0).line} ${code}`
  })
}

/** A scope by its name, wherever it stands. */
export function scope(result: ReadResult, name: string): Scope {
  const search = (from: Scope): Scope | undefined =>
    from.name === name ? from : from.children.map(search).find((each) => each !== undefined)
  const it = search(result.site.root)
  if (it === undefined) throw new Error(`no scope ${name}`)
  return it
}

/** What a scope says itself. */
export function says<K extends SettingKey>(at: Scope, key: K): SettingValues[K] | undefined {
  const setting = at.settings.findLast((each) => each.key === key)
  return setting === undefined ? undefined : (setting.value as SettingValues[K])
}

/** A template as a text: `<document-root><script.name>`. */
export function shown(template: Template | undefined): string | undefined {
  return template
    ?.map((part) => {
      switch (part.kind) {
        case 'text':
          return part.text
        case 'capture':
          return `<${part.from} ${part.group}>`
        case 'header-like':
        case 'tls':
        case 'listed':
        case 'part':
        case 'answer':
        case 'apply':
        case 'first-of':
          return `<${part.kind}>`
        default:
          return `<${part.kind === 'variable' ? '' : `${part.kind} `}${part.name}>`
      }
    })
    .join('')
}
