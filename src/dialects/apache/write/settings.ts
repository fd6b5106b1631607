import type { Span } from '../../../diagnostics/index.js'
import { literalText } from '../../../model/index.js'
import type {
  Access,
  ErrorPage,
  InForce,
  Instruction,
  Note,
  Redirect,
  Sendfile,
  SettingKey,
  SettingOf,
  Template
} from '../../../model/index.js'
import { commentedAll, directive, quoted, section } from './entries.js'
import type { Entry, Word } from './entries.js'
import { expression } from './conditions.js'
import { entryOrigins, markInstructions } from '../../account.js'
import type { Context } from './module.js'
import { inlineRegex } from './patterns.js'
import { expressionString } from './templates.js'

/** What became of a setting: entries with a verdict, or nothing because another part of the writer accounts for it. */
interface Written {
  readonly entries: readonly Entry[]
  readonly verdict: 'exact' | 'approx' | 'manual' | 'lost'
  readonly note?: Note
}

type Writer<K extends SettingKey> = (setting: SettingOf<K>, context: Context) => Written | 'elsewhere'

const exact = (...entries: readonly Entry[]): Written => ({ entries, verdict: 'exact' })
const lost = (message: string, affects: Note['affects'], advice?: string): Written => ({
  entries: [],
  verdict: 'lost',
  note: { message, affects: affects ?? [], ...(advice === undefined ? {} : { advice }) }
})
const elsewhere = (): 'elsewhere' => 'elsewhere'

/** Every kind of setting, and how httpd says it in a section or in a virtual host. */
const writers: { readonly [K in SettingKey]: Writer<K> } = {
  root: elsewhere,
  aliases: elsewhere,
  bindings: elsewhere,
  label: elsewhere,
  labels: elsewhere,
  actions: elsewhere,
  tryFiles: elsewhere,
  params: elsewhere,
  serverName: elsewhere,
  sendfile: elsewhere,
  index: ({ value }) => {
    const names = value.names.map(literalText)
    const known = names.filter((name) => name !== undefined)
    if (known.length < names.length)
      return lost('an index name made of variables has no counterpart', ['routing'])
    return exact(directive('DirectoryIndex', ...(known.length === 0 ? ['disabled'] : known)))
  },
  mediaTypes: ({ value }) => {
    const byType = new Map<string, string[]>()
    for (const { extension, type } of value) {
      if (extension.startsWith('.')) byType.set(type, [...(byType.get(type) ?? []), extension])
    }
    return exact(...[...byType].map(([type, extensions]) => directive('AddType', type, ...extensions)))
  },
  defaultMediaType: () => ({
    entries: [],
    verdict: 'approx',
    note: { message: 'httpd sends files of unknown extensions without a type', affects: ['content-type'] }
  }),
  // Told by the sections: a handler's files are not refused.
  staticRefused: () => exact(),
  allowPrograms: ({ value }) => exact(directive('Options', value ? '+ExecCGI' : '-ExecCGI')),
  rewrites: ({ value }) =>
    value.length === 0
      ? exact()
      : lost(
          'rewrites are not written for Apache yet',
          ['routing', 'status'],
          'add RewriteRule lines by hand'
        ),
  instructions: ({ value }) => instructions(value),
  redirects: ({ value }) => redirects(value),
  access: ({ value }) => access(value),
  authentication: ({ value }) => {
    if (value.method === 'none') return exact()
    const realm = expressionString(value.realm)
    const file = literalText(value.userFile ?? [])
    if (value.when.kind !== 'always' || realm === undefined || file === undefined || file === '') {
      return {
        ...lost(
          'this login has no counterpart; what it guarded is closed',
          ['status'],
          'write AuthType Basic and Require lines by hand'
        ),
        entries: [directive('Require', 'all', 'denied')]
      }
    }
    return exact(
      directive('AuthType', 'Basic'),
      directive('AuthName', quoted(realm)),
      directive('AuthBasicProvider', 'file'),
      directive('AuthUserFile', quoted(file)),
      directive('Require', 'valid-user')
    )
  },
  errorPages: ({ value }) => errorPages(value),
  internalOnly: ({ value }) =>
    value
      ? {
          entries: [directive('Require', 'env', 'REDIRECT_STATUS')],
          verdict: 'approx',
          note: { message: 'a request from outside gets 403 here, not 404', affects: ['status'] }
        }
      : exact(),
  maxBodySize: ({ value }) => exact(directive('LimitRequestBody', String(Math.min(value, 2147483647)))),
  slashRedirect: ({ value }) => exact(directive('DirectorySlash', value ? 'On' : 'Off')),
  passedHeaders: ({ value }) =>
    value.includes('authorization') ? exact(directive('CGIPassAuth', 'On')) : exact(),
  environment: ({ value }) => {
    const lines = value.flatMap(({ name, value: template }) => environmentLine(name, template))
    return lines.length === value.length
      ? exact(...lines)
      : {
          ...lost(
            'a variable made of others has no counterpart',
            value.map(({ name }) => name)
          ),
          entries: lines
        }
  },
  serverSoftware: () => ({
    entries: [],
    verdict: 'approx',
    note: {
      message: 'httpd always names itself in SERVER_SOFTWARE and Server',
      affects: ['SERVER_SOFTWARE', 'Server']
    }
  }),
  serverAdmin: ({ value }) => exact(directive('ServerAdmin', value)),
  responseHeaders: ({ value }) => {
    const lines = value.flatMap(({ name, value: template, always }) => {
      const text = expressionString(template)
      if (text === undefined) return []
      const literal = literalText(template)
      const word = literal === undefined ? `expr=${text}` : literal.replaceAll('%', '%%')
      return [directive('Header', ...(always ? ['always'] : []), 'add', name, quoted(word))]
    })
    return lines.length === value.length
      ? exact(...lines)
      : lost(
          'a header made of variables has no counterpart',
          value.map(({ name }) => name)
        )
  },
  response: () => ({
    entries: [],
    verdict: 'approx',
    note: {
      message:
        "what is done with an application's headers and with answers that are broken, late or missing is httpd's own",
      affects: ['status', 'Location', 'body']
    }
  })
}

