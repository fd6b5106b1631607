import { folderFilesNote } from '../../folder-files.js'
import { unsayable } from '../../unsayable.js'
import { inQuotes, quote } from '../quote.js'
import type { Expiry, InForce, Note, ReadingRules, Setting } from '../../../model/index.js'
import { literalText, origins } from '../../../model/index.js'
import { accessItems, loginItems } from './access.js'
import { commented, directive, type Item } from './document.js'
import { errorPageItem } from './error-pages.js'
import { limitItems } from './limits.js'
import { isWritable } from './params.js'
import { instructionItems } from './instructions.js'
import { lost, markSetting, unwritten } from './marks.js'
import type { Output } from './output.js'
import { missingRewriteItems, redirectItems, redirectedLate, rewriteItems } from './rewrites.js'
import { templateText, type Surroundings } from './templates.js'
import { sendfileNote } from './fastcgi.js'
import { writtenResponse } from './responses.js'
import { nginxDelivery, nginxKeepAlive } from '../read/delivery.js'
import { unreachable } from '../../../diagnostics/index.js'

/** The directives of a place for those of its settings that differ from the ones around it. */
export function placeItems(settings: InForce, outer: InForce, out: Output): readonly Item[] {
  return Object.values(settings).flatMap((setting) => {
    const before = outer[setting.key]
    // Where one of access and login is enough, letting everybody in is what lets them in.
    const counts = setting.key === 'access' && settings.authentication?.value.enough !== undefined
    const isNothing = before === undefined && !counts && saysNothing(setting)
    const isSame = same(before, setting)
    if (isNothing || isSame) markSetting(setting, 'exact', out)
    return isSame || isNginxDefault(setting) || isNothing ? [] : settingItems(setting, settings, out)
  })
}

/** No login, and everybody let in: as it is where nothing is said. */
function saysNothing(setting: Setting): boolean {
  if (setting.key === 'authentication')
    return setting.value.method === 'none' && setting.value.permission === undefined
  return (
    setting.key === 'access' &&
    setting.value.rules.every(({ allow, when }) => allow && when.kind === 'always') &&
    (setting.value.otherwise === 'allow' || setting.value.rules.length > 0)
  )
}

/** What nobody asked for and nginx does unasked as well. */
function isNginxDefault(setting: Setting): boolean {
  if (setting.origin !== undefined) return false
  switch (setting.key) {
    case 'index':
      return (
        setting.value.names.length === 1 &&
        setting.value.names.every((name) => literalText(name) === 'index.html')
      )
    case 'maxBodySize':
      return setting.value === 1024 * 1024
    case 'root':
      return /(?:^|\/)html$/.test(literalText(setting.value.path) ?? '')
    default:
      return false
  }
}

function same(outer: Setting | undefined, inner: Setting): boolean {
  return outer !== undefined && JSON.stringify(outer.value) === JSON.stringify(inner.value)
}

