import type { Span } from '../../../diagnostics/index.js'
import type { Sendfile } from '../../../model/index.js'
import type { Line } from './line.js'
import { setting, type Place, type Server } from './place.js'
import type { Handler, Reader } from './reader.js'

/** What the lines of one place say of mod_xsendfile. */
export interface SendfileLines {
  on: { readonly value: boolean; readonly span: Span } | undefined
  ignoreEtag: boolean | undefined
  ignoreModified: boolean | undefined
  unescape: boolean | undefined
}

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''
const isOn = (line: Line): boolean => value(line).toLowerCase() === 'on'

/** Files that are sent at an application's word. */
export const sendfileHandlers: readonly (readonly [string, Handler])[] = [
  [
    'XSendFile',
    (line, place, reader) => {
      linesOf(place, reader).on = { value: isOn(line), span: line.span }
      return undefined
    }
  ],
  [
    'XSendFileIgnoreEtag',
    (line, place, reader) => {
      linesOf(place, reader).ignoreEtag = isOn(line)
      return undefined
    }
  ],
  [
    'XSendFileIgnoreLastModified',
    (line, place, reader) => {
      linesOf(place, reader).ignoreModified = isOn(line)
      return undefined
    }
  ],
  [
    'XSendFileUnescape',
    (line, place, reader) => {
      linesOf(place, reader).unescape = isOn(line)
      return undefined
    }
  ],
  [
    // It holds for the whole server, wherever it stands.
    'XSendFilePath',
    (line, { server }, reader) => {
      const roots = reader.sendfileRoots.get(server) ?? []
      const temporary = value(line, 1) === 'AllowFileDelete'
      const root = { path: value(line), origin: line.span, ...(temporary && { temporary: true as const }) }
      reader.sendfileRoots.set(server, [...roots, root])
      return undefined
    }
  ]
]

function linesOf(place: Place, reader: Reader): SendfileLines {
  const of = place.section ?? place
  const known = reader.sendfile.get(of) ?? {
    on: undefined,
    ignoreEtag: undefined,
    ignoreModified: undefined,
    unescape: undefined
  }
  reader.sendfile.set(of, known)
  return known
}

/** Once every line is read: what holds in each place that turns it on or off. */
export function finishSendfile(reader: Reader): void {
  for (const [place, said] of reader.sendfile) {
    // What a `.htaccess` file finds around it has its settings already.
    if (reader.allowed !== undefined && place === place.server) continue
    const outer = said.on ?? reader.sendfile.get(place.server)?.on ?? reader.sendfile.get(reader.main)?.on
    if (outer === undefined) continue
    place.settings.push(setting('sendfile', sendfileOf(outer, said, place.server, reader), outer.span))
  }
}

function sendfileOf(
  { value: on, span }: NonNullable<SendfileLines['on']>,
  said: SendfileLines,
  server: Server,
  reader: Reader
): Sendfile {
  if (!on) return { headers: [], roots: [], origin: span }
  const ofServer = reader.sendfile.get(server)
  const ofMain = reader.sendfile.get(reader.main)
  const flag = (key: 'ignoreEtag' | 'ignoreModified' | 'unescape'): boolean | undefined =>
    said[key] ?? ofServer?.[key] ?? ofMain?.[key]
  const servers = server === reader.main ? [server] : [reader.main, server]
  const givesWay = [
    'accept-ranges',
    'content-range',
    ...(flag('ignoreEtag') === true ? ['etag'] : []),
    ...(flag('ignoreModified') === true ? ['last-modified'] : [])
  ]
  return {
    headers: ['x-sendfile'],
    temporary: 'x-sendfile-temporary',
    roots: servers.flatMap((one) => reader.sendfileRoots.get(one) ?? []),
    named: 'in-folder',
    ...(flag('unescape') === false && { undecoded: true }),
    onlyWithSuccess: true,
    rangesUntold: true,
    statuses: { undecodable: 500, outside: 404, missing: 404 },
    givesWay,
    origin: span
  }
}
