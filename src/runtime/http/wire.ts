import { encodeBytes } from '../../diagnostics/index.js'
import type { ForwardedRequest } from '../../decide/types.js'
import type { HeadRules } from '../../model/index.js'
import { endOfHead, parseHead } from '../fastcgi/head.js'
import { concat, recordTypes } from '../fastcgi/records.js'
import type { RawRecord } from '../fastcgi/records.js'
import type { Wire } from '../fastcgi/wire.js'
import { headerOf } from './answer.js'
import { bodyDecoder } from './body-decoder.js'
import type { BodyDecoder } from './body-decoder.js'

type Pushed = ReturnType<Wire['push']>

const nothing = new Uint8Array(0)

/** A request to another HTTP server (RFC 9112); its answer comes as the records that an application would have sent. */
export class HttpWire implements Wire {
  private held: Uint8Array = nothing
  private looked = 0
  private at: 'head' | 'body' | 'until-close' | 'over' = 'head'
  private decoder: BodyDecoder | undefined
  private mayGoOn = false

  constructor(
    private readonly request: ForwardedRequest,
    private readonly rules: HeadRules
  ) {}

  opening(): readonly Uint8Array[] {
    const { method, target, version, headers } = this.request
    const lines = [
      `${method} ${target} HTTP/${version}`,
      ...headers.map(([name, value]) => `${name}: ${value}`)
    ]
    return [encodeBytes(`${lines.join('\r\n')}\r\n\r\n`)]
  }

  piece(bytes: Uint8Array): readonly Uint8Array[] {
    if (this.request.chunked !== true || bytes.length === 0) return [bytes]
    return [encodeBytes(`${bytes.length.toString(16)}\r\n`), bytes, encodeBytes('\r\n')]
  }

  ending(): readonly Uint8Array[] {
    return this.request.chunked === true ? [encodeBytes('0\r\n\r\n')] : []
  }

  push(bytes: Uint8Array): Pushed {
    switch (this.at) {
      case 'head':
        return this.head(bytes)
      case 'body':
        return this.body(bytes)
      case 'until-close':
        return { records: [output(bytes)] }
      case 'over':
        // More than was announced: nobody knows what it belongs to.
        this.mayGoOn = false
        return { records: [] }
    }
  }

  closed(): readonly RawRecord[] {
    return this.at === 'until-close' ? [ended] : []
  }

  get isReusable(): boolean {
    return this.mayGoOn && this.at === 'over'
  }

  private head(bytes: Uint8Array): Pushed {
    const held = this.held.length === 0 ? bytes : concat([this.held, bytes])
    const end = endOfHead(held, this.looked)
    if (end === undefined && held.length <= this.rules.limit) {
      this.held = held
      this.looked = held.length
      return { records: [] }
    }
    // What is too long is left to whoever reads it.
    const head = held.subarray(0, end ?? held.length)
    const line = /^HTTP\/(\d)\.(\d) (\d{3})/.exec(Buffer.from(head.subarray(0, 16)).toString('latin1'))
    if (line === null) return { records: [], broken: 'no HTTP answer' }
    this.held = nothing
    this.looked = 0
    const rest = held.subarray(head.length)
    const status = Number(line[3])
    if (status < 200) return joined([output(head)], rest.length === 0 ? none : this.head(rest))
    this.frame(head, `${line[1] ?? ''}.${line[2] ?? ''}`, status)
    const more = this.at === 'over' ? [ended] : []
    return joined([output(head), ...more], rest.length === 0 ? none : this.push(rest))
  }

  /** How the end of the body is known (RFC 9112, section 6.3). */
  private frame(head: Uint8Array, version: string, status: number): void {
    const parsed = parseHead(head, this.rules)
    const headers = parsed.kind === 'head' ? parsed.head.headers : []
    const told = (name: string): string => headerOf(headers, name)?.toLowerCase() ?? ''
    const connection = told('connection')
    this.mayGoOn = version === '1.1' ? !connection.includes('close') : connection.includes('keep-alive')
    const length = told('content-length')
    if (this.request.method === 'HEAD' || status === 204 || status === 304) this.at = 'over'
    else if (told('transfer-encoding').includes('chunked')) this.begin({ kind: 'chunked' })
    else if (length === '0') this.at = 'over'
    else if (/^\d+$/.test(length)) this.begin({ kind: 'length', bytes: Number(length) })
    else {
      this.at = 'until-close'
      this.mayGoOn = false
    }
  }

  private begin(framing: Parameters<typeof bodyDecoder>[0]): void {
    this.at = 'body'
    this.decoder = bodyDecoder(framing)
  }

  private body(bytes: Uint8Array): Pushed {
    const { pieces, rest, broken } = this.decoder?.push(bytes) ?? { pieces: [] }
    const records = pieces.filter(({ length }) => length > 0).map(output)
    if (broken !== undefined) return { records, broken }
    if (rest === undefined) return { records }
    this.at = 'over'
    if (rest.length > 0) this.mayGoOn = false
    return { records: [...records, ended] }
  }
}

const none: Pushed = { records: [] }

function joined(records: readonly RawRecord[], more: Pushed): Pushed {
  return { ...more, records: [...records, ...more.records] }
}

function output(content: Uint8Array): RawRecord {
  return { type: recordTypes.stdout, id: 1, content }
}

const ended: RawRecord = { type: recordTypes.endRequest, id: 1, content: nothing }