function settingItems(setting: Setting, settings: InForce, out: Output): readonly Item[] {
  const at: Surroundings = { settings, scriptName: '$fastcgi_script_name', pathInfo: '$fastcgi_path_info' }
  const written = (items: readonly Item[]): readonly Item[] => {
    const comments = origins(setting).flatMap((origin) => out.ledger.takeComments(origin))
    markSetting(setting, 'exact', out)
    const [first, ...rest] = items
    return first === undefined ? [] : [commented(first, comments), ...rest]
  }
  switch (setting.key) {
    case 'toldOfApplications':
      markSetting(setting, 'approx', out, {
        message: 'what is asked of applications is logged in other words, or not',
        advice: 'use `error_log … debug` with a debugging build of nginx'
      })
      return []
    case 'root': {
      const text = templateText(setting.value.path, at, out)
      if (text === undefined) return lost(setting, 'nginx has no variable for this path', out)
      const name = setting.value.kind === 'root' ? 'root' : 'alias'
      const slash = name === 'root' && text !== '/' && text.endsWith('/')
      return written([directive(name, quote(slash ? text.slice(0, -1) : text))])
    }
    case 'index': {
      const names = setting.value.names.map((name) => templateText(name, at, out))
      const known = names.filter((name) => name !== undefined)
      if (known.length === 0) return lost(setting, 'nginx has no variable for these names', out)
      return written([directive('index', ...known.map(quote))])
    }
    case 'maxBodySize':
      return written([directive('client_max_body_size', String(setting.value))])
    case 'internalOnly':
      return setting.value ? written([directive('internal')]) : []
    case 'access':
      return accessItems(setting, out)
    case 'errorPages':
      return written(setting.value.flatMap((page) => errorPageItem(page, at, out)))
    case 'tryFiles': {
      const candidates = setting.value.candidates.map(({ path, what }) => {
        const text = templateText(path, at, out)
        return text === undefined
          ? undefined
          : quote(what === 'directory' && !text.endsWith('/') ? `${text}/` : text)
      })
      const known = candidates.filter((text) => text !== undefined)
      const { last } = setting.value
      if (last.kind === 'none') return written([])
      const end =
        last.kind === 'status'
          ? `=${String(last.status)}`
          : last.kind === 'named'
            ? `@${last.name.replace(/^@/, '')}`
            : templateText(last.to, at, out)
      if (known.length !== candidates.length || end === undefined) {
        return lost(setting, 'nginx has no variable for one of the names', out)
      }
      return written([directive('try_files', ...known, quote(end))])
    }
    case 'symlinks':
      return written([directive('disable_symlinks', setting.value === 'refused' ? 'on' : 'off')])
    case 'streamsBody':
      return written([directive('fastcgi_request_buffering', setting.value ? 'off' : 'on')])
    case 'lowerCaseFiles':
      return setting.value ? lost(setting, 'nginx has no other spelling for file names', out) : written([])
    case 'errorFiles':
      return lost(setting, 'nginx asks for each error page by its status', out)
    // Said by the locations and params made from them.
    case 'bindings':
    case 'aliases':
    case 'labels':
    case 'label':
    case 'params':
    case 'serverName':
    case 'serverPort':
    case 'serverSoftware':
    case 'serverAdmin':
      markSetting(setting, 'exact', out)
      return []
    case 'targetRules':
    case 'requestUriTold':
    case 'redirectUrlTold': {
      const told = setting.key === 'targetRules' ? ['PATH_INFO', 'status'] : ['REQUEST_URI', 'REDIRECT_URL']
      markSetting(setting, 'approx', out, {
        message: 'nginx reads the target, and tells where it came from, alike everywhere',
        affects: told
      })
      return []
    }
    case 'handledFoldersLeft':
      if (!setting.value) return written([])
      markSetting(setting, 'approx', out, unsayable.handledFoldersLeft)
      return []
    case 'signature':
      if (setting.value === 'none') return written([])
      markSetting(setting, 'approx', out, unsayable.signature)
      return []
    case 'slashRedirect':
    case 'defaultMediaType':
    case 'mediaTypes':
    case 'environment':
    case 'staticRefused':
      return []
    case 'instructions': {
      markSetting(setting, 'exact', out)
      return instructionItems(setting.value, at, out)
    }
    case 'recursiveErrorPages':
      return written([directive('recursive_error_pages', setting.value ? 'on' : 'off')])
    case 'ownRedirects':
      return written([
        directive('absolute_redirect', setting.value.form === 'absolute' ? 'on' : 'off'),
        directive('server_name_in_redirect', setting.value.host === 'asked' ? 'off' : 'on'),
        directive('port_in_redirect', setting.value.port ? 'on' : 'off')
      ])
    case 'realAddress':
      return written([
        ...setting.value.trusted.map((network) => directive('set_real_ip_from', quote(network))),
        directive('real_ip_header', quote(setting.value.header)),
        directive('real_ip_recursive', setting.value.recursive ? 'on' : 'off')
      ])
    case 'reading':
      return written(readingItems(setting.value))
    case 'charset': {
      const name = templateText(setting.value.name, at, out)
      if (name === undefined) return lost(setting, 'nginx has no variable for this charset', out)
      return written([
        directive('charset', name === '' ? 'off' : quote(name)),
        directive('charset_types', ...setting.value.types.filter((type) => type !== 'text/html').map(quote))
      ])
    }
    case 'listing': {
      const { value } = setting
      if (value === null) return written([directive('autoindex', 'off')])
      return written([
        directive('autoindex', 'on'),
        directive('autoindex_format', value.form),
        directive('autoindex_exact_size', value.sizes === 'exact' ? 'on' : 'off'),
        directive('autoindex_localtime', value.times === 'local' ? 'on' : 'off')
      ])
    }
    case 'additions': {
      const { before = '', after = '', types } = setting.value
      // This one is always among them.
      const others = types === 'all' ? ['*'] : types.filter((type) => type !== 'text/html')
      return written([
        directive('add_before_body', quote(before)),
        directive('add_after_body', quote(after)),
        ...(others.length === 0 ? [] : [directive('addition_types', ...others)])
      ])
    }
    case 'expiry': {
      const words = expiryWords(setting.value, at, out)
      return words === undefined
        ? lost(setting, 'nginx has no variable for this time', out)
        : written([directive('expires', ...words)])
    }
    case 'requestLimits':
    case 'connectionLimits': {
      const items = limitItems(setting, at, out)
      return items === undefined
        ? lost(setting, 'nginx has no variable for what is counted by', out)
        : written(items)
    }
    case 'undecided':
      return lost(setting, 'this version does not decide what it asks for', out)
    case 'cache':
      return lost(setting, 'answers are not kept: the zone would have to be written by hand', out)
    case 'authentication':
      return loginItems(setting, at, out)
    case 'folderClasses':
    case 'folderDirectives': {
      const allowed = setting.key === 'folderClasses' ? setting.value.classes : setting.value
      if (allowed.length === 0) return written([])
      markSetting(setting, 'lost', out, folderFilesNote)
      return []
    }
    case 'pathRulesOn':
    case 'folderRulesRefused':
    case 'folderFileNames':
      return written([])
    case 'urlRules':
    case 'folderRules': {
      const { rules, told = [] } = setting.value
      if (rules.length === 0 && told.length === 0) return written([])
      if (rules.length === 0) return unwritten(setting, 'lost', unsayable.toldOfRules, out)
      return unwritten(setting, 'lost', unsayable.pathRules, out)
    }
    case 'headerChanges':
      if (setting.value.length === 0) return written([])
      return unwritten(setting, 'lost', unsayable.headerChanges, out)
    case 'fileRedirects':
    case 'redirectsAll':
      return unwritten(setting, 'lost', unsayable.fileRedirects, out)
    case 'redirects': {
      if (setting.value.length === 0) return written([])
      const items = redirectItems(setting.value, at, out)
      const note = {
        message: 'nginx has no words for one of the redirects',
        affects: ['routing', 'status', 'Location']
      }
      if (items === undefined) return unwritten(setting, 'lost', note, out)
      const late = redirectedLate(settings.rewrites?.value ?? [])
      if (late !== undefined) markSetting(setting, 'approx', out, late)
      return written(items)
    }
    case 'rewrites': {
      if (setting.value.length === 0) return written([])
      const items = rewriteItems(setting.value, at, out)
      return items === undefined ? unwritten(setting, 'lost', unsayable.rewrites, out) : written(items)
    }
    case 'missingRewrites': {
      if (setting.value.length === 0) return written([])
      const items = missingRewriteItems(setting.value, at, out)
      return items === undefined ? unwritten(setting, 'lost', unsayable.rewrites, out) : written(items)
    }
    case 'paramChanges':
    case 'requestHeaders': {
      if (setting.value.length === 0) return written([])
      // Told with the params of each application.
      if (setting.key === 'requestHeaders' && setting.value.every(isWritable)) return written([])
      const changed = setting.key === 'requestHeaders' ? ['HTTP_*'] : setting.value.map(({ name }) => name)
      const note = { message: 'changes of params and headers are not written for nginx', affects: changed }
      return unwritten(setting, 'lost', note, out)
    }
    case 'furtherAccess':
    case 'actions':
      // Part of `access`, and of what answers, before anything is written.
      return []
    case 'sendfile':
      return unwritten(setting, 'lost', sendfileNote, out)
    case 'pathInfoTaken':
      return setting.value === 'by-programs'
        ? written([])
        : unwritten(
            setting,
            'approx',
            setting.value === 'by-all' ? pathBehindFile : unsayable.noPathInfo,
            out
          )
    case 'allowPrograms':
      return setting.value
        ? written([])
        : unwritten(setting, 'approx', { message: 'programs need no permission', affects: ['status'] }, out)
    case 'script':
      // Said with every handler that asks an application.
      return written([])
    case 'passedHeaders':
      // nginx tells every header that no param of the name holds back.
      return written([])
    case 'responseHeaders':
      return responseHeaderItems(setting, at, out)
    case 'response':
      return responseSettingItems(setting, out)
    case 'delivery':
      if (JSON.stringify(setting.value) === JSON.stringify(nginxDelivery)) return written([])
      return unwritten(
        setting,
        'approx',
        {
          message: 'how files are sent is as nginx has it',
          affects: ['body', 'status', 'etag'],
          only: ['range']
        },
        out
      )
    case 'keepAlive':
      if (JSON.stringify(setting.value) === JSON.stringify(nginxKeepAlive)) return written([])
      return unwritten(
        setting,
        'approx',
        { message: "how long clients' connections last is as nginx has it", affects: ['timing'] },
        out
      )
    case 'sendRate':
      if (setting.value === null) return written([])
      return unwritten(setting, 'lost', { message: 'answers are not slowed down', affects: ['timing'] }, out)
    case 'ownErrors':
      if (setting.value === 'all') return written([directive('fastcgi_intercept_errors', 'on')])
      if (setting.value.length === 0) return written([directive('fastcgi_intercept_errors', 'off')])
      return unwritten(
        setting,
        'approx',
        {
          message: 'pages of its own for single statuses are not written for nginx',
          affects: ['body', 'routing']
        },
        out
      )
    case 'escapedSlashesStay':
      if (!setting.value) return written([])
      return unwritten(
        setting,
        'approx',
        { message: 'nginx decodes escaped slashes', affects: ['SCRIPT_FILENAME', 'PATH_INFO'] },
        out
      )
    case 'traceEchoed':
      if (!setting.value) return written([])
      return unwritten(
        setting,
        'approx',
        { message: 'nginx refuses TRACE', affects: ['status', 'body'], only: ['other-method'] },
        out
      )
    default:
      return unreachable(setting)
  }
}

