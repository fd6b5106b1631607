import type { Span } from '../diagnostics/index.js'
import type {
  Condition,
  HostName,
  Listener,
  LocationMatch,
  PlanNote,
  Scope,
  Setting,
  Subject,
  Test
} from '../model/index.js'
import { allOf, always, never, not, partially } from '../model/index.js'
import { covers, fits, passes, type NameClass } from './hosts.js'

/** A scope as it looks once the host and the listener are known. */
export interface Entry {
  /** The same for the same scope in every world. */
  readonly id: number
  readonly rank: number
  readonly when: Condition
  readonly location?: LocationMatch
  readonly name: string
  readonly origin?: Span
  readonly settings: readonly Setting[]
  readonly entries: readonly Entry[]
}

export interface World {
  readonly entries: readonly Entry[]
  /** Every scope that may hold here, outermost first. */
  readonly chosen: readonly Scope[]
  /** The virtual host selected by name, where the site has such. */
  readonly host: Scope | undefined
}

/** What is left of the tree for requests that come in at `listener` and ask for a name of the class. */
export function entriesOf(
  root: Scope,
  listener: Listener,
  names: NameClass,
  note: (note: PlanNote) => void
): World {
  const ids = numbered(root)
  const chosen: Scope[] = []
  let host: Scope | undefined
  const open = (scope: Scope, when: Condition): readonly Entry[] => {
    const left = allOf([when, partially(scope.when, (subject, test) => answer(subject, test, scope))])
    if (left.kind === 'never') return []
    chosen.push(scope)
    const origin = scope.head ?? scope.origin
    return [
      {
        id: ids.get(scope) ?? -1,
        rank: scope.rank,
        when: left,
        ...(scope.location ? { location: scope.location } : {}),
        name: scope.name,
        ...(origin ? { origin } : {}),
        settings: scope.settings,
        entries: childrenOf(scope)
      }
    ]
  }
  const childrenOf = (scope: Scope): readonly Entry[] => {
    switch (scope.choose.kind) {
      case 'all':
      case 'location':
        return scope.children.flatMap((child) => open(child, always))
      case 'first':
        return chain(scope.children)
      case 'host': {
        const child = selectHost(scope.children, scope.choose.precedence, listener, names)
        if (child === undefined) return []
        host = child
        return open(child, always)
      }
    }
  }
  /** Each branch holds where none before it does; behind one that surely holds there is none. */
  const chain = (branches: readonly Scope[]): readonly Entry[] => {
    const entries: Entry[] = []
    let before: Condition = always
    for (const branch of branches) {
      const own = partially(branch.when, (subject, test) => answer(subject, test, branch))
      entries.push(...open(branch, before))
      before = allOf([before, not(own)])
      if (before.kind === 'never') break
    }
    return entries
  }
  const answer = (subject: Subject, test: Test, scope: Scope): Condition | undefined => {
    switch (subject.of) {
      case 'host': {
        const { holds, unsure } = passes(test, names)
        if (holds && asksOtherPort(test, listener)) note(portNote(scope))
        if (unsure && names.kind === 'pattern') note(unsureNote(scope, names.host))
        return holds ? always : never
      }
      case 'listener':
        // The port is part of it, unlike that of a name.
        return truth(test.kind === 'equals' ? test.value === listener.id : fits(test, listener.id))
      case 'scheme':
        return truth(fits(test, listener.tls ? 'https' : 'http'))
      default:
        return undefined
    }
  }
  const entries = open(root, always)
  return { entries, chosen, host }
}

function truth(holds: boolean | undefined): Condition | undefined {
  if (holds === undefined) return undefined
  return holds ? always : never
}

/** A name with a port that is not the listener's: only requests that say that port (or none) are meant. */
function asksOtherPort(test: Test, { address }: Listener): boolean {
  if (test.kind !== 'equals') return false
  const port = /:(\d+)$/.exec(test.value)?.[1]
  return port !== undefined && address.kind === 'tcp' && Number(port) !== address.port
}

function portNote(scope: Scope): PlanNote {
  const origin = scope.head ?? scope.origin
  return {
    ...(origin ? { origin } : {}),
    verdict: 'approx',
    note: {
      message: 'virtual hosts are chosen by name alone, whatever port the request names',
      affects: ['routing', 'status']
    }
  }
}

function unsureNote(scope: Scope, name: HostName): PlanNote {
  const origin = scope.head ?? scope.origin
  return {
    ...(origin ? { origin } : {}),
    verdict: 'approx',
    note: {
      message: `a host name that fits \`${textOf(name)}\` and \`${scope.name}\` gets the settings of one of them only`,
      affects: ['routing', 'status'],
      advice: 'If such names exist, give them a virtual host of their own.'
    }
  }
}

export function textOf(name: HostName): string {
  return name.kind === 'regex' ? name.regex.source : name.value
}

function numbered(root: Scope): ReadonlyMap<Scope, number> {
  const ids = new Map<Scope, number>()
  const walk = (scope: Scope): void => {
    ids.set(scope, ids.size)
    scope.children.forEach(walk)
  }
  walk(root)
  return ids
}

/** By listener, then by name with the site's precedence, else the listener's default. */
function selectHost(
  hosts: readonly Scope[],
  precedence: 'specific' | 'in-order',
  listener: Listener,
  names: NameClass
): Scope | undefined {
  const here = hosts.filter((scope) => scope.host?.listeners.includes(listener.id) === true)
  const fitting = here.filter((scope) => scope.host?.names.some((name) => covers(name, names)) === true)
  const first = precedence === 'in-order' ? fitting[0] : mostSpecific(fitting, names)
  return first ?? here.find((scope) => scope.host?.isDefault === true) ?? here[0]
}

const order = ['exact', 'leading-wildcard', 'trailing-wildcard', 'glob', 'regex'] as const

function mostSpecific(fitting: readonly Scope[], names: NameClass): Scope | undefined {
  const scored = fitting.map((scope) => ({
    scope,
    score: Math.min(
      ...(scope.host?.names ?? [])
        .filter((name) => covers(name, names))
        .map(
          (name) =>
            order.indexOf(name.kind) * 1000 -
            (name.kind === 'leading-wildcard' || name.kind === 'trailing-wildcard' ? name.value.length : 0)
        )
    )
  }))
  return scored.sort((a, b) => a.score - b.score)[0]?.scope
}
