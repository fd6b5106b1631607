import type { EnvironmentEntry, Note, ParamEntry, Scope } from '../model/index.js'

/** Params of CGI that say what was asked for. */
const told: ReadonlySet<string> = new Set([
  ...['SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO', 'PATH_TRANSLATED', 'QUERY_STRING', 'REQUEST_METHOD'],
  ...['REQUEST_URI', 'DOCUMENT_ROOT', 'CONTENT_TYPE', 'CONTENT_LENGTH', 'REMOTE_USER', 'SERVER_NAME'],
  ...['SERVER_PORT', 'SERVER_ADMIN', 'GATEWAY_INTERFACE', 'AUTH_TYPE']
])

export const inPlaceOf =
  'a variable whose name differs by capitals alone takes the place of what the source tells itself'

/** What is not told where variables have its name in small letters: httpd's tables know no case. */
export function hiddenParams(entries: readonly EnvironmentEntry[]): readonly string[] {
  return entries.flatMap(({ name }) => {
    const upper = name.toUpperCase()
    return name !== upper && told.has(upper) ? [upper] : []
  })
}

/** The param of CGI that a name becomes in capitals and with `_` for all else; undefined for other names and for itself. */
export function becomesParam(name: string): string | undefined {
  const upper = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
  return name !== upper && told.has(upper) ? upper : undefined
}

/** The names of params that some list has behind the environment. */
export function toldBehind({ settings, children }: Scope): ReadonlySet<string> {
  const own = settings.flatMap((setting) => {
    if (setting.key === 'params') return [setting.value]
    if (setting.key !== 'bindings') return []
    return setting.value.flatMap(({ target }) => (target.kind === 'fastcgi' ? (target.params ?? []) : []))
  })
  const names = own.flatMap(({ entries }) => {
    const at = entries.findIndex(({ kind }) => kind === 'environment')
    return at < 0
      ? []
      : entries
          .slice(at)
          .flatMap((entry) =>
            entry.kind === 'param' ? [entry.name] : entry.kind === 'headers' ? ['HTTP_HOST'] : []
          )
  })
  return new Set([...names, ...children.flatMap((child) => [...toldBehind(child)])])
}

/** Whether a param gives the asked host in place of the Host header. */
export function tellsAskedHost(entry: ParamEntry): boolean {
  if (entry.kind !== 'param' || entry.name !== 'HTTP_HOST' || entry.value.length !== 1) return false
  const [only] = entry.value
  return only?.kind === 'variable' && only.name === 'request.host'
}

/** For targets that tell each header as it came. */
export const hostAsItCame: Note = {
  message: 'HTTP_HOST is the Host header as it came, with its port',
  affects: ['HTTP_HOST']
}
