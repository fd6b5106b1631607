import { literalText } from '../../../model/index.js'
import type {
  Alias,
  InForce,
  Match,
  ParamEntry,
  Params,
  Script,
  Template,
  TemplatePart
} from '../../../model/index.js'
import { splitsAtFile } from '../../answering.js'
import { directive, quoted } from './entries.js'
import type { Entry } from './entries.js'
import type { Use } from './module.js'
import { setParam } from './params.js'
import { escapeRegex, expressionRegex } from './patterns.js'
import { expressionString, literalInString } from './templates.js'

/**
 * How SCRIPT_NAME, PATH_INFO, SCRIPT_FILENAME, PATH_TRANSLATED and DOCUMENT_ROOT are made where httpd's own way (the
 * name ends where the file does) is not the source's. The lines build on each other, so their order counts.
 */
export function scriptLines(use: Use, untold: readonly string[]): readonly Entry[] {
  const { params } = use
  const script = tellsMapped(params)
    ? { ...use.target.script, root: { kind: 'filename' as const } }
    : rooted(use.target.script, use.root)
  const lines: Entry[] = []
  const own = splitsAtFile(script, use.mustExist)
  const isWhole = !own && (script.split.kind === 'whole' || script.split.kind === 'disk')
  const filename = isWhole && script.root.kind === 'filename' && !untold.includes('SCRIPT_FILENAME')
  if (filename) lines.push(mappedWhole)
  if (!own) lines.push(...splitLines(script, use.binding.match))
  if (script.index !== undefined) {
    const index = expressionString(script.index)
    if (index !== undefined && !own) {
      lines.push(setParam("reqenv('SCRIPT_NAME') =~ m#/$#", 'SCRIPT_NAME', `%{reqenv:SCRIPT_NAME}${index}`))
    }
  }
  if (!untold.includes('SCRIPT_FILENAME')) {
    const base = own || filename ? '%{reqenv:SCRIPT_FILENAME}' : `${hostRoot(use)}%{reqenv:SCRIPT_NAME}`
    lines.push(...rootLines(script, base, own, tells(params, 'PATH_TRANSLATED')))
  }
  lines.push(...aliasLines(use, !own && !filename))
  if (script.stripUri !== undefined) {
    const strip = script.stripUri.replace(/\/$/, '')
    const pattern = expressionRegex(`^${escapeRegex(strip)}(/.*)$`)
    lines.push(setParam(`reqenv('REQUEST_URI') =~ ${pattern}`, 'REQUEST_URI', '$1'))
  }
  return lines
}

function tells(params: Params | undefined, name: string): boolean {
  return params?.entries.some((entry) => entry.kind === 'param' && entry.name === name) === true
}

const withoutPathInfo: readonly Entry[] = [
  directive('ProxyFCGISetEnvIf', quoted('true'), '!PATH_INFO'),
  directive('ProxyFCGISetEnvIf', quoted('true'), '!PATH_TRANSLATED')
]

/** SCRIPT_FILENAME is the file that the URL is mapped to, whatever else the script's name would be joined to. */
function tellsMapped(params: Params | undefined): boolean {
  return (
    params?.entries.some(
      (entry) =>
        entry.kind === 'param' &&
        entry.name === 'SCRIPT_FILENAME' &&
        entry.value.every((part) => part.kind === 'variable' && part.name === 'filename')
    ) === true
  )
}

/** httpd takes the path apart where the first missing file is. */
const mappedWhole = setParam('true', 'SCRIPT_FILENAME', '%{reqenv:SCRIPT_FILENAME}%{reqenv:PATH_INFO}')

/** What stands in front of a script's name. */
function hostRoot({ root, settings }: Use): string {
  const literal = root ?? literalText(settings.root?.value.path ?? [])
  return root !== undefined || literal?.endsWith('/') === true
    ? literalInString((literal ?? '').replace(/\/$/, ''))
    : '%{DOCUMENT_ROOT}'
}

function splitLines(script: Script, match: Match): readonly Entry[] {
  const whole = [setParam('true', 'SCRIPT_NAME', '%{REQUEST_URI}'), ...withoutPathInfo]
  switch (script.split.kind) {
    case 'file':
    case 'common-tail':
      return []
    case 'whole':
    case 'disk':
      return whole
    case 'all-path-info':
      return [setParam('true', 'SCRIPT_NAME', ''), setParam('true', 'PATH_INFO', '%{REQUEST_URI}')]
    case 'after-prefix': {
      if (match.kind !== 'prefix') return whole
      const source = `^(${escapeRegex(match.value)}[^/]*)(/.*)$`
      return [...whole, ...groupLines(source)]
    }
    case 'regex': {
      const flags = script.split.regex.ignoreCase ? '(?i)' : ''
      return [...whole, ...groupLines(flags + script.split.regex.source)]
    }
  }
}

