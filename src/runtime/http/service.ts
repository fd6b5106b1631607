import type { FileView, LookUpFolderFile, Moment, Request, Router } from '../../decide/types.js'
import type { Site } from '../../model/index.js'
import type { Applications } from '../applications.js'
import type { Counters } from '../counters.js'
import type { Limits } from '../limits.js'
import type { Log } from '../log.js'
import type { Pools } from '../pools/index.js'
import type { IncomingRequest } from './connection.js'

/** What requests of one site are answered with. */
export interface Service {
  readonly site: Site
  readonly router: Router
  readonly files: FileView
  readonly folderFile?: LookUpFolderFile
  readonly pools: Pools
  readonly applications: Applications
  readonly counters: Counters
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly date: () => number
  /** A number for each connection. */
  readonly count: () => number
  /** The circumstances of a request that has just come. */
  readonly moment: (arrival: Arrival) => Moment
  readonly limits: Limits
  /** Where a path of the configuration stands on this machine. */
  readonly locate: (path: string) => string
  /** The folder long request bodies are kept in. */
  readonly temporary: string
  /** Resolves when applications can be asked: requests that come before wait. */
  readonly ready: Promise<void>
}

/** Where a request came in. */
export interface Arrival {
  readonly listener: string
  readonly tls: boolean
  readonly remote: Request['remote']
  readonly local: Request['local']
  /** A number of its own, the requests that came on it so far, and since when it is (milliseconds since 1970). */
  readonly connection: Moment['connection']
}

/** The request as it is decided. */
export function factsOf(
  { head, framing, unreadable }: IncomingRequest,
  arrival: Arrival,
  moment: Moment
): Request {
  return {
    listener: arrival.listener,
    method: head.method,
    target: head.target,
    ...(head.line !== undefined && { line: head.line }),
    protocol: head.version === '1.0' ? 'HTTP/1.0' : 'HTTP/1.1',
    headers: head.headers,
    lines: head.lines,
    body: framing,
    ...(unreadable && { unreadable }),
    remote: arrival.remote,
    local: arrival.local,
    tls: arrival.tls,
    moment: { ...moment, headLength: head.length }
  }
}
