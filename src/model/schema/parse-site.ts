import type { Diagnostic } from '../../diagnostics/index.js'
import type { Site } from '../site.js'
import { validate } from './site-validator.js'

export type ParsedSite =
  | { readonly kind: 'site'; readonly site: Site }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic }

/** A Site from its JSON, which may come from anywhere: checked against the schema, and for references that lead nowhere. */
export function parseSite(file: string, text: string): ParsedSite {
  const span = { file, start: 0, end: 0 }
  const value = parseJson(text)
  if (value.kind === 'failed') {
    return fail({
      code: 'input/not-json',
      severity: 'error',
      message: `this file begins as JSON and is none: ${value.message}`,
      span: { ...span, start: value.at, end: value.at },
      hint: 'give what `fcgi-conf ir` printed, or the configuration itself'
    })
  }
  const problem = problemOf(value.value)
  if (typeof problem !== 'string') return { kind: 'site', site: problem }
  return fail({
    code: 'input/not-a-site',
    severity: 'error',
    message: `this JSON is no model of a configuration: ${problem}`,
    span,
    hint: 'compare it with `fcgi-conf ir --schema`; `fcgi-conf ir FILE` makes one from a configuration'
  })
}

function fail(diagnostic: Diagnostic): ParsedSite {
  return { kind: 'failed', diagnostic }
}

type Json =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly message: string; readonly at: number }

function parseJson(text: string): Json {
  try {
    return { kind: 'value', value: JSON.parse(text.replace(/^\ufeff/, '')) as unknown }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const at = Number(/at position (\d+)/.exec(error.message)?.[1] ?? text.length)
    return { kind: 'failed', message: error.message.replace(/ \(line.*\)$/, ''), at }
  }
}

/** What is wrong with it, or the Site. */
function problemOf(value: unknown): Site | string {
  try {
    if (validate(value)) return danglingPool(value) ?? value
  } catch (error) {
    // The validator calls itself for each level of nesting.
    if (error instanceof RangeError) return 'it is nested too deeply'
    throw error
  }
  const [error] = validate.errors ?? []
  if (error === undefined) return 'it does not fit the schema'
  const where = error.instancePath === '' ? 'at the top' : `at \`${error.instancePath}\``
  return `${where} it ${detail(error.keyword, error.message ?? '', error.params)}`
}

function detail(keyword: string, message: string, params: Readonly<Record<string, unknown>>): string {
  if (keyword === 'additionalProperties') return `${message}: \`${String(params['additionalProperty'])}\``
  if (keyword === 'const') return `${message} ${JSON.stringify(params['allowedValue'])}`
  if (keyword === 'enum') return `${message}: ${JSON.stringify(params['allowedValues'])}`
  return message
}

/** Bindings name pools by id; one that does not exist would only be noticed by the first request. */
function danglingPool(site: Site): string | undefined {
  const ids = new Set([...site.pools, ...(site.httpPools ?? [])].map(({ id }) => id))
  const scopes = [site.root]
  for (let scope = scopes.pop(); scope !== undefined; scope = scopes.pop()) {
    scopes.push(...scope.children)
    for (const setting of scope.settings) {
      if (setting.key !== 'bindings') continue
      for (const { target } of setting.value) {
        if (target.kind !== 'fastcgi' && target.kind !== 'http') continue
        if (target.pool.kind !== 'pool' || ids.has(target.pool.id)) continue
        return `a binding of \`${scope.name}\` names the pool \`${target.pool.id}\`, which is not among its pools`
      }
    }
  }
  return undefined
}
