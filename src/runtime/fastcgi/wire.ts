import { encodeBytes } from '../../diagnostics/index.js'
import {
  encodeBeginRequest,
  encodePairs,
  encodeStream,
  endOfStream,
  RecordDecoder,
  recordTypes
} from './records.js'
import type { NameValue, RawRecord, RoleName } from './records.js'

/** What is spoken on a connection: one request as bytes, and what comes back as records. No socket, no clock. */
export interface Wire {
  opening(): readonly Uint8Array[]
  /** A piece of the request's body. */
  piece(bytes: Uint8Array): readonly Uint8Array[]
  ending(): readonly Uint8Array[]
  push(bytes: Uint8Array): { readonly records: readonly RawRecord[]; readonly broken?: string }
  /** What it says of the answer that the connection was closed. */
  closed(): readonly RawRecord[]
  /** Another request may follow an answer that has ended. */
  readonly isReusable: boolean
}

/** Every connection carries one request at a time, as all three servers do. */
const requestId = 1

export class FastcgiWire implements Wire {
  private readonly decoder = new RecordDecoder()

  constructor(
    private readonly role: RoleName,
    private readonly params: readonly (readonly [name: string, value: string])[],
    private readonly keep: boolean
  ) {}

  opening(): readonly Uint8Array[] {
    const pairs = this.params.map(([name, value]): NameValue => [encodeBytes(name), encodeBytes(value)])
    return [
      encodeBeginRequest(requestId, this.role, this.keep),
      ...encodeStream(recordTypes.params, requestId, encodePairs(pairs)),
      endOfStream(recordTypes.params, requestId)
    ]
  }

  piece(bytes: Uint8Array): readonly Uint8Array[] {
    return encodeStream(recordTypes.stdin, requestId, bytes)
  }

  /** An authorizer gets no body, but must see its end: one that reads its input would wait for ever. */
  ending(): readonly Uint8Array[] {
    return [endOfStream(recordTypes.stdin, requestId)]
  }

  push(bytes: Uint8Array): ReturnType<Wire['push']> {
    return this.decoder.push(bytes)
  }

  closed(): readonly RawRecord[] {
    return []
  }

  get isReusable(): boolean {
    return this.keep && !this.decoder.isMidRecord
  }
}
