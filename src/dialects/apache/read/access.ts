import { always, anyOf, never, not, type Access, type Condition } from '../../../model/index.js'
import type { Provider } from './authnz.js'
import { finishCompat, resetCompat } from './compat.js'
import { parseExpression } from './expression.js'
import { closePlace } from './gates.js'
import type { Line } from './line.js'
import { addGuard, loginOf } from './logins.js'
import { test } from './patterns.js'
import { setting, type Place } from './place.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'
import {
  granted,
  newGroup,
  usersOf,
  type Group,
  type Requirement,
  type UserRequirement,
  type Who
} from './requirements.js'

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''

/** Who may ask. */
export const accessHandlers: readonly (readonly [string, Handler])[] = [
  ['Require', require],
  [
    'Satisfy',
    (line, place, reader) => {
      if (value(line).toLowerCase() !== 'all') return closed(line, place, reader)
      resetCompat(line, place.section ?? place, reader)
      return undefined
    }
  ],
  [
    'AuthMerging',
    (line, place, reader) => (value(line).toLowerCase() === 'off' ? undefined : closed(line, place, reader))
  ]
]

function closed(line: Line, place: Place, reader: Reader): Said {
  closePlace(line, place.section ?? place, reader)
  return notReadYet
}

/** The place that a `<RequireAll>`, `<Limit>` or one of their kin is; undefined for other sections. */
export function accessPlace(line: Line, place: Place, reader: Reader): Place | undefined {
  const around = groupOf(place, reader)
  const group = groupFor(line)
  if (group === undefined) return undefined
  if (line.name === 'RequireNone') refuseNegative(line, around, reader)
  const isEmpty = !line.body.some(({ name }) => name.startsWith('Require'))
  if (isEmpty && line.name.startsWith('Require')) {
    const message = `\`<${line.name}>\` holds nothing to require`
    reader.report.refuse('empty-require', line.span, message, 'write a `Require` line in it, or remove it')
  }
  around.of.push(group)
  return { ...place, section: place.section ?? place, group }
}

function groupFor(line: Line): Group | undefined {
  switch (line.name) {
    case 'RequireAll':
      return newGroup('all')
    case 'RequireAny':
      return newGroup('any')
    case 'RequireNone':
      return newGroup('none')
    case 'Limit':
      return newGroup('any', methodsOf(line))
    case 'LimitExcept':
      return newGroup('any', not(methodsOf(line)))
    default:
      return undefined
  }
}

/** GET stands for HEAD as well. */
function methodsOf(line: Line): Condition {
  const names = line.words.flatMap((word) => (word.value === 'GET' ? ['GET', 'HEAD'] : [word.value]))
  return anyOf(names.map((name) => test({ of: 'method' }, { kind: 'equals', value: name })))
}

function groupOf(place: Place, reader: Reader): Group {
  if (place.group !== undefined) return place.group
  const known = reader.requirements.get(place) ?? newGroup('any')
  reader.requirements.set(place, known)
  return known
}

/** `Require all granted`, `Require ip 10.0.0.0/8`, `Require not env X`, `Require valid-user`. */
function require(line: Line, place: Place, reader: Reader): Said {
  const words = line.words.map((word) => word.value)
  const negated = words[0]?.toLowerCase() === 'not'
  const [kind = '', ...rest] = negated ? words.slice(1) : words
  if (negated) refuseNegative(line, groupOf(place, reader), reader)
  const provided = negated ? undefined : reader.providers.get(kind.toLowerCase())
  if (provided !== undefined && provided.type !== 'authn')
    return requireProvider(line, place, reader, provided)
  const requirement = requirementOf(kind.toLowerCase(), rest, negated, line)
  if (requirement === undefined) return closed(line, place, reader)
  groupOf(place, reader).of.push(requirement)
  return undefined
}

/** A user that an application lets in; one that answers for logins as well has said so with them. */
function requireProvider(line: Line, place: Place, reader: Reader, provider: Provider): Said {
  groupOf(place, reader).of.push({ kind: 'user', who: { kind: 'anybody' }, negated: false, span: line.span })
  if (provider.type === 'authz') addGuard(reader, place.section ?? place, 'authorizer', provider, line.span)
  return undefined
}

/** What can only keep out says nothing where one line that lets in is enough. */
function refuseNegative(line: Line, around: Group, { report }: Reader): void {
  if (around.kind === 'all') return
  const where = around.kind === 'none' ? '<RequireNone>' : '<RequireAny>'
  const message = `\`${line.name === 'Require' ? 'Require not' : '<RequireNone>'}\` has no effect in \`${where}\``
  const hint =
    'put `<RequireAll>` around it and a line that lets others in; without a section around it, `<RequireAny>` is meant'
  report.refuse('negative-require', line.span, message, hint)
}

