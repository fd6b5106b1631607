import type { ResponseRules } from './answer.js'
import type { FastcgiTarget } from './handler.js'
import type { Template } from './template.js'

/** Another HTTP server answers (nginx's proxy_pass, without TLS): a request of its own goes to a member of the pool. */
export interface HttpTarget {
  readonly kind: 'http'
  /** The directive as people would write it. */
  readonly what: string
  /** The id of one of `Site.httpPools`, or a template of a URL that names one, or an address. */
  readonly pool: FastcgiTarget['pool']
  readonly forwarding: Forwarding
  readonly response: ResponseRules
  /** A Location and a Refresh that begin with `from` get `to` in its place; a path is completed as one of the site. */
  readonly replacesLocation?: { readonly from: string; readonly to: string }
}

/** The request that is sent. */
export interface Forwarding {
  readonly version: '1.0' | '1.1'
  /** The client's where absent. */
  readonly method?: Template
  readonly target: ForwardedTarget
  /** In this order, ahead of the client's, whose place they take; an empty one is not sent. */
  readonly headers: readonly { readonly name: string; readonly value: Template }[]
  readonly passesHeaders: boolean
  readonly body: 'withheld' | 'whole' | 'streamed'
}

export type ForwardedTarget =
  /** As it stands now: as it came, unless the site changed it. */
  | { readonly kind: 'current' }
  /** `by` in place of so many characters of the path; as `current` where the path was rewritten since its scope was chosen. */
  | { readonly kind: 'replaced'; readonly prefixLength: number; readonly by: string }
  /** Query and all; as `current` where it is empty. */
  | { readonly kind: 'made'; readonly from: Template }
