import { pathToFileURL } from 'node:url'
import { nearest } from '../diagnostics/index.js'
import type { Report } from '../diagnostics/report.js'
import type { Style } from '../diagnostics/formats/style.js'
import { CommandError } from './io.js'
import type { Io } from './io.js'
import { tool } from './version.js'

/** GitHub takes no larger file, in bytes and compressed. */
const sarifLimit = 10 * 1024 * 1024

/** Prints a report. Only those that are asked for are loaded. */
type Load = () => Promise<(found: Report, style: Style, io: Io, further?: object) => string>

const text: Load = async () => (await import('../diagnostics/formats/text.js')).formatText

const loaders = {
  text,
  stylish: text,
  compact: async () => (await import('../diagnostics/formats/compact.js')).formatCompact,
  json: async () => {
    const { formatJson } = await import('../diagnostics/formats/json.js')
    return (found, _style, _io, further) => formatJson(found, tool, further)
  },
  jsonl: async () => (await import('../diagnostics/formats/json.js')).formatJsonLines,
  sarif: async () => {
    const { formatSarif } = await import('../diagnostics/formats/sarif.js')
    const { rules } = await import('../lint/index.js')
    const { gzipSync } = await import('node:zlib')
    return (found, _style, io) =>
      formatSarif(found, {
        tool,
        root: `${pathToFileURL(io.cwd).href.replace(/\/$/, '')}/`,
        fits: (text) => text.length <= sarifLimit || gzipSync(text).length <= sarifLimit,
        describe: (code) => {
          const page = io.page(code)
          return { ...rules.find((rule) => rule.code === code), ...(page !== undefined && { page }) }
        }
      })
  },
  github: async () => (await import('../diagnostics/formats/github.js')).formatGithub,
  gitlab: async () => (await import('../diagnostics/formats/gitlab.js')).formatGitlab,
  checkstyle: async () => (await import('../diagnostics/formats/checkstyle.js')).formatCheckstyle,
  junit: async () => (await import('../diagnostics/formats/junit.js')).formatJunit,
  rdjson: async () => {
    const { formatRdjson } = await import('../diagnostics/formats/rdjson.js')
    return (found) => formatRdjson(found, tool)
  },
  markdown: async () => (await import('../diagnostics/formats/markdown.js')).formatMarkdown
} as const satisfies Record<string, Load>

export type Format = keyof typeof loaders

export const formatNames = Object.keys(loaders)

export function loadFormat(format: Format): ReturnType<Load> {
  return loaders[format]()
}

export function knownFormat(name: string): Format {
  if (isFormat(name)) return name
  const meant = nearest(name, formatNames)
  throw new CommandError(
    `there is no format \`${name}\``,
    `${meant === undefined ? '' : `did you mean \`${meant}\`? `}There are: ${formatNames.join(', ')}`
  )
}

function isFormat(name: string): name is Format {
  return Object.hasOwn(loaders, name)
}
