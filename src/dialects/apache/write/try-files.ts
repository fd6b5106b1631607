import type { PlannedRule, SettingOf, Template, TryFiles } from '../../../model/index.js'
import { askedFor } from '../../answer-rules.js'
import { directive } from './entries.js'
import type { Entry } from './entries.js'
import type { Context } from './module.js'

type Setting = SettingOf<'tryFiles'> | undefined

/** Whether a missing file keeps the request from the handler: a list that asks for it and ends in a status. */
export function checksExistence(setting: Setting): boolean {
  return setting?.value.last.kind === 'status' && asksForItself(setting.value)
}

/** Who answers for what is missing, where a named place does, and the test that it is. */
export function namedFallback(
  setting: Setting,
  siblings: readonly PlannedRule[]
): { readonly rule: PlannedRule; readonly missing: string } | undefined {
  if (setting?.value.last.kind !== 'named' || !asksForItself(setting.value)) return undefined
  const { name } = setting.value.last
  const rule = siblings.find(
    (each) => each.kind === 'location' && each.match.kind === 'named' && each.match.name === name
  )
  if (rule === undefined) return undefined
  const tests = setting.value.candidates.map(
    ({ what }) => `!(${what === 'directory' ? '-d' : '-f'} %{REQUEST_FILENAME})`
  )
  return { rule, missing: [...new Set(tests)].join(' && ') }
}

/** The list looks for the requested path and nothing else. */
function asksForItself(tryFiles: TryFiles): boolean {
  return tryFiles.candidates.length > 0 && tryFiles.candidates.every(({ path }) => isRequestedPath(path))
}

function isRequestedPath(path: Template): boolean {
  const [first, ...rest] = path
  const names = ['path', 'script.name']
  return (
    first?.kind === 'variable' &&
    names.includes(first.name) &&
    rest.every((part) => part.kind === 'text' && part.text === '/')
  )
}

/** A list of files and what takes over without one: httpd's FallbackResource, where it says the same. */
export function fallbackEntries(
  setting: Setting,
  siblings: readonly PlannedRule[],
  context: Context
): readonly Entry[] {
  if (setting === undefined) return []
  const { value, origin } = setting
  if (value.last.kind !== 'none' && !asksForItself(value)) return unwritten(setting, context)
  switch (value.last.kind) {
    case 'status':
      if (value.last.status === 404) context.ledger.mark(origin, 'exact')
      else {
        context.ledger.mark(origin, 'approx', {
          message: `a missing file is 404 here, not ${value.last.status}`,
          affects: ['status']
        })
      }
      return []
    case 'none':
      context.ledger.mark(origin, 'exact')
      return [directive('FallbackResource', 'disabled')]
    case 'uri':
      return fallback(value.last.to, setting, context)
    case 'named': {
      const { name } = value.last
      const target = siblings.find(
        (rule) => rule.kind === 'location' && rule.match.kind === 'named' && rule.match.name === name
      )
      if (target?.settings.bindings === undefined) return unwritten(setting, context)
      // The section for what is missing is written with the other answers.
      context.ledger.mark(origin, 'exact')
      context.ledger.mark(target.origin, 'exact')
      return []
    }
  }
}

function fallback(to: Template, setting: SettingOf<'tryFiles'>, context: Context): readonly Entry[] {
  const path: string[] = []
  let rest: Template = []
  for (const [index, part] of to.entries()) {
    if (part.kind !== 'text' || part.text.includes('?')) {
      rest = to.slice(index)
      break
    }
    path.push(part.text)
  }
  const [first] = rest
  if (first?.kind === 'text') path.push(first.text.slice(0, first.text.indexOf('?')))
  const url = path.join('')
  if (!url.startsWith('/')) return unwritten(setting, context)
  const keepsQuery = rest.some((part) => part.kind === 'variable' && part.name === 'query')
  const only = rest.every(
    (part) => part.kind === 'text' || (part.kind === 'variable' && part.name.startsWith('query'))
  )
  const extra = rest.some((part) => part.kind === 'text' && part.text.replace(/^[^?]*\??/, '') !== '')
  const exact = keepsQuery && only && !extra
  context.ledger.mark(setting.origin, 'approx', {
    message: exact
      ? 'FallbackResource does not take a path behind an existing file, which is 404'
      : 'FallbackResource keeps the query as it came and adds nothing to it, and does not take a path behind an existing file',
    affects: ['routing', 'status', 'body', ...askedFor]
  })
  return [directive('FallbackResource', url)]
}

function unwritten(setting: SettingOf<'tryFiles'>, context: Context): readonly Entry[] {
  context.ledger.mark(setting.origin, 'lost', {
    message: 'httpd has no list of files to try but FallbackResource, which does not say this',
    affects: ['routing', 'status', 'body', ...askedFor],
    advice: 'write RewriteCond and RewriteRule lines by hand'
  })
  return []
}