function responseSettingItems(setting: Extract<Setting, { key: 'response' }>, out: Output): readonly Item[] {
  const { items, note } = writtenResponse(setting.value)
  if (note === undefined) markSetting(setting, 'exact', out)
  else unwritten(setting, 'approx', note, out)
  const comments = origins(setting).flatMap((origin) => out.ledger.takeComments(origin))
  const [first, ...rest] = items
  return first === undefined ? [] : [commented(first, comments), ...rest]
}

const pathBehindFile: Note = {
  message: 'a URL that goes on behind a file (`/a.txt/x`) is 404 in nginx; the source sends the file',
  affects: ['status', 'body'],
  only: ['path-behind-file']
}

function responseHeaderItems(
  setting: Extract<Setting, { key: 'responseHeaders' }>,
  at: Surroundings,
  out: Output
): readonly Item[] {
  const lines = setting.value.flatMap(({ name, value, always, set }) => {
    const text = templateText(value, at, out)
    if (text === undefined || set === true) return []
    return [directive('add_header', quote(name), inQuotes(text), ...(always ? ['always'] : []))]
  })
  if (lines.length === setting.value.length) {
    markSetting(setting, 'exact', out)
    return lines
  }
  const note = {
    message: 'nginx has no way to say one of these headers',
    affects: setting.value.map(({ name }) => name.toLowerCase())
  }
  unwritten(setting, 'lost', note, out)
  return lines
}

