import type { Span } from '../diagnostics/index.js'
import type { Script, Sendfile } from './handler.js'
import type { Template } from './template.js'

/** Where an application listens. */
export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  /** A name is resolved by the runtime: once at start, or at each connection. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

/** A set of applications that can answer for each other, and the rules for choosing and talking to them. */
export interface Pool {
  /** Unique in its Site; the upstream's or definition's name where it has one. */
  readonly id: string
  /** The name its author gave it, kept by writers. */
  readonly name?: string
  /** The id of the pool with which it shares members and all that is remembered of them; they differ in other rules. */
  readonly sharedWith?: string
  readonly members: readonly Member[]
  readonly balance: Balance
  /** Requests of a session go where it names; others, and all where absent, by the balance. */
  readonly sessions?: SessionRules
  readonly connection: ConnectionRules
  readonly retry: RetryRules
  /** Where every member is out by its `failure`: none can be used (where absent), or their time is over and all are tried again. */
  readonly allOut?: 'tried-again'
  readonly origin: Span
  /** Other places that say something of it. */
  readonly also?: readonly Span[]
}

/** One place a pool can send a request to. Readers make it, writers print it, the runtime dials it. */
export interface Member {
  readonly label?: string
  /** The name that sessions know it by. */
  readonly route?: string
  /** The route that its sessions go to while it cannot be used. */
  readonly standIn?: string
  readonly address: Address
  readonly weight: number
  /** Requests at a time; 0 is no limit. */
  readonly maxConnections: number
  /** Used only when no other can be. */
  readonly backup: boolean
  /** Never used. */
  readonly down: boolean
  readonly failure: FailureRule
  /** The processes behind it, where the server starts them itself. */
  readonly process?: ProcessPlan
  /** That the client has closed its sending side is passed on, once the request is out; only over TCP. */
  readonly passesOnEnd?: true
  /** Where hosts under one key differ in how they take a request, each says so itself. */
  readonly overrides?: MemberOverrides
  readonly origin: Span
}

export interface MemberOverrides {
  readonly script?: Script
  readonly mustExist?: boolean
  readonly sendfile?: Sendfile | 'none'
  readonly connection?: Partial<Pick<ConnectionRules, 'connectTimeout' | 'sendTimeout' | 'readTimeout'>>
  /** Of an authorizer: the root that a yes brings along. */
  readonly rootWhenAllowed?: Template | 'none'
}

/** A session's id ends in the route of the member that it belongs to. */
export interface SessionRules {
  /** The id is the value of this argument, wherever in the URL it stands, else of this cookie. */
  readonly argument: string
  readonly cookie: string
  /** Characters that end the argument's value. */
  readonly ends: string
  /** The route stands behind the first of these in the id; absent: it is all of it. */
  readonly separator?: string
  /** A session whose member cannot be used fails (503), rather than go to another one. */
  readonly bound: boolean
}

export type FailureRule =
  /** Out for `seconds` after one failed connection, one of the statuses, or (`silence`) a timeout; checked once a second. */
  | {
      readonly kind: 'disable'
      readonly seconds: number
      readonly statuses?: readonly number[]
      readonly silence?: true
    }
  /** Out for `seconds` once `failures` happened within `seconds`; 0 failures: never out. A lone member is never out. */
  | { readonly kind: 'count'; readonly failures: number; readonly seconds: number }
  | { readonly kind: 'never' }

export type Balance =
  /** `smooth-weighted`: nginx's; `per-pass`: the next index after the last one used, at each pass of binding. */
  | { readonly kind: 'round-robin'; readonly variant: 'smooth-weighted' | 'per-pass' }
  | { readonly kind: 'least-connections'; readonly ties: 'first' | 'round-robin' }
  | {
      readonly kind: 'hash'
      readonly variant: 'djb-authority-path' | 'crc32' | 'ketama'
      readonly key?: Template
    }
  | { readonly kind: 'address-hash'; readonly variant: 'djb-address' | 'first-three-bytes' }
  | { readonly kind: 'random'; readonly choices: 1 | 2 }

/** Times are in seconds; 0 is no limit. */
export interface ConnectionRules {
  readonly connectTimeout: number
  readonly sendTimeout: number
  readonly readTimeout: number
  /** Sets FCGI_KEEP_CONN, and keeps up to `idle` connections. */
  readonly keep: boolean
  readonly idle: number
  /** An application that is at work finishes although the client has left; else its connection ends. */
  readonly outlivesClient?: true
  /** A client that has closed its own side has left; else only one whose connection is gone. */
  readonly endsWithClient?: true
  /** The local address that connections are made from; of the system's choice where absent. */
  readonly from?: { readonly host: string; readonly port?: number }
  /** When a kept connection ends; absent: when the application ends it. */
  readonly kept?: KeptLimits
}

export interface KeptLimits {
  /** Requests on one connection. */
  readonly requests: number
  /** Seconds after which no further request is sent on it. */
  readonly life: number
  /** Seconds it waits for the next request. */
  readonly wait: number
}