function groupLines(source: string): readonly Entry[] {
  const test = `%{REQUEST_URI} =~ ${expressionRegex(source)}`
  return [setParam(test, 'SCRIPT_NAME', '$1'), setParam(test, 'PATH_INFO', '$2')]
}

function rootLines(script: Script, base: string, own: boolean, translated: boolean): readonly Entry[] {
  const { root } = script
  const tail = script.keepPathInfo ? '%{reqenv:PATH_INFO}' : ''
  const written = literalText(script.filenamePrefix ?? []) ?? ''
  const prefix = written.startsWith('proxy:fcgi:') ? '' : written
  if (root.kind === 'whole') {
    const text = expressionString(root.template)
    return text === undefined
      ? []
      : [setParam('true', 'SCRIPT_FILENAME', `${literalInString(prefix)}${text}`)]
  }
  if (root.kind === 'filename' || root.kind === 'document-root') {
    const asItIs = base === '%{reqenv:SCRIPT_FILENAME}' && tail === '' && prefix === ''
    return [
      ...(asItIs ? [] : [setParam('true', 'SCRIPT_FILENAME', `${literalInString(prefix)}${base}${tail}`)]),
      ...(own || !translated ? [] : [translatedLine('%{DOCUMENT_ROOT}')])
    ]
  }
  const literal = literalText(root.template)
  const text =
    literal === undefined ? expressionString(root.template) : literalInString(literal.replace(/\/$/, ''))
  if (text === undefined) return []
  return [
    setParam('true', 'SCRIPT_FILENAME', `${literalInString(prefix)}${text}%{reqenv:SCRIPT_NAME}${tail}`),
    ...(translated ? [translatedLine(text)] : []),
    ...(script.documentRootFollows
      ? [setParam('true', 'DOCUMENT_ROOT', literal === undefined ? text : literalInString(literal))]
      : [])
  ]
}

function translatedLine(root: string): Entry {
  return setParam("-n reqenv('PATH_INFO')", 'PATH_TRANSLATED', `${root}%{reqenv:PATH_INFO}`)
}

/** The parts of a template that name the document root name the place's own one. */
function rootedTemplate(template: Template, root: string | undefined): Template {
  if (root === undefined) return template
  return template.map((part): TemplatePart =>
    part.kind === 'variable' && part.name === 'document-root' ? { kind: 'text', text: root } : part
  )
}

function rooted(script: Script, root: string | undefined): Script {
  if (root === undefined) return script
  const own = script.root
  switch (own.kind) {
    case 'filename':
      return script
    case 'document-root':
      return {
        ...script,
        root: { kind: 'template', template: [{ kind: 'text', text: root }] },
        documentRootFollows: false
      }
    case 'template':
    case 'whole':
      return { ...script, root: { ...own, template: rootedTemplate(own.template, root) } }
  }
}

/** The params of a place whose root httpd knows by an alias alone. */
export function rootedParams(params: Params | undefined, root: string | undefined): Params | undefined {
  if (params === undefined || root === undefined) return params
  const entries = params.entries.map((entry): ParamEntry =>
    entry.kind === 'param' ? { ...entry, value: rootedTemplate(entry.value, root) } : entry
  )
  return { ...params, entries }
}

/** Below an alias the source's document root is the alias's target, while httpd's stays. */
function aliasLines(use: Use, joined: boolean): readonly Entry[] {
  if (!tells(use.params, 'DOCUMENT_ROOT') || use.target.script.documentRootFollows) return []
  const joins = joined && use.target.script.root.kind === 'filename'
  const { match } = use.binding
  const near = followedAliases(use.settings).filter(
    ({ from }) => match.kind !== 'prefix' || from.startsWith(match.value) || match.value.startsWith(from)
  )
  return [...near].reverse().flatMap(({ from, to }) => {
    const pattern = expressionRegex(`^${escapeRegex(from)}(.*)$`)
    return [
      setParam(`%{REQUEST_URI} =~ ${pattern}`, 'DOCUMENT_ROOT', literalInString(to)),
      ...(joins
        ? [setParam(`reqenv('SCRIPT_NAME') =~ ${pattern}`, 'SCRIPT_FILENAME', `${literalInString(to)}$1`)]
        : [])
    ]
  })
}

/** Aliases that the document root follows, and that can be told of. */
function followedAliases({ aliases }: InForce): readonly { readonly from: string; readonly to: string }[] {
  return (aliases?.value ?? []).flatMap((alias) => {
    const to = literalText(alias.to)
    return isFollowed(alias) && alias.match.kind === 'prefix' && to !== undefined
      ? [{ from: alias.match.value, to }]
      : []
  })
}

/** Whether DOCUMENT_ROOT is the target for what the alias takes. */
export function isFollowed({ documentRoot }: Alias): boolean {
  return documentRoot === 'target'
}
