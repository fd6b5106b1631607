import { allOf, always, type Condition } from '../../../model/index.js'
import { parseExpression } from './expression.js'
import type { Line } from './line.js'
import {
  directoryCondition,
  filesCondition,
  locationCondition,
  locationMatchCondition,
  namedGroups,
  passedToCondition,
  passedToRegex,
  regexCondition
} from './patterns.js'
import { hasWildcards } from './paths.js'
import { setting, type Place, type Section } from './place.js'
import { parseBackend, runtimeDirectory } from './proxy.js'
import { ranks } from './ranks.js'
import type { Reader } from './reader.js'
import { workerParameters } from './workers.js'

/**
 * Within a rank those of the server come first, then those in its sections, in the order the outer ones are folded. What
 * stands in an If is folded behind all Ifs outside of it.
 */
function rankIn({ rank: outer = 0 }: Place, own: number): number {
  return outer >= ranks.if ? outer + 1 : own + outer / 10
}

/** Location is looked at before the file is known, so its groups are set first. */
function groupsRank({ context }: Head): number {
  return context === 'location' ? -2 : context === 'directory' ? -1.9 : -1.8
}

interface Head {
  readonly context: Section['context']
  readonly when: Condition
  readonly rank: number
  /** The regular expression, for its named groups. */
  readonly regex?: string
  readonly path?: string
}

/** The place that a section is; undefined for one whose question cannot be asked yet. */
export function sectionPlace(line: Line, place: Place, reader: Reader): Place | undefined {
  if (line.name === 'If' || line.name === 'ElseIf' || line.name === 'Else') return branch(line, place, reader)
  if (line.name === 'Proxy' || line.name === 'ProxyMatch') return proxyPlace(line, place, reader)
  const head = headOf(line, reader)
  if (head === undefined) return undefined
  const groups = head.regex === undefined ? [] : namedGroups(head.regex, head.context)
  if (groups.length > 0) {
    // They are set while sections are looked for, ahead of all variables that directives set.
    const named = newSection(line, place, { ...head, rank: groupsRank(head) })
    named.settings.push(setting('environment', groups, line.span))
    place.sections.push(named)
  }
  const section = newSection(line, place, head)
  place.sections.push(section)
  return section
}

function newSection(line: Line, place: Place, head: Head, choose: Section['choose'] = 'all'): Section {
  return {
    context: head.context,
    server: place.server,
    settings: [],
    sections: [],
    condition: allOf([place.condition, head.when]),
    name: `<${line.name}${line.text === '' ? '' : ` ${line.text}`}>`,
    head: line.span,
    when: head.when,
    rank: head.rank < 0 ? head.rank : rankIn(place, head.rank),
    choose,
    ...(head.path === undefined ? {} : { path: head.path }),
    about: line.words.at(-1)?.value ?? ''
  }
}

function headOf(line: Line, reader: Reader): Head | undefined {
  const [first = '', second] = line.words.map(({ value }) => value)
  const tilde = first === '~' && second !== undefined
  switch (line.name) {
    case 'Directory': {
      if (tilde) return directoryRegex(second)
      const path = reader.path(first)
      const folder = hasWildcards(path) ? {} : { path: path.replace(/(.)\/+$/, '$1') }
      return { context: 'directory', when: directoryCondition(path), rank: directoryRank(path), ...folder }
    }
    case 'DirectoryMatch':
      return directoryRegex(first)
    case 'Files':
      if (tilde) return filesRegex(second)
      return { context: 'files', when: filesCondition(first), rank: ranks.files }
    case 'FilesMatch':
      return filesRegex(first)
    case 'Location': {
      if (tilde) return locationRegex(second)
      const path = hasWildcards(first) ? {} : { path: first }
      return { context: 'location', when: locationCondition(first), rank: ranks.location, ...path }
    }
    case 'LocationMatch':
      return locationRegex(first)
    default:
      return undefined
  }
}

