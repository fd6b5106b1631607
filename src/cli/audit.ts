import { auditMarkdown, auditOf, auditText, convert } from '../convert/index.js'
import type { Audit, Tried } from '../convert/index.js'
import { loadDialect } from '../dialects/index.js'
import type { Dialect } from '../dialects/index.js'
import type { Target } from './convert.js'
import { printable } from '../diagnostics/frame.js'
import { readInput } from './input.js'
import type { InputOptions } from './input.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { collect } from './linting/collect.js'
import type { Collected } from './linting/collect.js'
import { realPath } from './linting/kind.js'
import { inReadingOrder } from './linting/roots.js'
import { resolve } from 'node:path'

export interface AuditOptions extends InputOptions {
  readonly to: Target
  readonly format: 'text' | 'json' | 'markdown'
  readonly ignore?: boolean
}

/** How much of each configuration a conversion would carry over, and what stands in its way. Writes nothing. */
export async function auditCommand(
  names: readonly string[],
  options: AuditOptions,
  io: Io
): Promise<ExitCode> {
  const files = await collect(names, options, io)
  const dialect = await loadDialect(options.to.name)
  const audit = auditOf(await tryAll(files, dialect, options, io), options.to.name)
  if (audit.files.length === 0) throw new CommandError('there is no configuration among these files')
  io.out(printed(audit, options.format))
  return audit.files.some((file) => 'failed' in file) ? 2 : 0
}

function printed(audit: Audit, format: AuditOptions['format']): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(audit, null, 2)}\n`
    case 'markdown':
      return auditMarkdown(audit)
    case 'text':
      return auditText(audit).split('\n').map(printable).join('\n')
  }
}

/** What another file includes is read, and counted, with that one. */
async function tryAll(
  files: readonly Collected[],
  dialect: Dialect,
  options: AuditOptions,
  io: Io
): Promise<readonly Tried[]> {
  const included = new Set<string>()
  const tried = new Map<string, Tried>()
  for (const file of inReadingOrder(files).flat()) {
    const { key } = file
    if (included.has(key)) continue
    const input = await readInput(file.path, options, io)
    if (input.kind === 'failed') {
      // What was only found, and is no configuration, is nobody's mistake.
      if (!file.isFound) tried.set(key, { path: input.path, failed: input.diagnostic.message })
      continue
    }
    if (file.isFound && input.result.diagnostics.some(({ code }) => code === 'input/nothing-understood'))
      continue
    for (const text of [...input.result.texts.keys()].slice(1)) included.add(realPath(resolve(io.cwd, text)))
    const { to } = options
    const conversion = convert(
      input.result,
      {
        from: input.name ?? 'ir',
        to: to.name,
        ...(to.version !== undefined && { version: to.version }),
        fragment: false,
        keepGoing: true
      },
      [dialect]
    )
    const errors = input.result.diagnostics.filter(({ severity }) => severity === 'error').length
    tried.set(key, { path: input.path, from: input.name ?? 'ir', errors, conversion })
  }
  return [...tried]
    .flatMap(([key, one]) => (included.has(key) ? [] : [one]))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