function requirementOf(
  kind: string,
  words: readonly string[],
  negated: boolean,
  line: Line
): Requirement | undefined {
  const { span } = line
  const who = whoOf(kind, words)
  if (who !== undefined) return { kind: 'user', who, negated, span }
  const when = conditionOf(kind, words)
  return when && { kind: 'test', when, negated, span }
}

function whoOf(kind: string, words: readonly string[]): Who | undefined {
  // Names may be made of the request.
  if (words.some((word) => word.includes('%{'))) return undefined
  switch (kind) {
    case 'valid-user':
      return { kind: 'anybody' }
    case 'user':
      return { kind: 'named', names: words }
    case 'group':
      return { kind: 'in-group', groups: words }
    default:
      return undefined
  }
}

function conditionOf(kind: string, words: readonly string[]): Condition | undefined {
  const each = (one: (word: string) => Condition): Condition => anyOf(words.map(one))
  const inside = (network: string): Condition => test({ of: 'remote-address' }, { kind: 'address', network })
  switch (kind) {
    case 'all':
      return words[0]?.toLowerCase() === 'granted' ? always : never
    case 'ip':
      return each(inside)
    case 'local':
      return anyOf(['127.0.0.0/8', '::1'].map(inside))
    case 'env':
      return each((name) =>
        not(test({ of: 'text', template: [{ kind: 'environment', name }] }, { kind: 'equals', value: '' }))
      )
    case 'method':
      return each((method) =>
        // They are one method to httpd.
        anyOf(
          (method === 'GET' || method === 'HEAD' ? ['GET', 'HEAD'] : [method]).map((value) =>
            test({ of: 'method' }, { kind: 'equals', value })
          )
        )
      )
    case 'expr': {
      const read = parseExpression(words.join(' '))
      return 'condition' in read ? read.condition : undefined
    }
    default:
      return undefined
  }
}

/** Once every line is read. */
export function finishAccess(reader: Reader): void {
  finishPlaces(reader)
  finishCompat(reader)
}

/** What each place asks, and of whom it wants a name. */
function finishPlaces(reader: Reader): void {
  for (const [place, group] of reader.requirements) {
    if (group.of.length === 0) continue
    const whole = withMethods(group)
    const users = usersOf(whole)
    const origin = firstSpan(whole)
    const access: Access = {
      rules: simpleRules(whole) ?? [
        {
          when: granted(whole, 'hoped'),
          allow: true,
          origin: origin ?? place.server.names[0]?.origin ?? nowhere
        }
      ],
      otherwise: 'deny'
    }
    place.settings.push(setting('access', access, origin))
    if (users.length === 0) {
      place.settings.push(setting('authentication', { method: 'none', realm: [], when: always }, origin))
      continue
    }
    reader.asksLogin = true
    const authentication = isUserRuledOut(whole) ? undefined : loginOf(place, reader, whole)
    if (authentication !== undefined) {
      place.settings.push(setting('authentication', authentication, origin))
      continue
    }
    const [first] = users
    if (first !== undefined) closeFor(place, reader, first)
  }
}

/** Whether `<RequireNone>` asks for a user: one who is not known is neither let in nor kept out by it. */
function isUserRuledOut(group: Group): boolean {
  if (group.kind === 'none' && usersOf(group).length > 0) return true
  return group.of.some((each) => each.kind !== 'user' && each.kind !== 'test' && isUserRuledOut(each))
}

const nowhere = { file: '', start: 0, end: 0 }

function closeFor(place: Place, reader: Reader, user: UserRequirement): void {
  const what = 'a login that no file of users is given for in its own section'
  reader.gates.push({ server: place.server, when: place.condition, what, span: user.span })
  if (!reader.closed.has(place)) reader.closed.set(place, user.span)
}

/** Lines of `<Limit>` alone ask nothing of other methods. */
function withMethods(group: Group): Group {
  const limited = group.of.filter((each) => each.kind === 'any' && each.when.kind !== 'always')
  if (limited.length < group.of.length) return group
  const when = anyOf(limited.map((each) => (each.kind === 'any' ? each.when : never)))
  return { ...group, when }
}

/** Lines that stand alone are rules of their own. */
function simpleRules(group: Group): Access['rules'] | undefined {
  if (group.when.kind !== 'always') return undefined
  const rules = group.of.map((each) =>
    each.kind === 'test' && !each.negated
      ? { when: each.when, allow: true, origin: each.span }
      : each.kind === 'user'
        ? { when: always, allow: true, origin: each.span }
        : undefined
  )
  const known = rules.filter((rule) => rule !== undefined)
  return known.length === rules.length ? known : undefined
}

function firstSpan(group: Group): Access['rules'][number]['origin'] | undefined {
  for (const each of group.of) {
    const span = each.kind === 'test' || each.kind === 'user' ? each.span : firstSpan(each)
    if (span !== undefined) return span
  }
  return undefined
}
