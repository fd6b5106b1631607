import type { Span } from '../diagnostics/index.js'

/** What became of one directive of the source. */
export type Verdict =
  /** The target does the same. */
  | 'exact'
  /** Close; `affects` says what may differ. */
  | 'approx'
  /** Someone must act, and `advice` says how. */
  | 'manual'
  /** The target cannot do it. */
  | 'lost'
  /** Not about how a request reaches its application; carried as a comment. */
  | 'outside'

/** Verdicts from best to worst; of several for one directive the worst counts. */
export const verdicts: readonly Verdict[] = ['outside', 'exact', 'approx', 'manual', 'lost']

/** What an observer of the converted server may see differ. Besides these, the name of a param or of a header. */
export type Effect =
  | 'status'
  | 'routing'
  | 'balance'
  | 'body'
  | 'timing'
  | 'process-model'
  | 'Location'
  | (string & { readonly __effect?: never })

/** Requests with which a difference shows that most of them do not meet. */
export type RequestKind =
  /** Whose Host is missing or not in its plainest form: capitals, the default port, a final dot, characters that no host has. */
  | 'odd-host'
  /** Whose target is not in its plainest form: dots, doubled slashes, needless or unusual escapes, an absolute URL, `*`. */
  | 'odd-target'
  /** Whose target is no path: a whole URL, `*`. */
  | 'whole-url'
  /** Whose path has control characters, bytes that are no UTF-8, or characters that ought to be escaped, or leads above the root; or that is very long. */
  | 'bad-path'
  /** Whose query has escapes in lower case or of what needs none, or characters that ought to be escaped. */
  | 'odd-query'
  /** With a header that comes twice. */
  | 'repeated-header'
  /** With a header whose name has other than letters, digits and `-`, or whose value is empty, very long, or has blanks around it; or with an Expect. */
  | 'odd-header'
  /** With another method than GET, HEAD and POST. */
  | 'other-method'
  /** With a method that neither HTTP nor WebDAV has, or TRACE or CONNECT. */
  | 'unknown-method'
  /** With a body of unknown length, or where none is expected (GET), or POST without one. */
  | 'odd-body'
  /** With a body that is larger than the source takes. */
  | 'large-body'
  /** With a body. */
  | 'with-body'
  /** With a login (the header Authorization). */
  | 'with-login'
  /** With a header in which a proxy names the client. */
  | 'forwarded'
  /** With another method than GET and HEAD for a file that the server sends itself. */
  | 'post-to-file'
  /** With Range, or with a condition such as If-None-Match. */
  | 'range'
  /** The same, where an application answers. */
  | 'range-of-answer'
  /** Whose path goes on behind a file: `/a.txt/x`, and that no application takes so. */
  | 'path-behind-file'
  /** Whose path ends in a slash or goes on behind a name with a dot in it, and that an application takes so. */
  | 'taken-path'
  /** For what is not there: that the source answers with 404. */
  | 'not-found'
  /** For which the source finds an error (a status from 400 on), whatever it answers with for that. */
  | 'error'
  /** For a folder: whose path ends in a slash, or lacks it, and that no application takes for a path of its own. */
  | 'folder'
  /** The same, where the folder's name has a dot in it, as programs have. */
  | 'dotted-folder'
  /** Which an application answers with headers or a status of its own. */
  | 'unusual-answer'
  /** Whose answer is malformed, cut short or late, or does not come; or that has an odd Status, or several. */
  | 'broken-answer'
  /** Whose answer has a Location. */
  | 'location-answer'
  /** Whose answer names a file to be sent in its place (X-Sendfile). */
  | 'sendfile-answer'
  /** Whose answer names a URL to be sent in its place, or says how (X-Accel-Redirect, X-Accel-Charset). */
  | 'accel-answer'

/** What the paths of some URLs have in common, whatever the case of their letters. */
export type UrlTest =
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'contains'; readonly value: string }
  | { readonly kind: 'exact'; readonly value: string }
  /** Begins so, and has at least so many names behind it. */
  | { readonly kind: 'below'; readonly value: string; readonly names: number }

export interface Note {
  /** What differs or is missing, in one sentence. */
  readonly message: string
  readonly affects?: readonly Effect[]
  /** The requests it may show with, all of these kinds; with any where absent. */
  readonly only?: readonly RequestKind[]
  /** The URLs it may show with, all that one of these fits; with any where absent. */
  readonly urls?: readonly UrlTest[]
  /** It is about what keeps people out: a deny, a login, a URL for inside only. */
  readonly guards?: true
  /** What to do, or what would make it translatable. */
  readonly advice?: string
}

/** What writers tell of each setting they write or cannot write. `src/convert/ledger.ts` keeps it. */
export interface Ledger {
  /** May be called several times for one directive: the worst verdict counts, the notes add up. */
  mark(origin: Span | undefined, verdict: Verdict, note?: Note): void
  /**
   * The same for the options inside a directive, which have no origin of their own in the model: those that stand within
   * `origin` and were read as `field` (`DirectiveRecord.state.as`: `member.address`, `script.root` …; a field names
   * everything below it too, `member.process` also `member.process.maximum`). Without an origin: wherever they stand, for
   * what holds for the whole site (`listeners`, `pipeline`, `request`).
   */
  markPart(origin: Span | undefined, field: string, verdict: Verdict, note?: Note): void
  /** A difference that no directive is to blame for: what the source does unasked and the target does not. */
  unasked(verdict: 'approx' | 'manual' | 'lost', note: Note): void
  /** The comments that belong to a directive, the first time they are asked for; then none, so that each is carried once. */
  takeComments(origin: Span | undefined): readonly string[]
}
