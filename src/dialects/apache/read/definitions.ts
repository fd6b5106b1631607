import type { Span } from '../../../diagnostics/index.js'
import type { Address, Binding, Condition, ParamEntry, Pool, ProcessPlan } from '../../../model/index.js'
import { always, variable } from '../../../model/index.js'
import { fileScript } from './behaviour.js'
import { fastcgiParams, type Surroundings } from './params.js'
import { test } from './patterns.js'

/** One FastCgiServer or FastCgiExternalServer line, or what FastCgiConfig says of programs without one. */
export interface Definition {
  readonly path: string
  readonly span: Span
  readonly address: Address
  readonly memberOrigin: Span
  readonly connectTimeout: number
  readonly idleTimeout: number
  readonly passed: readonly ParamEntry[]
  readonly process: ProcessPlan | undefined
  /** -nph */
  readonly unparsed: boolean
}

/** The path is compared with the mapped file wherever the definition stands, whatever handler the file has. */
export function definitionBinding(definition: Definition, around: Surroundings): Binding {
  return {
    match: { kind: 'file-prefix', value: definition.path },
    when: always,
    at: ['content'],
    origin: definition.span,
    target: {
      kind: 'fastcgi',
      role: 'responder',
      pool: { kind: 'pool', id: definition.path },
      script: fileScript,
      mustExist: false,
      params: fastcgiParams(around, definition.passed),
      unparsed: definition.unparsed ? always : namedUnparsed
    }
  }
}

/** Files of such a name write the status line themselves, as those of mod_cgi. */
const namedUnparsed: Condition = test({ of: 'basename' }, { kind: 'prefix', value: 'nph-', segments: false })

/** Handler `fastcgi-script` for a file that no definition covers: the file itself is started (mod_fastcgi: dynamic). */
export function dynamicBinding(definition: Definition, around: Surroundings): Binding {
  const { target, ...rest } = definitionBinding(definition, around)
  if (target.kind !== 'fastcgi') return { ...rest, target }
  return {
    ...rest,
    match: { kind: 'label', value: 'fastcgi-script' },
    target: {
      ...target,
      checks: [
        { must: 'exist', status: 404 },
        { must: 'not-be-directory', status: 403 },
        { must: 'be-executable', status: 403 },
        { must: 'be-allowed', status: 403 }
      ],
      program: variable('filename')
    }
  }
}

export function definitionPool(definition: Definition): Pool {
  const { path, span, address, memberOrigin, process } = definition
  return {
    id: path,
    name: path,
    origin: span,
    balance: { kind: 'round-robin', variant: 'smooth-weighted' },
    members: [
      {
        address,
        weight: 1,
        maxConnections: 0,
        backup: false,
        down: false,
        failure: { kind: 'never' },
        ...(process === undefined ? {} : { process }),
        origin: memberOrigin
      }
    ],
    connection: {
      connectTimeout: definition.connectTimeout,
      sendTimeout: definition.idleTimeout,
      readTimeout: definition.idleTimeout,
      keep: false,
      idle: 0
    },
    retry: { on: [], tries: 1, within: 0, nonIdempotent: false }
  }
}