/** Settings whose directives httpd does not take outside of sections. */
const inSections = new Set<SettingKey>([
  'access',
  'authentication',
  'internalOnly',
  'instructions',
  'passedHeaders',
  'allowPrograms'
])

/** Directives for what holds at a whole virtual host. */
export function hostSettings(settings: InForce, context: Context): readonly Entry[] {
  const all = Object.values(settings)
  const free = all
    .filter((setting) => !inSections.has(setting.key))
    .flatMap((setting) => written(setting, entryOrigins(setting), context))
  const bound = all
    .filter((setting) => inSections.has(setting.key))
    .flatMap((setting) => written(setting, entryOrigins(setting), context))
  return bound.length === 0 ? free : [...free, section('Location', [quoted('/')], bound)]
}

/** Directives for the settings said at one place, each accounted for. */
export function placeSettings(settings: InForce, context: Context): readonly Entry[] {
  return Object.values(settings).flatMap((setting) => written(setting, entryOrigins(setting), context))
}

function written<K extends SettingKey>(
  setting: SettingOf<K>,
  entries: readonly Span[],
  context: Context
): readonly Entry[] {
  const write: Writer<K> = writers[setting.key]
  const result = write(setting, context)
  if (result === 'elsewhere') return []
  const asked = setting.origin !== undefined || (setting.parts ?? []).length > 0
  // What the source does unasked is told once, with everything of that kind.
  if (!asked && result.entries.length === 0) {
    if (result.verdict !== 'exact') context.unasked.add(setting.key)
    return []
  }
  const places = [...(setting.origin === undefined ? [] : [setting.origin]), ...(setting.parts ?? [])]
  for (const origin of [...places, ...entries]) context.ledger.mark(origin, result.verdict, result.note)
  if (isInstructions(setting)) {
    markInstructions(context.ledger, setting.value, result.verdict, result.note)
  }
  return commentedAll(
    result.entries,
    places.flatMap((origin) => context.ledger.takeComments(origin))
  )
}

function environmentLine(name: string, template: Template): readonly Entry[] {
  const literal = literalText(template)
  if (literal !== undefined) return [directive('SetEnv', name, ...(literal === '' ? [] : [quoted(literal)]))]
  const text = expressionString(template)
  if (text === undefined || !/^%\{[^{}]*\}$/.test(text)) return []
  return [directive('SetEnvIfExpr', quoted(`${text} =~ m#^(.*)$#`), quoted(`${name}=$1`))]
}

/** An answer given without a question is a Redirect; anything else needs mod_rewrite. */
function instructions(list: readonly Instruction[]): Written {
  const [first] = list
  if (first === undefined) return exact()
  if (first.kind === 'answer') {
    const { target } = first
    if (target.kind === 'status') {
      const entries = [directive('Redirect', String(target.status))]
      if (target.status >= 400 && target.body === undefined) return exact(...entries)
      if (target.status >= 400) {
        return {
          entries,
          verdict: 'approx',
          note: { message: "the status is sent with httpd's own text", affects: ['body'] }
        }
      }
    } else {
      const literal = literalText(target.to)
      const text = literal === undefined ? expressionString(target.to) : undefined
      // Inside a section Redirect has the target only, and that may be an expression.
      const word = literal ?? text
      if (word !== undefined) {
        return {
          entries: [directive('Redirect', String(target.status), quoted(word))],
          verdict: 'approx',
          note: { message: 'the rest of the path and the query are not added', affects: ['Location'] }
        }
      }
    }
  }
  return {
    ...lost(
      'imperative rules (set, if, rewrite, return) are not written for Apache yet; what they guard is closed',
      ['routing', 'status', 'Location'],
      'write RewriteCond and RewriteRule lines by hand'
    ),
    entries: guards(list) ? [directive('Require', 'all', 'denied')] : []
  }
}

/** Whether leaving the rules out could open what they refuse. */
function guards(list: readonly Instruction[]): boolean {
  return list.some(
    (each) =>
      (each.kind === 'answer' && each.target.kind === 'status' && each.target.status >= 400) ||
      (each.kind === 'if' && guards(each.then))
  )
}

