import type { Regex, Scope } from '../../model/index.js'
import { later, needs, type Needs } from '../condition.js'
import type { Groups } from '../regex.js'
import { HostTable } from './hosts.js'
import { LocationTable } from './locations.js'

/** A scope with its tables for choosing among its children. */
export interface CompiledScope {
  readonly id: number
  readonly scope: Scope
  /** The earliest question that its condition can be answered at. */
  readonly needs: Needs
  readonly parent: CompiledScope | undefined
  /** In order; those chosen by a table are in it as well. */
  readonly children: readonly CompiledScope[]
  readonly hosts: HostTable | undefined
  readonly locations: LocationTable | undefined
}

/** A scope that holds for a request. */
export interface ChosenScope {
  readonly compiled: CompiledScope
  /** What its condition or pattern captured, or that of the nearest scope around it. */
  readonly groups: Groups | undefined
  readonly hostGroups: Groups | undefined
}

export type Matcher = (regex: Regex, text: string) => Groups | undefined

/** Tells the scopes of a site apart. */
export class ScopeNumbers {
  private last = 0

  next(): number {
    return (this.last += 1)
  }
}

/** Compiles a tree of scopes, once. */
export function compileScopes(root: Scope, numbers: ScopeNumbers): CompiledScope {
  const compile = (scope: Scope, parent: CompiledScope | undefined): CompiledScope => {
    const children: CompiledScope[] = []
    const compiled: Mutable<CompiledScope> = {
      id: numbers.next(),
      scope,
      needs: later(needs(scope.when), scope.location === undefined ? 'host' : 'url'),
      parent,
      children,
      hosts: undefined,
      locations: undefined
    }
    for (const child of scope.children) children.push(compile(child, compiled))
    if (scope.choose.kind === 'host') compiled.hosts = new HostTable(children, scope.choose.precedence)
    if (scope.choose.kind === 'location') compiled.locations = new LocationTable(children)
    return compiled
  }
  return compile(root, undefined)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