function readingItems(rules: Partial<ReadingRules>): readonly Item[] {
  const { mergeSlashes, oddHeaderNames, underscoresInHeaders, limits } = rules
  const flag = (name: string, value: boolean | undefined): readonly Item[] =>
    value === undefined ? [] : [directive(name, value ? 'on' : 'off')]
  return [
    ...flag('merge_slashes', mergeSlashes),
    ...flag('ignore_invalid_headers', oddHeaderNames && oddHeaderNames === 'dropped'),
    ...flag('underscores_in_headers', underscoresInHeaders && underscoresInHeaders === 'kept'),
    ...(limits === undefined
      ? []
      : [
          directive('client_header_buffer_size', String(limits.first)),
          directive('large_client_header_buffers', String(limits.count), String(limits.size))
        ])
  ]
}

function expiryWords(value: Expiry, at: Surroundings, out: Output): readonly string[] | undefined {
  switch (value.kind) {
    case 'none':
      return ['off']
    case 'never-fresh':
      return ['epoch']
    case 'always-fresh':
      return ['max']
    case 'daily':
      return [`@${String(value.second)}s`]
    case 'after':
      return [...(value.of === 'change' ? ['modified'] : []), `${String(value.seconds)}s`]
    case 'computed': {
      const text = templateText(value.from, at, out)
      return text === undefined ? undefined : [quote(text)]
    }
  }
}
