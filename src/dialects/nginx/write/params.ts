import { inQuotes, quote } from '../quote.js'
import { keptEntries, literalText } from '../../../model/index.js'
import { hiddenParams, inPlaceOf } from '../../same-names.js'
import type { FastcgiTarget, HeaderChange, ParamEntry, Params, Role } from '../../../model/index.js'
import { directive, type Item } from './document.js'
import type { Output } from './output.js'
import { templateText, type Surroundings } from './templates.js'

/** The `fastcgi_param` lines that tell the application what the source tells it. */
export function paramItems(target: FastcgiTarget, at: Surroundings, out: Output): readonly Item[] {
  const params = target.params ?? at.settings.params?.value
  if (params === undefined) return []
  const items = params.entries.flatMap((entry) => entryItems(entry, target.role, params, at, out))
  return withoutRepeats(items)
}

function entryItems(
  entry: ParamEntry,
  role: Role,
  params: Params,
  at: Surroundings,
  out: Output
): readonly Item[] {
  switch (entry.kind) {
    case 'headers':
      return [...headerItems(entry.rules, params), ...changedHeaders(at, out)]
    case 'environment':
      return environmentItems(at, out)
    case 'param': {
      if (entry.except?.includes(role) === true) return []
      if (entry.ofProcess === true) return untold(entry.name, 'it is of the environment of the server', out)
      const plain = templateText(entry.value, at, out)
      const text = plain === '$document_root' && tellsSlash(at) ? '$document_root/' : plain
      if (text === undefined) return unwritten(entry, out)
      if (text === '' && entry.omit !== 'never') {
        out.ledger.mark(entry.origin, 'exact')
        // nginx tells a header of the client by this name unless a param holds it back.
        return entry.name.startsWith('HTTP_')
          ? [directive('fastcgi_param', quote(entry.name), '""', 'if_not_empty')]
          : []
      }
      out.ledger.mark(entry.origin, 'exact')
      const condition = entry.omit === 'never' || isNeverEmpty(text) ? [] : ['if_not_empty']
      return [directive('fastcgi_param', quote(entry.name), quote(text), ...condition)]
    }
  }
}

/** nginx sends every header as HTTP_NAME by itself; a param of that name with an empty text keeps it back. */
function headerItems(
  rules: Extract<ParamEntry, { kind: 'headers' }>['rules'],
  params: Params
): readonly Item[] {
  const own = new Set(
    params.entries.flatMap((entry) => (entry.kind === 'param' ? [entry.name.toUpperCase()] : []))
  )
  const keptBack = [...rules.drop, ...rules.rename.map(({ header }) => header)]
  const renamed = rules.rename.flatMap(({ header, param }) =>
    own.has(param.toUpperCase())
      ? []
      : [directive('fastcgi_param', quote(param), headerVariable(header), 'if_not_empty')]
  )
  const hidden = keptBack
    .map((header) => `HTTP_${header.toUpperCase().replaceAll('-', '_')}`)
    .filter((name) => !own.has(name))
  return [...renamed, ...hidden.map((name) => directive('fastcgi_param', quote(name), '""', 'if_not_empty'))]
}

/** nginx has its root without a final slash; the source tells the one that is there. */
function tellsSlash({ settings: { root } }: Surroundings): boolean {
  const text = root?.value.kind === 'root' ? (literalText(root.value.path) ?? '') : ''
  return text.length > 1 && text.endsWith('/')
}

/** Headers of the request that are set, or added to, are params that take the place of nginx's own. */
function changedHeaders(at: Surroundings, out: Output): readonly Item[] {
  const changes = at.settings.requestHeaders?.value ?? []
  if (!changes.every(isWritable)) return []
  return changes.flatMap(({ name, value, how }) => {
    const text = templateText(value, at, out)
    if (text === undefined) return []
    const param = `HTTP_${name.toUpperCase().replaceAll('-', '_')}`
    if (text === '')
      return how === 'added' ? [] : [directive('fastcgi_param', quote(param), '""', 'if_not_empty')]
    if (how === 'set') return [directive('fastcgi_param', quote(param), quote(text))]
    const sent = headerVariable(name.toLowerCase())
    const added = out.map(`added_${param.toLowerCase()}`, sent, [
      ['""', inQuotes(text)],
      ['default', inQuotes(`${sent}, ${text}`)]
    ])
    return [directive('fastcgi_param', quote(param), added)]
  })
}

/** A fixed text for every request, in a header that nothing but the application is told of. */
export function isWritable({ name, value, how, when }: HeaderChange): boolean {
  const isPlain = (how === 'set' || how === 'added') && when === undefined
  const isOwn = ['host', 'content-type', 'content-length', 'cookie'].includes(name.toLowerCase())
  return isPlain && !isOwn && literalText(value) !== undefined && /^[\w-]+$/.test(name)
}

/** Of a body that came in chunks, nginx tells the length as it does any other. */
function headerVariable(header: string): string {
  if (header === 'content-length') return '$content_length'
  return `$http_${header.replaceAll('-', '_')}`
}

function environmentItems(at: Surroundings, out: Output): readonly Item[] {
  const setting = at.settings.environment
  if (setting === undefined) return []
  const kept = keptEntries(setting.value)
  const items = kept.flatMap(({ name, value }) => {
    const text = templateText(value, at, out)
    return text === undefined ? [] : [directive('fastcgi_param', quote(name), quote(text))]
  })
  const all = items.length === kept.length
  const hidden = hiddenParams(kept)
  for (const origin of [setting.origin, ...(setting.parts ?? [])]) {
    if (hidden.length > 0) out.ledger.mark(origin, 'approx', { message: inPlaceOf, affects: hidden })
    if (all) out.ledger.mark(origin, 'exact')
    else out.ledger.mark(origin, 'lost', { message: 'nginx has no variable for the value' })
  }
  return items
}

function unwritten(entry: Extract<ParamEntry, { kind: 'param' }>, out: Output): readonly Item[] {
  if (entry.origin !== undefined) {
    out.ledger.mark(entry.origin, 'lost', {
      message: `nginx has no variable for the value of \`${entry.name}\``,
      affects: [entry.name]
    })
    return []
  }
  const usual = usualValues[entry.name]
  if (usual === undefined) return untold(entry.name, 'nginx has no variable for it', out)
  const message = `\`${entry.name}\` is told as nginx finds it: \`${usual}\``
  out.ledger.unasked('approx', { message, affects: [entry.name] })
  return [directive('fastcgi_param', quote(entry.name), usual)]
}

/** What comes closest for params that no application does without. */
const usualValues: Readonly<Record<string, string>> = { SERVER_NAME: '$host', SERVER_PORT: '$server_port' }

function untold(name: string, why: string, out: Output): readonly Item[] {
  out.ledger.unasked('approx', { message: `\`${name}\` is not sent: ${why}`, affects: [name] })
  return []
}

/** Variables that every request has. */
function isNeverEmpty(text: string): boolean {
  return (
    /\$(?:request_method|server_protocol|scheme|request_uri|server_addr|server_port|remote_addr|remote_port|fastcgi_script_name|document_root)\b/.test(
      text
    ) || /^[^$]+$/.test(text)
  )
}

/** The last of several params of one name counts for applications, and nginx would send them all. */
function withoutRepeats(items: readonly Item[]): readonly Item[] {
  const last = new Map(items.map((item) => [item.words[1] ?? '', item]))
  const seen = new Set<string>()
  return items.flatMap((item) => {
    const name = item.words[1] ?? ''
    if (seen.has(name)) return []
    seen.add(name)
    return [last.get(name) ?? item]
  })
}
