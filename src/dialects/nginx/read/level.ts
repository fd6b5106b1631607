import type { Span } from '../../../diagnostics/index.js'
import type { DirectiveRecord } from '../../../model/index.js'
import type { Directive } from '../../../../grammars/nginx/index.js'
import { rowIn, type NginxContext, type NginxRow } from '../vocabulary/index.js'
import { check } from './check.js'
import { expand } from './files.js'
import { nameOf, type Item, type Session } from './session.js'

/**
 * One block as nginx sees it: the directives it accepts, by name and in order. What a level does not say it has from
 * the one around it; a list that is said here replaces the outer one as a whole.
 */
export class Level {
  private readonly byName = new Map<string, Item[]>()
  /** What any level of the configuration has said so far: most directives are said nowhere. */
  private readonly spoken: Set<string>
  readonly items: Item[] = []
  private readonly said: string[] = []

  constructor(
    readonly context: NginxContext,
    readonly parent: Level | undefined,
    /** The directive whose block it is; absent for a file's own level. */
    readonly head: Item | undefined
  ) {
    this.spoken = parent?.spoken ?? new Set()
  }

  add(item: Item, name: string): void {
    this.items.push(item)
    const before = this.byName.get(name)
    if (before !== undefined) before.push(item)
    else {
      this.byName.set(name, [item])
      this.said.push(name)
      this.spoken.add(name)
    }
  }

  /** Those said here, in order. */
  own(name: string): readonly Item[] {
    return this.byName.get(name) ?? nothing
  }

  /** The last one said here. */
  last(name: string): Item | undefined {
    return this.byName.get(name)?.at(-1)
  }

  /** Those in force: said here, else around. */
  inForce(name: string): readonly Item[] {
    return this.spoken.has(name) ? this.nearest(name) : nothing
  }

  private nearest(name: string): readonly Item[] {
    return this.byName.get(name) ?? this.parent?.nearest(name) ?? nothing
  }

  /** This level or the nearest one around it that says any of these, else the outermost: what is in force there is so here. */
  saying(names: ReadonlySet<string>): Level {
    return this.parent === undefined || this.saysAny(names) ? this : this.parent.saying(names)
  }

  /** The last directive said here whose name is one of these. */
  lastNamed(isOne: (name: string) => boolean): Item | undefined {
    // There are far fewer names than directives.
    const names = this.said.filter(isOne)
    const [first] = names
    if (first === undefined || names.length === 1) return first === undefined ? undefined : this.last(first)
    return this.items.findLast(({ directive }) => names.includes(nameOf(directive)))
  }

  /** What is said here, each name once. */
  names(): readonly string[] {
    return this.said
  }

  says(...names: readonly string[]): boolean {
    return names.some((name) => this.byName.has(name))
  }

  saysAny(names: ReadonlySet<string>): boolean {
    return this.said.some((name) => names.has(name))
  }
}

const nothing: readonly Item[] = []

/** Reads the directives of a block: each is checked, recorded, and kept if nginx takes it. */
export function readLevel(
  session: Session,
  statements: readonly Directive[],
  file: string,
  context: NginxContext,
  parent?: Level,
  head?: Item
): Level {
  return levelOf(session, expand(session, statements, file), context, parent, head)
}

export function levelOf(
  session: Session,
  items: readonly Item[],
  context: NginxContext,
  parent?: Level,
  head?: Item
): Level {
  const level = new Level(context, parent, head)
  for (const item of items) takeIn(session, level, item)
  return level
}

/** What stands in a file that is included many times is checked once for each kind of block. */
function takeIn(session: Session, level: Level, item: Item): void {
  const known = session.checked.get(item.directive)
  const accepted = known?.context === level.context ? known.row : checkFirst(session, level.context, item)
  if (accepted === undefined) return
  const name = nameOf(item.directive)
  const before = accepted.repeats === undefined ? level.last(name) : undefined
  if (before === undefined) level.add(item, name)
  else reportDuplicate(session, item, before)
}

function checkFirst(session: Session, context: NginxContext, item: Item): NginxRow | undefined {
  const name = nameOf(item.directive)
  if (item.directive.name.value !== name) reportByteOrderMark(session, item)
  const row = rowIn(context, name)
  const within = context === 'upstream' && row?.where.includes('http') !== true ? 'upstream' : undefined
  session.record(item, stateOf(row), within)
  const accepted = check(session, item, context)
  if (row?.state.kind === 'outside') recordInside(session, item, row.state.topic)
  if (accepted === undefined && row?.state.kind === 'read') session.notReadYet(item)
  // What stands in the main file is met once.
  if (item.file !== session.sources[0]?.file) session.checked.set(item.directive, { context, row: accepted })
  return accepted
}

function stateOf(row: ReturnType<typeof rowIn>): DirectiveRecord['state'] {
  if (row === undefined) return unknown
  switch (row.state.kind) {
    case 'read':
    case 'outside':
      return row.state
    case 'later':
      return notReadYet
    case 'structure':
      return structure
  }
}

const unknown: DirectiveRecord['state'] = { kind: 'unknown' }
const notReadYet: DirectiveRecord['state'] = { kind: 'not-read-yet' }
const structure: DirectiveRecord['state'] = { kind: 'structure' }

/** What stands in a block that is not our concern is none either. */
function recordInside(session: Session, item: Item, topic: string): void {
  const { body } = item.directive
  if (body.kind !== 'block' || body.holds === 'words') return
  for (const inner of expand(session, body.statements, item.file)) {
    session.record(inner, nameOf(inner.directive) === 'include' ? structure : { kind: 'outside', topic })
    recordInside(session, inner, topic)
  }
}

/** The directives inside a block that is not read yet. */
export function recordUnread(session: Session, item: Item): void {
  session.notReadYet(item)
  const { body } = item.directive
  if (body.kind !== 'block' || body.holds === 'words') return
  for (const inner of expand(session, body.statements, item.file)) {
    session.record(inner, notReadYet)
    recordUnread(session, inner)
  }
}

function reportDuplicate(session: Session, item: Item, before: Item): void {
  const name = nameOf(item.directive)
  const span: Span = session.head(item)
  const related = [{ span: session.head(before), message: 'it stands here first' }]
  const message = `\`${name}\` stands twice in one block`
  session.refuse('nginx/duplicate-directive', span, message, 'remove one of the two', related)
}

function reportByteOrderMark(session: Session, item: Item): void {
  const { start } = item.directive.name
  session.refused = true
  session.report({
    code: 'nginx/byte-order-mark',
    severity: 'error',
    message: 'The file begins with a byte order mark, which nginx takes for a part of the first name',
    span: { file: item.file, start, end: start + 1 },
    hint: 'save the file as UTF-8 without byte order mark',
    fix: {
      title: 'remove the byte order mark',
      safety: 'safe',
      edits: [{ span: { file: item.file, start, end: start + 1 }, text: '' }]
    }
  })
}