export interface RetryRules {
  /** What makes the next member be tried. */
  readonly on: readonly RetryReason[]
  /** Members asked in all; 0 is no limit. */
  readonly tries: number
  /** Seconds for all tries together; 0 is no limit. */
  readonly within: number
  /** So many further members are asked after connections that took too long, whatever `on` says of it. */
  readonly slowConnections?: number
  /** Whether a request that may already have acted (POST, PATCH, LOCK) is sent again. */
  readonly nonIdempotent: boolean
}

/** `closed`: the connection broke before the header was whole; `invalid-header`: the application ended it so, or it is malformed. */
export type RetryReason =
  'connect' | 'closed' | 'timeout' | 'invalid-header' | 403 | 404 | 429 | 500 | 502 | 503 | 504

/** Processes that the server starts itself, each with its listening socket as descriptor 0. */
export interface ProcessPlan {
  /** The program and its arguments; no shell. */
  readonly command: readonly string[]
  /** Processes at start and at most. */
  readonly minimum: number
  readonly maximum: number
  /** `own`: process N listens on `PATH-N`, or port + N; `shared`: all accept on one socket. */
  readonly sockets: 'own' | 'shared'
  readonly when: 'at-start' | 'on-demand'
  /** What of the server's own environment is handed on. */
  readonly inherit: { readonly kind: 'all' } | { readonly kind: 'names'; readonly names: readonly string[] }
  readonly environment: readonly { readonly name: string; readonly value: string; readonly origin: Span }[]
  /** Set where neither `inherit` nor `environment` gives them. */
  readonly defaults?: readonly { readonly name: string; readonly value: string }[]
  /** Something answers on the socket already: it is used and nothing is started (unless said otherwise), or its socket is replaced. */
  readonly socketTaken?: 'used' | 'replaced'
  /** Milliseconds a program is watched after its first start: if it has ended by then, the server does not start. Not watched where absent. */
  readonly watchedAtStart?: number
  /** Whether the folder of the socket is made where it is missing; it must be there where absent. */
  readonly makesSocketFolder?: boolean
  readonly directory: 'of-program' | 'of-server'
  readonly user?: string
  readonly group?: string
  readonly priority: number
  /** A signal number; SIGTERM is 15. */
  readonly killSignal: number
  readonly backlog: number
  readonly restart: RestartRule
  readonly adaptive: AdaptiveRule
  /** Who decides how many processes on demand there are; absent: `adaptive` alone. */
  readonly manager?: ProcessManager
  /** Socket files are made with this mode. */
  readonly socketMode: number
}

export interface RestartRule {
  /** Seconds between two starts of one process. */
  readonly delay: number
  /** Seconds between the first starts of a program's several processes. */
  readonly startDelay: number
  /** A process that lived less than this many seconds counts as a failure; 0: none does. */
  readonly minimumLife: number
  /** After this many failures in a row the delay becomes `backOffDelay` seconds; 0: never. */
  readonly failuresBeforeBackOff: number
  readonly backOffDelay: number
}

export interface AdaptiveRule {
  /** One more process is started when every one has more than this many requests; 0: never. */
  readonly maxLoad: number
  /** A process above the minimum that was idle this many seconds is ended; 0: never. */
  readonly idleTimeout: number
}

export type ProcessManager = ScoredManager | MeasuredManager

/**
 * A process has one request at a time; where all are busy another one is started, unless the program was started and
 * ended too often of late. Times are in seconds, 0 is never.
 */
export interface ScoredManager {
  readonly kind: 'scored'
  /** Processes of all programs together. */
  readonly total: number
  /** Idle processes of one program that are kept. */
  readonly keep: number
  /** Each start and each end adds to a program's score, each second takes away; at `limit` nothing is started. */
  readonly score: {
    readonly start: number
    readonly end: number
    readonly second: number
    readonly limit: number
  }
  /** A process is ended after so many requests; 0 is no limit. */
  readonly requests: number
  readonly idleTimeout: number
  /** An idle process older than this is ended. */
  readonly lifetime: number
  /** A process that has had one request for longer than this is ended. */
  readonly busyTimeout: number
  /** Between two looks for processes that are idle too long, busy too long, and to be ended. */
  readonly scans: { readonly idle: number; readonly busy: number; readonly error: number }
  /** How often a process is asked for, a second apart, before a request fails. */
  readonly tries: number
}

/**
 * Processes share a socket. Another one is started for a request that waits too long; one is ended where all together
 * had too little to do. Times are in seconds, loads in percent of the time the processes were there.
 */
export interface MeasuredManager {
  readonly kind: 'measured'
  /** Processes of all programs together, and how many below that the others are looked through for idle ones at once. */
  readonly total: number
  readonly slack: number
  /** Processes of all programs together that are kept. */
  readonly keep: number
  /** Without an answer for so long, a request asks for another process, and again each such time. */
  readonly startDelay: number
  /** Between two looks for idle processes. */
  readonly killInterval: number
  /** Between two measurements, and the weight of the newest one, 0 to 1. */
  readonly updateInterval: number
  readonly gain: number
  /** Below this load the only process of a program is ended, and one of several. */
  readonly single: number
  readonly several: number
  /** Processes that ended by themselves are started again; else only the last one, where `single` is 0. */
  readonly restarts: boolean
  /** Processes of a program whose file has changed are ended. */
  readonly followsFile: boolean
}