function directoryRegex(source: string): Head {
  return {
    context: 'directory',
    when: regexCondition('filename', source),
    rank: ranks.directoryMatch,
    regex: source
  }
}

function filesRegex(source: string): Head {
  return { context: 'files', when: regexCondition('basename', source), rank: ranks.files, regex: source }
}

function locationRegex(source: string): Head {
  return { context: 'location', when: locationMatchCondition(source), rank: ranks.location, regex: source }
}

/** Shortest path first whatever the order in the file, all of them before the next rank. */
function directoryRank(path: string): number {
  const components = path.split('/').filter((part) => part !== '').length
  return ranks.directory + Math.min(components, 999) / 1000
}

/** Of a `.htaccess` file: behind the sections of its folder, before those of folders below. */
export function folderRank(folder: string): number {
  return directoryRank(folder) + 0.0005
}

/** A whole expression in quotes, or as it stands. */
function expressionText(line: Line): string {
  const [only, ...others] = line.words
  return only !== undefined && others.length === 0 ? only.value : line.text.trim()
}

/** If, ElseIf and Else that follow each other are one scope, of which the first branch that holds counts. */
function branch(line: Line, place: Place, reader: Reader): Place | undefined {
  const last = place.sections.at(-1)
  const chain = last?.choose === 'first' ? last : undefined
  if (line.name !== 'If' && chain === undefined) {
    const hint = 'put it directly behind an `<If>`'
    reader.report.refuse('else-without-if', line.span, `\`<${line.name}>\` has no \`<If>\` before it`, hint)
    return undefined
  }
  const read = line.name === 'Else' ? { condition: always } : parseExpression(expressionText(line))
  if ('wrong' in read) {
    const hint = 'see httpd’s manual on expressions'
    reader.report.refuse('bad-expression', line.span, `\`<${line.name}>\`: ${read.wrong}`, hint)
    return undefined
  }
  if ('unread' in read) {
    const message = `The expression of \`<${line.name}>\` is not understood yet: ${read.unread}`
    reader.report.warn('expression-not-read', line.span, message)
    return undefined
  }
  const when = read.condition
  const head: Head = { context: 'if', when, rank: ranks.if }
  const outer = line.name === 'If' ? undefined : chain
  const group = outer ?? newSection(line, place, { ...head, when: always }, 'first')
  if (outer === undefined) place.sections.push(group)
  const section = newSection(line, place, head)
  group.sections.push(section)
  return section
}

/**
 * What `<Proxy>` holds is for requests that are passed on to URLs that begin so; they have no file (`proxy_walk`). With
 * parameters it defines a worker, or a balancer.
 */
function proxyPlace(line: Line, place: Place, reader: Reader): Place | undefined {
  const [first, ...others] = line.words
  // Without a URL it is for all of them.
  const url = first?.value.replace(/^proxy:/i, '') ?? ''
  const section = newSection(line, place, {
    context: 'proxy',
    when: line.name === 'ProxyMatch' ? passedToRegex(url) : passedToCondition(url),
    rank: ranks.proxy,
    path: url.replace(/^unix:[^|]*\|/i, '')
  })
  place.sections.push(section)
  const backend =
    line.name === 'ProxyMatch' || hasWildcards(url) ? undefined : parseBackend(url, runtimeDirectory)
  const isDefined = others.length > 0 || line.body.some(({ name }) => defining.includes(name))
  if (backend === undefined || !isDefined) return section
  const parameters = workerParameters('Proxy', backend.kind, others, reader.report)
  if (backend.kind === 'balancer') {
    const balancer = { origin: backend.origin, parameters, members: [], span: line.span, sets: [] }
    place.server.balancers.push(balancer)
    return { ...section, balancer }
  }
  const worker = { backend, parameters, span: line.span, sets: [] }
  place.server.workers.push(worker)
  return { ...section, worker }
}

const defining: readonly string[] = ['ProxySet', 'BalancerMember']