function redirects(rules: readonly Redirect[]): Written {
  const lines: Entry[] = []
  for (const rule of rules) {
    const to = capturesAsGroups(rule.to)
    if (to === undefined) {
      return {
        ...lost('a redirect to a URL made of variables has no counterpart', ['Location', 'status']),
        entries: lines
      }
    }
    lines.push(directive('RedirectMatch', String(rule.status), quoted(inlineRegex(rule.match)), quoted(to)))
  }
  return {
    entries: lines,
    verdict: 'approx',
    note: {
      message: 'RedirectMatch compares the decoded path, without the query, and keeps the query',
      affects: ['Location', 'status']
    }
  }
}

function capturesAsGroups(template: Template): string | undefined {
  let text = ''
  for (const part of template) {
    if (part.kind === 'text') text += part.text.replaceAll(/[$\\]/g, String.raw`\$&`)
    else if (part.kind === 'capture' && part.from === 'rule' && typeof part.group === 'number')
      text += `$${part.group}`
    else return undefined
  }
  return text
}

/** Rules are tried in order in the model; httpd's Require lines are, inside one block that one of them opens. */
function access(value: Access): Written {
  const [first, ...rest] = value.rules
  if (first === undefined)
    return exact(directive('Require', 'all', value.otherwise === 'allow' ? 'granted' : 'denied'))
  const opens = first.allow
  if (rest.some((rule) => rule.allow !== opens)) {
    return {
      ...lost('access rules of both kinds in turn have no counterpart; what they guard is closed', [
        'status'
      ]),
      entries: [directive('Require', 'all', 'denied')]
    }
  }
  const tests = value.rules.map((rule) => requirement(rule.when))
  const known = tests.filter((test) => test !== undefined)
  if (known.length < tests.length) {
    return {
      ...lost('an access rule has no counterpart; what it guards is closed', ['status']),
      entries: [directive('Require', 'all', 'denied')]
    }
  }
  const closes = value.otherwise === 'deny'
  if (opens)
    return exact(
      ...(closes
        ? known.map((words) => directive('Require', ...words))
        : [directive('Require', 'all', 'granted')])
    )
  if (closes) return exact(directive('Require', 'all', 'denied'))
  return exact(
    section(
      'RequireAll',
      [],
      [
        directive('Require', 'all', 'granted'),
        section(
          'RequireNone',
          [],
          known.map((words) => directive('Require', ...words))
        )
      ]
    )
  )
}

function requirement(when: Access['rules'][number]['when']): readonly Word[] | undefined {
  if (when.kind === 'always') return ['all', 'granted']
  if (when.kind === 'test' && when.subject.of === 'remote-address' && when.test.kind === 'address')
    return ['ip', when.test.network]
  const text = expression(when)
  return text === undefined ? undefined : ['expr', quoted(text)]
}

function errorPages(pages: readonly ErrorPage[]): Written {
  const lines: Entry[] = []
  let same = true
  for (const page of pages) {
    if (page.to.kind === 'named')
      return lost('httpd has no named locations for error pages', ['status', 'body'])
    const to = page.to.kind === 'text' ? page.to.text : literalText(page.to.uri)
    if (to === undefined)
      return lost('an error page made of variables has no counterpart', ['status', 'body'])
    if (page.status.kind === 'fixed') same = false
    for (const status of page.statuses) lines.push(directive('ErrorDocument', String(status), quoted(to)))
  }
  if (same) return exact(...lines)
  return {
    entries: lines,
    verdict: 'approx',
    note: { message: "an error page keeps the error's status", affects: ['status'] }
  }
}

/** Files sent at an application's word need mod_xsendfile; without it the path must not reach the client. */
export function sendfileEntries(sendfile: Sendfile | undefined, context: Context): readonly Entry[] {
  if (sendfile === undefined || sendfile.headers.length === 0) return []
  const open = sendfile.roots.length === 0
  context.ledger.mark(sendfile.origin, 'manual', {
    message: `mod_xsendfile sends files here, for the header X-Sendfile only${open ? ', and from any folder as before' : ''}`,
    affects: ['body', ...sendfile.headers],
    advice: 'install and load mod_xsendfile (libapache2-mod-xsendfile)'
  })
  context.ledger.markPart(sendfile.origin, 'sendfile', 'manual')
  for (const root of sendfile.roots) context.ledger.mark(root.origin, 'manual')
  const paths = open ? ['/'] : sendfile.roots.map((root) => root.path)
  return [
    section(
      'IfModule',
      ['mod_xsendfile.c'],
      [directive('XSendFile', 'On'), ...paths.map((path) => directive('XSendFilePath', quoted(path)))]
    ),
    section(
      'IfModule',
      ['!mod_xsendfile.c'],
      sendfile.headers.map((name) => directive('Header', 'unset', name))
    )
  ]
}

function isInstructions(setting: SettingOf<SettingKey>): setting is SettingOf<'instructions'> {
  return setting.key === 'instructions'
}
